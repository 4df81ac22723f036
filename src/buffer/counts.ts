import type { ActionCounts, FrameCounts } from "./segment-store.ts";

const NONE: ActionCounts = { pass: 0, blur: 0 };

export function countOf(camera: string, action: "pass" | "blur"): FrameCounts {
  return { [camera]: { ...NONE, [action]: 1 } };
}

/** What is in `all` and not in `some`; cameras without a difference are left out. */
export function without(all: FrameCounts, some: FrameCounts): FrameCounts {
  const rest: Record<string, ActionCounts> = {};
  for (const [camera, { pass, blur }] of Object.entries(all)) {
    const less = some[camera] ?? NONE;
    const left = { pass: pass - less.pass, blur: blur - less.blur };
    if (left.pass !== 0 || left.blur !== 0) rest[camera] = left;
  }
  return rest;
}

export function totalOf(counts: FrameCounts): number {
  return Object.values(counts).reduce((sum, { pass, blur }) => sum + pass + blur, 0);
}
