import * as z from "zod";
import { CamfenceError } from "../../core/errors.ts";
import type { ImageFields } from "./image-message.ts";

const Time = z.strictObject({ sec: z.int(), nsec: z.int().nonnegative() });

/** Foxglove's JSON images; `data` is base64. Strict: another field could hold another picture. */
const JsonImage = z.strictObject({
  timestamp: Time.optional(),
  frame_id: z.string().default(""),
  format: z.string().default(""),
  encoding: z.string().default(""),
  width: z.int().nonnegative().default(0),
  height: z.int().nonnegative().default(0),
  step: z.int().nonnegative().default(0),
  data: z.string(),
});

/** Reads a JSON image message. Throws CamfenceError `malformed`. */
export function jsonImage(message: Uint8Array): ImageFields {
  const parsed = JsonImage.safeParse(parseJson(message));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CamfenceError(
      "malformed",
      `a JSON image: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`,
    );
  }
  const { timestamp, frame_id: frameId, data, ...rest } = parsed.data;
  return {
    stampMs: timestamp === undefined ? null : jsonStampMs(timestamp),
    frameId,
    ...rest,
    // Not from the pool: whoever wipes it must not wipe its neighbours.
    data: new Uint8Array(Buffer.from(data, "base64")),
    withData: (other) => [jsonWith(parsed.data, other)],
  };
}

/** Zero is a time that nobody set. */
export function jsonStampMs({ sec, nsec }: z.infer<typeof Time>): number | null {
  return sec === 0 && nsec === 0 ? null : sec * 1000 + nsec / 1e6;
}

export function parseJson(message: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(message));
  } catch {
    // Undefined is no message, so that the schema refuses it.
    return undefined;
  }
}

function jsonWith(image: z.infer<typeof JsonImage>, data: Uint8Array): Uint8Array {
  const known = Object.entries(image).filter(([, value]) => value !== "" && value !== 0);
  const text = JSON.stringify({ ...Object.fromEntries(known), data: Buffer.from(data).toString("base64") });
  return new TextEncoder().encode(text);
}
