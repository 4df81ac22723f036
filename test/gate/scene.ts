import type { Position } from "../../src/core/position.ts";
import { GatePolicy } from "../../src/gate/policy.ts";
import type { Heading } from "../../src/positioning/heading.ts";
import type { KnownReach } from "../../src/positioning/reach.ts";
import { Camera } from "../../src/sources/camera.ts";
import { compileZoneSet } from "../../src/zones/zone-set.ts";
import type { ZoneSet } from "../../src/zones/zone-set.ts";
import type { Coverage, Region, Shape, Zone } from "../../src/zones/zone.ts";

/** Words for the tests of the gate. */

export const AHEAD: Heading = { deg: 0, errorDeg: 0 };

export function reachAt({ latDeg, lonDeg }: Position, radiusM: number, heading = AHEAD): KnownReach {
  return { known: true, latDeg, lonDeg, radiusM, heading };
}

export function cameraOf(options: Partial<Camera> = {}): Camera {
  return Camera.parse({ id: "front", yawDeg: 0, hfovDeg: 100, ...options });
}

export function policyOf(options: Partial<GatePolicy> = {}): GatePolicy {
  return GatePolicy.parse(options);
}

export function zoneOf(id: string, shapes: readonly Shape[], options: Partial<Zone> = {}): Zone {
  return {
    kind: "zone",
    id,
    shapes,
    category: "other",
    action: "drop",
    standoffM: 25,
    viewM: 0,
    cameras: null,
    schedule: null,
    validFromMs: -Infinity,
    validUntilMs: Infinity,
    ...options,
  };
}

export function setOf(
  zones: readonly Zone[],
  coverage: readonly Coverage[] = [],
  regions: readonly Region[] = [],
): ZoneSet {
  return compileZoneSet({ zones, coverage, regions, issuedMs: 0, expiresMs: Infinity, hash: "test" });
}

export function coverageOf(...shapes: readonly Shape[]): Coverage {
  return { kind: "coverage", id: "coverage", shapes };
}

export function regionOf(region: string, ...shapes: readonly Shape[]): Region {
  return { kind: "region", id: region, region, shapes };
}
