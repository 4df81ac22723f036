import type { Camera } from "./camera.ts";
import type { Frame } from "./frame.ts";
import type { FrameClock } from "./frame-times.ts";
import { frameTimes } from "./frame-times.ts";

const WIDTH = 16;
const HEIGHT = 12;

/**
 * Frames for a drive that has no images: 16 × 12 pixels of gray8, a horizontal ramp in another shade per camera. All
 * cameras take their frame at the same times, in the order given. Made one by one as they are asked for; all frames of
 * a camera share one pixel buffer, which must not be written to.
 */
export function* syntheticFrames(
  cameras: readonly Pick<Camera, "id">[],
  clock: FrameClock,
): Generator<Frame> {
  const { count, timeMs } = frameTimes(clock);
  const sources = cameras.map(({ id }, index) => ({ camera: id, data: ramp(index) }));
  for (let seq = 0; seq < count; seq += 1) {
    const capturedMs = timeMs(seq);
    for (const { camera, data } of sources) {
      yield {
        camera,
        timeMs: capturedMs,
        seq,
        width: WIDTH,
        height: HEIGHT,
        format: "gray8",
        data,
        keyframe: true,
      };
    }
  }
}

function ramp(cameraIndex: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % WIDTH) * 8 + ((cameraIndex * 32) % 128));
}
