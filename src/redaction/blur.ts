import { CamfenceError } from "../core/errors.ts";
import type { Frame } from "../sources/frame.ts";
import type { BufferPool } from "./buffer-pool.ts";
import { createJpegBlur } from "./blur-jpeg.ts";
import { createRawBlur } from "./blur-raw.ts";
import { greyH264 } from "./coded/grey-h264.ts";
import { selectKernels } from "./kernels/select.ts";
import type { RedactionPolicy } from "./policy.ts";
import { createStandingMosaics } from "./standing-mosaic.ts";

/** A blurred frame and the most bits of its original that it holds. */
export interface Blurred {
  readonly ok: true;
  readonly frame: Frame;
  readonly informationBits: number;
}

export type Blur = (frame: Frame) => Blurred | Promise<Blurred>;

/** Blurs by format. Throws or rejects when a frame cannot be blurred; then nothing of it is kept. */
export function createBlur(policy: RedactionPolicy, pool: BufferPool | null): Blur {
  const kernels = selectKernels();
  const choose = createStandingMosaics(policy.refreshMs);
  const blurJpeg = createJpegBlur(policy, kernels, choose);
  const blurRaw = createRawBlur(policy, kernels, choose, pool);
  return (frame) => {
    switch (frame.format) {
      case "jpeg":
        return blurJpeg(frame);
      case "h264":
      case "h265":
        return blurCoded(frame, policy);
      case "nv12":
      case "i420":
      case "yuyv":
      case "rgb24":
      case "bgr24":
      case "rgba":
      case "gray8":
        return blurRaw(frame, frame.format);
      default:
        return frame.format satisfies never;
    }
  };
}

function blurCoded(frame: Frame, { codedVideo, originals }: RedactionPolicy): Blurred {
  if (codedVideo === "drop" || frame.format !== "h264") {
    throw new CamfenceError("unsupported", `${frame.format} cannot be blurred without an encoder`);
  }
  const data = greyH264(frame.width, frame.height);
  if (originals === "policy") frame.data.fill(0);
  return { ok: true, frame: { ...frame, data, keyframe: true }, informationBits: 0 };
}
