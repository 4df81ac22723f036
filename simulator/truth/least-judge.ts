import { placeAt, planeAt } from "../../src/core/plane.ts";
import type { Camera } from "../../src/sources/camera.ts";
import { ASSUMED } from "../assumptions.ts";
import type { ReportArrival, SimulatedDrive, TrueZone, Truth, ZoneSetTruth } from "../drive.ts";
import { isFix, towards } from "../receiver/epoch.ts";
import type { Box } from "./distance.ts";
import { boxOf, leastDistanceM } from "./distance.ts";
import { gapM } from "./oracle.ts";
import type { Constraint } from "./other-vehicles.ts";
import { INSCRIBED, SAFE, UNIT, carryOn, constraintOf, knownAt, reachAt } from "./other-vehicles.ts";
import { createQuickLook } from "./quick-oracle.ts";
import { isInForce } from "./times.ts";

/**
 * The least that any sound judge must restrict, given the same inputs.
 *
 * A judge knows what the receiver said, and the bounds: each fix within the 99.99 % radius of its claim, its velocity
 * within 1 m/s, no more than 10 m/s² of acceleration, clocks within 50 ms. Another vehicle, which drove beside the true
 * one by a(t)·u in a fixed direction u, would have given it the very same inputs, as long as a(t) keeps within each fix's
 * disc and changes no faster than the stated velocities allow. No judge can tell the two apart: a frame must be restricted
 * when, at one of these places, it would show what it must not. This is a part of all vehicles that are possible, so no
 * sound judge can restrict less; the guard, which must restrict at all of them, restricts more.
 */
export interface LeastJudge {
  /** What has arrived by a time; times must not go back. */
  arrive(untilMs: number): void;
  /** A judge that was started anew knows nothing of what came before. */
  forget(): void;
  /**
   * Whether the frame must be restricted by what has arrived so far. Asked for frames in the order of their arrival, and
   * answered when the answer is wanted: it costs more than everything else, and most are not.
   */
  mustRestrict(zones: ZoneSetTruth, camera: Camera, exposedMs: number, stampErrorMs: number): () => boolean;
}

export function createLeastJudge(drive: SimulatedDrive): LeastJudge {
  const { reports } = drive;
  const truthAt = (timeMs: number): Truth => drive.truthAt(timeMs);
  const look = createQuickLook(truthAt(drive.startMs));
  const boxes = new WeakMap<ZoneSetTruth, readonly Box[]>();
  let known: Constraint[] = [];
  let next = 0;

  function add({ report }: ReportArrival): void {
    if (!isFix(report)) return;
    const constraint = constraintOf(report, truthAt(report.timeMs));
    let at = known.length;
    while (at > 0 && (known[at - 1]?.validMs ?? 0) > constraint.validMs) at--;
    known.splice(at, 0, constraint);
    for (; at < known.length; at++) carryOn(known[at - 1], known[at]);
  }

  function boxesOf(set: ZoneSetTruth): readonly Box[] {
    const own = boxes.get(set) ?? set.zones.map(({ shapes }) => boxOf(shapes));
    boxes.set(set, own);
    return own;
  }

  return {
    arrive(untilMs) {
      for (let at = reports[next]; at !== undefined && at.arrivedMs <= untilMs; at = reports[++next]) add(at);
    },
    forget() {
      known = [];
    },
    mustRestrict(set, camera, exposedMs, stampErrorMs) {
      const then = knownAt(known, exposedMs);
      return () => {
        const truth = truthAt(exposedMs);
        const reachM = reachAt(then, exposedMs, truth, truthAt);
        const blindMs = Math.max(0, ASSUMED.clockErrorMs - Math.abs(stampErrorMs));
        const slipM = (SAFE * truth.speedMps * blindMs) / 1000;
        const near = zonesNear(set, boxesOf(set), camera, truth, Math.max(...reachM) + slipM);
        const shows = (place: Truth): boolean => {
          const answer = look(set, place, camera, "pass");
          return answer === "maybe" ? near.some((zone) => gapM(zone, place, camera) === 0) : answer === "yes";
        };
        return near.length > 0 && showsAnyOf(near, camera, truth, reachM, slipM, shows);
      };
    },
  };
}

/** Whether a camera there, or in one of the places along the directions, would show one of the zones. */
function showsAnyOf(
  near: readonly TrueZone[],
  camera: Camera,
  truth: Truth,
  reachM: readonly number[],
  slipM: number,
  shows: (place: Truth) => boolean,
): boolean {
  const gap = Math.min(...near.map((zone) => gapM(zone, truth, camera)));
  if (gap === 0 || gap < Math.min(...reachM) * INSCRIBED) return true;
  // A camera that turns sees more: as much as one that sees as far to both sides.
  const turns = near.some(({ viewM }) => viewM > 0) ? turnsOf(truth) : [0];
  const wide = { ...camera, hfovDeg: Math.min(360, camera.hfovDeg + 2 * Math.max(...turns)) };
  const farM = Math.max(...reachM) + slipM;
  if (Math.min(...near.map((zone) => gapM(zone, truth, wide))) > farM) return false;
  return placesAround(truth, reachM, slipM).some((place) =>
    turns.some((turn) => shows({ ...place, headingDeg: place.headingDeg + turn })),
  );
}

/** Headings that the stated velocity leaves open, less than which the truth's own error takes. */
function turnsOf({ speedMps }: Truth): readonly number[] {
  if (speedMps < 2) return [0];
  const deg = (Math.asin((0.5 * ASSUMED.speedErrorMps) / speedMps) * 180) / Math.PI;
  return [0, deg, -deg];
}

function placesAround(truth: Truth, reachM: readonly number[], slipM: number): readonly Truth[] {
  const plane = planeAt(truth);
  const slip = towards(truth.courseDeg, slipM);
  return UNIT.flatMap((unit, k) => {
    const farM = reachM[k] ?? 0;
    return [1, -1].map((sign): Truth => {
      const place = placeAt(
        plane,
        farM * unit.eastM + sign * slip.eastM,
        farM * unit.northM + sign * slip.northM,
      );
      return { ...truth, ...place };
    });
  });
}

function zonesNear(
  { zones }: ZoneSetTruth,
  boxes: readonly Box[],
  camera: Camera,
  truth: Truth,
  farM: number,
): readonly TrueZone[] {
  const plane = planeAt(truth);
  return zones.filter((zone, i) => {
    const box = boxes[i];
    if (zone.cameras !== null && !zone.cameras.includes(camera.id)) return false;
    // It knows the hour better than any judge: the clock's error is not made use of.
    if (!isInForce(zone, truth.timeMs)) return false;
    return box !== undefined && leastDistanceM(box, plane) <= farM + Math.max(zone.standoffM, zone.viewM);
  });
}
