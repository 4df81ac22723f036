import type { Bytes } from "./bytes.ts";
import { CamfenceError } from "../core/errors.ts";
import type { Frame } from "../sources/frame.ts";
import type { RedactionPolicy } from "./policy.ts";
import { rawLayout } from "./raw-layout.ts";
import type { RawFormat, RawLayout } from "./raw-layout.ts";

/** The layout of a raw frame. Throws CamfenceError `malformed` when `data` cannot hold it. */
export function layoutOf(frame: Frame, format: RawFormat): RawLayout {
  const layout = rawLayout(format, frame);
  if (layout === null) {
    throw new CamfenceError(
      "malformed",
      `stride of ${frame.strideBytes} bytes is shorter than a row of ${frame.width} pixels`,
    );
  }
  if (frame.data.length < layout.leastBytes) {
    const size = `${format} of ${frame.width}×${frame.height}`;
    throw new CamfenceError(
      "malformed",
      `${size} has ${frame.data.length} bytes, expected ${layout.leastBytes}`,
    );
  }
  return layout;
}

/**
 * The picture's samples and nothing else: what lies between rows and after the picture is not part of it. Nothing there
 * to remove: `frame.data` itself. The policy owns the original: it is cleaned in place.
 */
export function copyRaw(frame: Frame, layout: RawLayout, originals: RedactionPolicy["originals"]): Bytes {
  const { data } = frame;
  if (!layout.padded && data.length === layout.sizeBytes) return data;
  if (originals === "caller") return copySamples(data, layout);
  zeroPadding(data, layout);
  return data.subarray(0, Math.min(data.length, layout.sizeBytes));
}

function copySamples(data: Bytes, layout: RawLayout): Bytes {
  const out = new Uint8Array(layout.sizeBytes);
  for (const { offsetBytes, strideBytes, rowBytes, rows } of layout.planes) {
    for (let row = 0; row < rows; row++) {
      const at = offsetBytes + row * strideBytes;
      out.set(data.subarray(at, at + rowBytes), at);
    }
  }
  return out;
}

function zeroPadding(data: Bytes, layout: RawLayout): void {
  for (const { offsetBytes, strideBytes, rowBytes, rows } of layout.planes) {
    if (strideBytes === rowBytes) continue;
    for (let row = 0; row < rows; row++) {
      const at = offsetBytes + row * strideBytes;
      data.fill(0, at + rowBytes, at + strideBytes);
    }
  }
  data.fill(0, layout.sizeBytes);
}
