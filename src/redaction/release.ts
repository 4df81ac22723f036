import type { Bytes } from "./bytes.ts";
import { CamfenceError } from "../core/errors.ts";
import type { Frame } from "../sources/frame.ts";
import { stripCoded } from "./coded/strip-coded.ts";
import { parseJpeg } from "./jpeg/jpeg-structure.ts";
import { stripJpeg } from "./jpeg/strip-jpeg.ts";
import type { RedactionPolicy } from "./policy.ts";
import { copyRaw, layoutOf } from "./raw-frame.ts";

interface Released {
  readonly ok: true;
  readonly frame: Frame;
  readonly informationBits: null;
}

/** The same pixels without anything else. Throws CamfenceError when the frame is not what its fields say. */
export function releaseFrame(frame: Frame, policy: RedactionPolicy): Released {
  const data = releasedBytes(frame, policy);
  return { ok: true, frame: data === frame.data ? frame : { ...frame, data }, informationBits: null };
}

function releasedBytes(frame: Frame, policy: RedactionPolicy): Bytes {
  switch (frame.format) {
    case "jpeg":
      return releaseJpeg(frame, policy);
    case "h264":
    case "h265":
      return stripCoded(frame.data, frame.format, policy.keepMetadata ? "keep" : "strip");
    case "nv12":
    case "i420":
    case "yuyv":
    case "rgb24":
    case "bgr24":
    case "rgba":
    case "gray8":
      return copyRaw(frame, layoutOf(frame, frame.format), policy.originals);
    default:
      return frame.format satisfies never;
  }
}

function releaseJpeg({ data, width, height }: Frame, { keepMetadata, originals }: RedactionPolicy): Bytes {
  const structure = parseJpeg(data, "end");
  const { widthPx, heightPx } = structure.frame;
  if (widthPx !== width || heightPx !== height) {
    throw new CamfenceError("malformed", `JPEG is ${widthPx}×${heightPx}, the frame says ${width}×${height}`);
  }
  return stripJpeg(data, structure, keepMetadata ? "keep" : "strip", originals);
}
