import { CamfenceError } from "../src/core/errors.ts";
import type { Random } from "../src/core/random.ts";
import { parseIsoMs } from "../src/core/time.ts";
import { checkCameras } from "../src/sources/camera.ts";
import { breaksOf, clockFindings, fixFindings, hourFindings, motionFindings } from "./breaks.ts";
import { mergeArrivals, shots } from "./cameras/frames.ts";
import { blankPixels } from "./cameras/pixels.ts";
import { chance } from "./chance.ts";
import { clocksOf } from "./clock.ts";
import type { SimulatedDrive, Truth, ZoneSetTruth } from "./drive.ts";
import { otherEvents } from "./events.ts";
import { deliver } from "./receiver/deliver.ts";
import { disturb, stick } from "./receiver/disturb.ts";
import { errorModel } from "./receiver/errors.ts";
import { measure } from "./receiver/measure.ts";
import type { Ground, Point } from "./route/ground.ts";
import { groundAt } from "./route/ground.ts";
import { legsOf } from "./route/legs.ts";
import type { Phase } from "./route/motion.ts";
import { phasesOf } from "./route/motion.ts";
import type { Piece } from "./route/path.ts";
import { lengthOf, pathThrough, poseAt } from "./route/path.ts";
import { truthOf } from "./route/truth.ts";
import { tunnelTimes } from "./route/tunnels.ts";
import { UNREAD, wayOf } from "./route/way.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { generateZones } from "./zones/generate.ts";
import { readTrueZones } from "./zones/read-zone-file.ts";
import { shapeOf, zoneOf } from "./zones/shapes.ts";
import { headerTimes, zoneEvents, zonesInForce } from "./zones/zone-sets.ts";

/** How long the drive goes on after the vehicle has stopped, so that its last reports and frames arrive. */
const REST_S = 1;

/**
 * Makes a drive up: the same for the same scenario and seed. The scenario's files must have been read (`loadScenario`).
 * Throws CamfenceError `usage` for a way that no vehicle can drive.
 */
export function simulateDrive(scenario: Scenario, seed: number = scenario.seed): SimulatedDrive {
  const { vehicle, route, attacks, faults } = scenario;
  const ground = groundAt(scenario.origin);
  const startMs = parseIsoMs(scenario.startsAt);
  const wayRandom = chance(seed, "way");
  const pieces = pathThrough(wayOf(scenario, ground, wayRandom), vehicle.turnRadiusM);
  const phases = phasesOf(legsOf(pieces, route, vehicle, wayRandom), vehicle, route.waitsS);
  const lastS = Math.min(route.endsS ?? Infinity, (phases.at(-1)?.untilS ?? 0) + REST_S);
  const endMs = startMs + Math.round(1000 * lastS);
  const truthAt = truthOf(phases, ground, startMs);
  const clocks = clocksOf(attacks, startMs);
  const cameras = checkCameras(scenario.cameras);
  const delivered = reportsOf(scenario, seed, {
    ground,
    phases,
    startMs,
    endMs,
    truthAt,
    stamp: clocks.receiver,
  });
  const zones = firstZones(scenario, pieces, ground, chance(seed, "zones"));
  const events = [
    ...zoneEvents(scenario, zones, startMs, ground),
    ...otherEvents(faults, clocks, cameras, startMs),
  ].toSorted((a, b) => a.atMs - b.atMs);
  return {
    scenario,
    seed,
    startMs,
    endMs,
    truthAt,
    clockAt: clocks.shared,
    reports: delivered.map(({ arrivedMs, report }) => ({ arrivedMs, report })),
    cameras,
    frames(pixels = blankPixels()) {
      const drive = { startMs, endMs, faults, stamp: clocks.camera, pixels };
      const random = chance(seed, "cameras");
      const sources = scenario.cameras.map((camera) =>
        shots(camera, drive, chance(random() * 2 ** 32, "cameras")),
      );
      return mergeArrivals(sources);
    },
    events,
    zones,
    zonesAt: (timeMs) => zonesInForce(zones, events, timeMs),
    breaks: breaksOf([
      ...fixFindings(delivered, truthAt, clocks),
      ...clockFindings(scenario.cameras, clocks, startMs, endMs),
      ...hourFindings(zones, events, clocks, startMs, endMs),
      ...motionFindings(phases, truthAt, startMs),
    ]),
  };
}

interface Scene {
  readonly ground: Ground;
  readonly phases: readonly Phase[];
  readonly startMs: number;
  readonly endMs: number;
  readonly truthAt: (timeMs: number) => Truth;
  readonly stamp: (validMs: number) => number;
}

function reportsOf({ receiver, route, attacks, faults }: Scenario, seed: number, scene: Scene) {
  const { startMs } = scene;
  const random = chance(seed, "receiver");
  const tunnels = tunnelTimes(scene.phases, route.tunnels);
  const exitsS = tunnels.map(({ untilS }) => untilS);
  const measured = measure({
    ...scene,
    receiver,
    random,
    errorAt: errorModel(receiver, exitsS, random),
    inTunnel: (timeMs) =>
      tunnels.some(({ fromS, untilS }) => isBetween((timeMs - startMs) / 1000, fromS, untilS)),
  });
  const about = { startMs, ground: scene.ground, random: chance(seed, "trouble"), rateHz: receiver.rateHz };
  const epochs = disturb(stick(measured, receiver.stuck, startMs), [...attacks, ...faults], about);
  return deliver(epochs, receiver, scene.stamp, startMs, chance(seed, "delivery"));
}

function isBetween(value: number, from: number, until: number): boolean {
  return value >= from && value < until;
}

function firstZones(
  scenario: Scenario,
  pieces: readonly Piece[],
  ground: Ground,
  random: Random,
): ZoneSetTruth {
  const { features, generated, coverage, inline, files: unread } = scenario.zones;
  if (unread.length > 0) throw new CamfenceError("usage", UNREAD);
  const given = features.map((zone) => zoneOf(zone, ground));
  const read = inline.map(({ file, text }) => ({ file, text, ...readTrueZones(file, text) }));
  const nearWay = (): Point => pointAlong(pieces, random() * lengthOf(pieces));
  const startMs = parseIsoMs(scenario.startsAt);
  const madeUp = generated === undefined ? [] : generateZones(generated, nearWay, ground, random, startMs);
  return {
    ...headerTimes(scenario, read),
    zones: [...given, ...madeUp, ...read.flatMap(({ zones }) => zones)],
    files: read.map(({ file, text, zones }) => ({ file, text, ids: zones.map(({ id }) => id) })),
    coverage: coverage === undefined ? null : shapeOf({ circle: coverage }, ground),
  };
}

function pointAlong(pieces: readonly Piece[], alongM: number): Point {
  let leftM = alongM;
  for (const piece of pieces) {
    if (leftM <= piece.lengthM) return poseAt(piece, leftM);
    leftM -= piece.lengthM;
  }
  return pieces[0] ?? { x: 0, y: 0 };
}
