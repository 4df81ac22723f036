import type { PositioningPolicy } from "./policy.ts";
import type { Anchor, Reach } from "./reach.ts";
import { reachNear } from "./trail.ts";
import type { Wheels } from "./wheels.ts";

/** The vehicle is no farther from a fix than its wheels turned since. */
export function rolledReach(
  anchor: Anchor | undefined,
  timeMs: number,
  wheels: Wheels,
  policy: PositioningPolicy,
): Reach {
  const reach = reachNear(anchor, timeMs, policy);
  if (!reach.known || anchor === undefined) return reach;
  const { latDeg, lonDeg } = anchor.fix;
  return { ...reach, latDeg, lonDeg, radiusM: anchor.errorM + wheels.farthestM(anchor.fix.timeMs, timeMs) };
}
