import type { Findings } from "./findings.ts";
import type { JsonObject } from "./json-object.ts";
import type { JsonPath } from "./mistake.ts";
import { unknownProperty } from "./rules/unknown-property.ts";

/** Reports the members of an object that the format does not know. */
export function checkNames(
  value: JsonObject,
  known: readonly string[],
  path: JsonPath,
  findings: Findings,
): void {
  for (const name in value)
    if (!known.includes(name))
      findings.passes(unknownProperty, unknownProperty.check(name, value[name], known), path);
}
