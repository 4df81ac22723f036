import type { Random } from "../../src/core/random.ts";
import type { ScenarioInput } from "../scenario/scenario.ts";
import { often, pick, within } from "./draw.ts";

type Cameras = NonNullable<ScenarioInput["cameras"]>;

const RAW = ["nv12", "i420", "yuyv", "rgb24", "bgr24", "rgba"] as const;

/** One to three cameras; `most` says how many at most, and how fast. */
export function randomCameras(
  random: Random,
  most: { readonly cameras: number; readonly fps: number },
): Cameras {
  const ids = ["front", "rear", "left"].slice(0, 1 + Math.floor(random() * most.cameras));
  return ids.map((id, i) => ({
    id,
    yawDeg: often(random, 0.7) ? ([0, 180, -90][i] ?? 0) : within(random, -180, 180),
    hfovDeg: pick(random, [30, 60, 100, 190, 360]),
    rangeM: often(random, 0.5) ? within(random, 30, 300) : Number.MAX_VALUE,
    fps: Math.min(most.fps, pick(random, [10, 15, 30])),
    format: often(random, 0.8) ? "gray8" : often(random, 0.1) ? "jpeg" : pick(random, RAW),
    jitterMs: often(random, 0.3) ? 5 * random() : 0,
    stampErrorMs: often(random, 0.5) ? within(random, -48, 48) : 0,
    latencyMs: within(random, 5, 200),
    latencyJitterMs: often(random, 0.3) ? 100 * random() : 0,
  }));
}
