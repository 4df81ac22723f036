import type { Random } from "../../src/core/random.ts";

/** A vehicle's true state, in metres of a plane, x east and y north; `headingRad` clockwise from the plane's north. */
export interface State {
  readonly x: number;
  readonly y: number;
  readonly vx: number;
  readonly vy: number;
  readonly headingRad: number;
}

/** What the policy says that a vehicle can do; the tests' vehicles keep just within. */
export interface Bounds {
  readonly maxSpeedMps: number;
  readonly maxAccelerationMps2: number;
  readonly minTurnRadiusM: number;
  readonly maxReverseMps: number;
  readonly axleToAntennaM: number;
}

/** Steps of the simulation, milliseconds: a frame's true time falls on one. */
export const STEP_MS = 5;
const WITHIN = 0.98;

/** A car: moves where it points, or backwards, in curves no tighter than it can. States are those of its antenna. */
export function driveCar(random: Random, bounds: Bounds, steps: number): State[] {
  const aMax = bounds.maxAccelerationMps2 * WITHIN;
  // Where the antenna is ahead of the axle it feels the turn's own acceleration, too: such a car is driven gently.
  const leadM = random() < 0.5 ? 0 : random() * bounds.axleToAntennaM;
  const gentle = leadM === 0 ? 1 : 0.25;
  const fastest = (random() < 0.5 ? 15 : bounds.maxSpeedMps) * WITHIN;
  const dt = STEP_MS / 1000;
  let [x, y, heading, v, push, curve, curveWanted, left] = [0, 0, random() * 7, 0, 0, 0, 0, 0];
  const states: State[] = [];
  for (let i = 0; i < steps; i++) {
    if (left-- <= 0) {
      left = Math.floor((0.2 + 3 * random() ** 2) / dt);
      push = (2 * random() - (v > 0 ? 0.9 : 0.2)) * gentle * aMax;
      curveWanted = random() < 0.4 ? 0 : (2 * random() - 1) / bounds.minTurnRadiusM;
    }
    curve = gentle === 1 ? curveWanted : curve + Math.max(-0.002, Math.min(0.002, curveWanted - curve));
    const sharpest = Math.min(WITHIN / bounds.minTurnRadiusM, (gentle * aMax) / (v * v + 1e-9));
    const bent = Math.max(-sharpest, Math.min(sharpest, curve));
    const sideways = v * v * bent;
    const room = Math.sqrt(Math.max(0, (gentle * aMax) ** 2 - sideways ** 2));
    const next = v + Math.max(-room, Math.min(room, push)) * dt;
    v = Math.max(-bounds.maxReverseMps * WITHIN, Math.min(fastest, next));
    const turn = v * bent;
    states.push({
      x: x + leadM * Math.sin(heading),
      y: y + leadM * Math.cos(heading),
      vx: v * Math.sin(heading) + leadM * turn * Math.cos(heading),
      vy: v * Math.cos(heading) - leadM * turn * Math.sin(heading),
      headingRad: heading,
    });
    heading += turn * dt;
    x += v * Math.sin(heading) * dt;
    y += v * Math.cos(heading) * dt;
  }
  return states;
}

/** A point that no tyres hold: it accelerates as hard as is allowed, in any direction. It points nowhere. */
export function driveWild(random: Random, bounds: Bounds, steps: number): State[] {
  const aMax = bounds.maxAccelerationMps2 * WITHIN;
  const fastest = (random() < 0.5 ? 20 : bounds.maxSpeedMps) * WITHIN;
  const dt = STEP_MS / 1000;
  let [x, y, vx, vy, ax, ay, left] = [0, 0, 0, 0, 0, 0, 0];
  const states: State[] = [];
  for (let i = 0; i < steps; i++) {
    if (left-- <= 0) {
      left = Math.floor((0.3 + 2 * random()) / dt);
      const bearing = random() * 2 * Math.PI;
      const size = random() < 0.3 ? 0 : aMax;
      [ax, ay] = [size * Math.sin(bearing), size * Math.cos(bearing)];
    }
    states.push({ x, y, vx, vy, headingRad: Number.NaN });
    x += vx * dt + (ax * dt * dt) / 2;
    y += vy * dt + (ay * dt * dt) / 2;
    [vx, vy] = [vx + ax * dt, vy + ay * dt];
    // At its greatest speed it brakes.
    const speed = Math.hypot(vx, vy);
    if (speed > fastest) [ax, ay] = [(-vx / speed) * aMax, (-vy / speed) * aMax];
  }
  return states;
}
