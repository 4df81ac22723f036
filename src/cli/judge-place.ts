import { GuardPolicy } from "../config.ts";
import { createGatekeeper } from "../gate/gatekeeper.ts";
import { UNKNOWN_HEADING } from "../positioning/heading.ts";
import type { KnownReach } from "../positioning/reach.ts";
import { positionErrorM } from "../positioning/reach.ts";
import type { Camera } from "../sources/camera.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import type { Explanation } from "./explain.ts";
import { explain } from "./explain.ts";

/** Where a vehicle stands, and when. */
export interface Standpoint {
  readonly latDeg: number;
  readonly lonDeg: number;
  /** 95 % radius; null: the policy's own. */
  readonly accuracyM: number | null;
  /** null: it may point anywhere. */
  readonly headingDeg: number | null;
  readonly timeMs: number;
}

/** What would happen to a frame of each camera that is taken there, by the default policy. */
export function judgePlace(set: ZoneSet, at: Standpoint, cameras: readonly Camera[]): Explanation {
  const { latDeg, lonDeg, accuracyM, headingDeg, timeMs } = at;
  const policy = GuardPolicy.parse({});
  const reach: KnownReach = {
    known: true,
    latDeg,
    lonDeg,
    radiusM: positionErrorM({ accuracyM }, policy.positioning),
    heading: headingDeg === null ? UNKNOWN_HEADING : { deg: headingDeg, errorDeg: 0 },
  };
  const gatekeeper = createGatekeeper(cameras, policy.gate, () => 0, policy.positioning.clockErrorMs);
  gatekeeper.useZones(set);
  const judged = cameras.map((camera) => ({ camera, ...gatekeeper.judge(camera, reach, timeMs) }));
  return explain(set, reach, timeMs, judged);
}
