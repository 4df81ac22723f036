import { z } from "zod";
import { GatePolicy } from "./gate/policy.ts";
import { PositioningPolicy } from "./positioning/policy.ts";
import { completePolicy } from "./redaction/policy.ts";
import type { RedactionPolicy } from "./redaction/policy.ts";

/** All that can be set about the guard, by stage; everything has a default. */
export const GuardPolicy = z.strictObject({
  positioning: PositioningPolicy.prefault({}),
  gate: GatePolicy.prefault({}),
  redaction: z
    .custom<Partial<RedactionPolicy>>((given) => typeof given === "object" && given !== null)
    .transform(completePolicy)
    .prefault({}),
});
export type GuardPolicy = Readonly<z.infer<typeof GuardPolicy>>;
export type GuardPolicyInput = z.input<typeof GuardPolicy>;
