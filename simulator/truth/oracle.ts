import type { Plane } from "../../src/core/plane.ts";
import { planeAt } from "../../src/core/plane.ts";
import type { Camera } from "../../src/sources/camera.ts";
import type { TrueZone, Truth, ZoneSetTruth } from "../drive.ts";
import type { Box } from "./distance.ts";
import { boxOf, distanceM, leastDistanceM } from "./distance.ts";
import { sectorDistanceM, sectorOf } from "./sector.ts";
import { isInForce } from "./times.ts";

/** Why a released frame should not have been. */
export interface Leak {
  readonly zone: string;
  /** `inside` the standoff, or the camera saw the zone. */
  readonly how: "inside" | "in-view";
  /** The true distance to the zone. */
  readonly distanceM: number;
}

export interface TruthOracle {
  /** Whether a frame that was taken there may not have been released so; null when it may. */
  leak(zones: ZoneSetTruth, truth: Truth, camera: Camera, released: "pass" | "blur"): Leak | null;
}

/** Rounding, of this code or the guard's, is no leak. */
const TOLERANCE_M = 0.002;
/** Driven metres are those of the scenario's map, whose scale differs by less than this far from its origin. */
const MAP_SCALE = 0.8;

/**
 * Judges released frames by the true pose: pinhole cameras that see everything in their sector up to their range, through
 * walls. Where nothing is near, the answer stands until the vehicle may have come near.
 */
export function createOracle(): TruthOracle {
  const boxes = new WeakMap<ZoneSetTruth, readonly Box[]>();
  let known: { readonly zones: ZoneSetTruth; readonly atM: number; readonly clearM: number } | null = null;

  function boxesOf(set: ZoneSetTruth): readonly Box[] {
    const own = boxes.get(set) ?? set.zones.map(({ shapes }) => boxOf(shapes));
    boxes.set(set, own);
    return own;
  }

  return {
    leak(set, truth, camera, released) {
      if (known?.zones === set && Math.abs(truth.drivenM - known.atM) < MAP_SCALE * known.clearM) return null;
      const plane = planeAt(truth);
      const own = boxesOf(set);
      let clearM = Infinity;
      let found: Leak | null = null;
      for (const [i, zone] of set.zones.entries()) {
        const reachM = Math.max(zone.standoffM, zone.viewM);
        const box = own[i];
        const boxM = box === undefined ? 0 : leastDistanceM(box, plane);
        clearM = Math.min(clearM, boxM - reachM);
        if (boxM > reachM || !concerns(zone, truth, camera, released)) continue;
        found ??= leakOf(zone, truth, camera, plane);
      }
      known = { zones: set, atM: truth.drivenM, clearM };
      return found;
    },
  };
}

function concerns(zone: TrueZone, truth: Truth, camera: Camera, released: "pass" | "blur"): boolean {
  const { cameras, action } = zone;
  if (cameras !== null && !cameras.includes(camera.id)) return false;
  return (action === "drop" || released === "pass") && isInForce(zone, truth.timeMs);
}

function leakOf(zone: TrueZone, truth: Truth, camera: Camera, plane: Plane): Leak | null {
  const awayM = Math.min(...zone.shapes.map((shape) => distanceM(shape, plane)));
  if (awayM < zone.standoffM - TOLERANCE_M) return { zone: zone.id, how: "inside", distanceM: awayM };
  const seen = zone.viewM > 0 && viewGapM(zone, truth, camera, plane, -TOLERANCE_M) === 0;
  return seen ? { zone: zone.id, how: "in-view", distanceM: awayM } : null;
}

function viewGapM(zone: TrueZone, truth: Truth, camera: Camera, plane: Plane, moreM = 0): number {
  const rangeM = Math.max(0, Math.min(zone.viewM, camera.rangeM) + moreM);
  const sector = sectorOf(camera, truth.headingDeg, rangeM);
  return Math.min(...zone.shapes.map((shape) => sectorDistanceM(sector, shape, plane)));
}

/** How far the vehicle would have to be moved for the zone, while it is in force, to restrict this camera; 0 where it does. */
export function gapM(zone: TrueZone, truth: Truth, camera: Camera): number {
  const plane = planeAt(truth);
  const awayM = Math.min(...zone.shapes.map((shape) => distanceM(shape, plane)));
  const insideM = Math.max(0, awayM - zone.standoffM);
  return zone.viewM > 0 ? Math.min(insideM, viewGapM(zone, truth, camera, plane)) : insideM;
}
