import type { NamedRandom } from "../core/random.ts";
import type { KnownReach, Reach } from "../positioning/reach.ts";
import type { Camera } from "../sources/camera.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import { createCrossings } from "./crossings.ts";
import type { Crossings } from "./crossings.ts";
import { hits, worst } from "./judge.ts";
import type { GatePolicy } from "./policy.ts";
import { createLookout } from "./lookout.ts";
import type { Surroundings } from "./surroundings.ts";
import { extentM } from "./surroundings.ts";
import type { Verdict } from "./verdict.ts";
import { CLEAR, drop } from "./verdict.ts";

/** A verdict and what it rests on. */
export interface Judged {
  readonly verdict: Verdict;
  readonly reach: Reach;
  /** How much farther the reach could extend and still be clear, metres; null unless it is clear of all zones. */
  readonly clearanceM: number | null;
  readonly region: string | null;
}

/** Decides for the cameras of one vehicle; pure but for what it remembers of the crossings. */
export interface Gatekeeper {
  /** The zone set in force from now on; null = none (rule 2). */
  useZones(set: ZoneSet | null): void;
  /** A trusted fix came in: restrictions begin and end by fixes, whether or not a frame comes in between. */
  fixed(reach: Reach, timeMs: number): void;
  /** The verdict for a frame of `camera` taken at `timeMs`, when the vehicle was in `reach`. */
  judge(camera: Camera, reach: Reach, timeMs: number): Judged;
}

/**
 * What a verdict's clearance is: a `bound` that was left over from the last look-up, or `exact` to within a kilometre,
 * at the price of a look-up for every reach. The verdicts are the same.
 */
export type ClearanceMode = "bound" | "exact";

const EXACT_HORIZON_M = 1000;

export function createGatekeeper(
  cameras: readonly Camera[],
  policy: GatePolicy,
  random: NamedRandom,
  /** By how much the clock that frames are stamped by may be off, milliseconds: zones may have hours. */
  clockErrorMs: number,
  clearance: ClearanceMode = "bound",
): Gatekeeper {
  const marginOf = (camera: Camera) => (zone: string) => random(`${camera.id} ${zone}`);
  const crossings = new Map(cameras.map((camera) => [camera, createCrossings(policy, marginOf(camera))]));
  const lookout = createLookout(policy.marginM, clearance === "exact" ? EXACT_HORIZON_M : undefined);
  let set: ZoneSet | null = null;

  function judgeKnown(
    camera: Camera,
    own: Crossings,
    reach: KnownReach,
    timeMs: number,
    zones: ZoneSet,
  ): Judged {
    const last = clearance === "bound" && own.isClear() ? lookout.last(zones) : null;
    if (last !== null) {
      // Clearance: all of the reach lies where the last look-up found nothing.
      const extent = extentM(last, reach);
      if (extent < last.freeM) return clear(reach, last, extent);
    }
    const found = lookout.around(reach, zones);
    if (!found.covered) return { verdict: OUTSIDE, reach, clearanceM: null, region: found.region };
    const restricting = hits(found, reach, camera, timeMs, clockErrorMs, noMargin);
    own.enter(restricting);
    const all = own.isClear() ? restricting : [...restricting, ...own.leaving(restricting)];
    if (all.length === 0) return clear(reach, found, reach.radiusM);
    return { verdict: worst(all), reach, clearanceM: null, region: found.region };
  }

  return {
    useZones(next) {
      set = next;
    },

    fixed(reach, timeMs) {
      if (set === null || !reach.known) return;
      for (const [camera, own] of crossings) {
        const last = own.isClear() ? lookout.last(set) : null;
        if (last !== null && extentM(last, reach) < last.freeM) continue;
        const near = lookout.around(reach, set);
        own.fixed(hits(near, reach, camera, timeMs, clockErrorMs, (id) => own.marginOf(id)));
      }
    },

    judge(camera, reach, timeMs) {
      const own = crossings.get(camera);
      const doubt = doubtOf(camera, reach, timeMs, set, policy);
      if (doubt !== null || own === undefined || set === null || !reach.known) {
        return { verdict: doubt ?? NO_ZONES, reach, clearanceM: null, region: null };
      }
      return judgeKnown(camera, own, reach, timeMs, set);
    },
  };
}

/** Rule 2: each thing that is not known is a drop with its own reason. */
function doubtOf(
  { kind }: Camera,
  reach: Reach,
  timeMs: number,
  set: ZoneSet | null,
  { cabin }: GatePolicy,
): Verdict | null {
  if (kind === "cabin" && cabin === "drop") return CABIN;
  if (set === null || set.zones.length === 0) return NO_ZONES;
  // Written so that NaN is expired.
  if (!(timeMs < set.expiresMs)) return EXPIRED;
  return reach.known ? null : DOUBTS[reach.reason];
}

/** Verdicts without zones are all alike: one object each. */
const CABIN = drop("cabin");
const NO_ZONES = drop("no-zones");
const EXPIRED = drop("zones-expired");
const OUTSIDE = drop("outside-coverage");
const DOUBTS = {
  "no-fix": drop("no-fix"),
  "stale-fix": drop("stale-fix"),
  "coarse-fix": drop("coarse-fix"),
  "implausible-fix": drop("implausible-fix"),
  "simulated-fix": drop("simulated-fix"),
} as const;

function clear(reach: KnownReach, { clearM, region }: Surroundings, extent: number): Judged {
  return { verdict: CLEAR, reach, clearanceM: Math.max(0, clearM - extent), region };
}

function noMargin(): number {
  return 0;
}
