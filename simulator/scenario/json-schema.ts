import * as z from "zod";
import { Scenario } from "./scenario.ts";

/** The JSON Schema of scenario files, for editors. */
export function scenarioJsonSchema(): unknown {
  return {
    ...z.toJSONSchema(Scenario, { io: "input", unrepresentable: "any" }),
    title: "camfence scenario",
  };
}
