import type { Random } from "../../src/core/random.ts";
import type { FrameIn } from "../../src/sources/frame.ts";
import type { FrameArrival, PixelSource } from "../drive.ts";
import type { CameraInput } from "../scenario/cameras.ts";
import type { Fault } from "../scenario/trouble.ts";

export interface Shooting {
  readonly startMs: number;
  readonly endMs: number;
  readonly faults: readonly Fault[];
  /** What the camera's stamp says of a true time. */
  readonly stamp: (exposedMs: number, camera: CameraInput) => number;
  readonly pixels: PixelSource;
}

/** The frames of one camera in the order of their arrival, which is that of their exposure. */
export function* shots(camera: CameraInput, drive: Shooting, random: Random): Generator<FrameArrival> {
  const { startMs, endMs } = drive;
  const own = drive.faults.filter(
    (fault) => !("camera" in fault) || (fault.camera ?? camera.id) === camera.id,
  );
  const bursts = own.filter(({ kind }) => kind === "frame-burst") as Extract<
    Fault,
    { kind: "frame-burst" }
  >[];
  const broken = own.filter(({ kind }) => kind === "broken-frames") as Extract<
    Fault,
    { kind: "broken-frames" }
  >[];
  const periodMs = 1000 / camera.fps;
  let beforeMs = -Infinity;
  for (let seq = 0; ; seq++) {
    const jitterMs = camera.jitterMs === 0 ? 0 : camera.jitterMs * (2 * random() - 1);
    const exposedMs = Math.max(startMs, startMs + seq * periodMs + jitterMs);
    if (exposedMs > endMs) return;
    const delayMs = camera.latencyMs + (camera.latencyJitterMs === 0 ? 0 : camera.latencyJitterMs * random());
    const heldMs = bursts.length === 0 ? 0 : heldUntil(bursts, exposedMs, startMs);
    // A camera delivers in order.
    const arrivedMs = Math.max(beforeMs, exposedMs + delayMs, heldMs);
    beforeMs = arrivedMs;
    const isBroken = broken.some((fault) => isDuring(fault, exposedMs, startMs));
    yield { arrivedMs, exposedMs, frame: frameOf(camera, seq, exposedMs, isBroken, drive) };
  }
}

function frameOf(
  camera: CameraInput,
  seq: number,
  exposedMs: number,
  isBroken: boolean,
  { stamp, pixels }: Shooting,
): FrameIn {
  const { id, width, height, format } = camera;
  const timeMs = stamp(exposedMs, camera);
  if (isBroken) return { camera: id, timeMs, seq, broken: "the image is cut off" };
  const data = pixels({ camera: id, seq, width, height, format, exposedMs });
  return { camera: id, timeMs, seq, width, height, format, data, keyframe: true };
}

type During = { readonly atS: number; readonly forS: number };

function isDuring({ atS, forS }: During, timeMs: number, startMs: number): boolean {
  const sinceMs = timeMs - startMs - 1000 * atS;
  return sinceMs >= 0 && sinceMs < 1000 * forS;
}

/** When the burst lets go of a frame: it keeps all until its end. */
function heldUntil(bursts: readonly During[], exposedMs: number, startMs: number): number {
  const burst = bursts.find((each) => isDuring(each, exposedMs, startMs));
  return burst === undefined ? 0 : startMs + 1000 * (burst.atS + burst.forS);
}

/** Several cameras' frames in the order of arrival; at equal times the first camera's goes first. */
export function* mergeArrivals(sources: readonly Iterator<FrameArrival>[]): Generator<FrameArrival> {
  const heads = sources.map((source) => source.next());
  for (;;) {
    let first = -1;
    let firstMs = Infinity;
    for (let i = 0; i < heads.length; i++) {
      const head = heads[i];
      if (head === undefined || head.done === true || head.value.arrivedMs >= firstMs) continue;
      [first, firstMs] = [i, head.value.arrivedMs];
    }
    const [head, source] = [heads[first], sources[first]];
    if (head === undefined || head.done === true || source === undefined) return;
    yield head.value;
    heads[first] = source.next();
  }
}
