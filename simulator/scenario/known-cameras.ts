import type * as z from "zod";

interface Names {
  readonly cameras?: unknown;
  readonly faults?: unknown;
  readonly expect?: unknown;
}

/** A camera that is named must be there: what befalls no camera, or is expected of none, would test nothing. */
export function namesKnownCameras(scenario: Names, context: z.RefinementCtx): void {
  const known = membersOf(scenario, "cameras", "id").map(({ value }) => value);
  // Of cameras with mistakes the names may be missing; those are told already.
  if (!Array.isArray(scenario.cameras) || known.length < scenario.cameras.length) return;
  for (const list of ["faults", "expect"] as const) {
    for (const { at, value } of membersOf(scenario, list, "camera")) {
      if (known.includes(value)) continue;
      const message = `one of the cameras ${known.join(", ")}`;
      context.addIssue({ code: "custom", message, path: [list, at, "camera"], input: value });
    }
  }
}

/** The texts of one member in a list that may be anything yet. */
function membersOf(scenario: Names, list: keyof Names, name: string) {
  const all: readonly unknown[] = Array.isArray(scenario[list]) ? scenario[list] : [];
  return all.flatMap((item, at) => {
    const value: unknown = typeof item === "object" && item !== null ? Reflect.get(item, name) : undefined;
    return typeof value === "string" ? [{ at, value }] : [];
  });
}
