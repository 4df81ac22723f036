import { CamfenceError } from "../../core/errors.ts";
import type { Frame } from "../frame.ts";
import { jpegSize } from "../jpeg-size.ts";
import type { PixelLayout } from "./encodings.ts";
import { deepBytesOf, layoutOf } from "./encodings.ts";

/** What image messages hold: one picture as a file, as pixels, or one access unit. */
export type ImageKind = "compressed" | "raw" | "video";

/** The fields of an image message, whatever it is encoded in. `data` is not copied. */
export interface ImageFields {
  /** Time of capture; null where the message states none. */
  readonly stampMs: number | null;
  readonly frameId: string;
  readonly data: Uint8Array;
  /** Of a compressed image and of video. */
  readonly format: string;
  /** Of pixels. */
  readonly encoding: string;
  readonly width: number;
  readonly height: number;
  readonly step: number;
  /** The same message with other `data`: its parts, one after the other, not copied. */
  readonly withData: (data: Uint8Array) => readonly Uint8Array[];
}

export type Picture = Pick<Frame, "width" | "height" | "format" | "data" | "keyframe" | "strideBytes">;

export interface ImageMessage {
  readonly stampMs: number | null;
  readonly frameId: string;
  readonly picture: Picture | { readonly broken: string };
  /** Samples deeper than 8 bits, as rows of so many bytes: they can be let pass, and nobody can blur them. */
  readonly deep?: Picture;
  /** The parts of the message that holds `data`, made from the picture, instead. */
  readonly withData: (data: Uint8Array) => readonly Uint8Array[];
}

/** Frame ids and formats are names; anything longer is not, and could hold a picture of its own. */
const MAX_NAME_LENGTH = 256;

/** Says what picture a message's fields describe. */
export function imageMessage(kind: ImageKind, fields: ImageFields): ImageMessage {
  const { stampMs, frameId, format, encoding, withData } = fields;
  const long = [frameId, format, encoding].find((name) => name.length > MAX_NAME_LENGTH);
  if (long !== undefined) {
    return {
      stampMs,
      frameId: "",
      withData,
      picture: { broken: `a name of it has ${long.length} characters` },
    };
  }
  const layout = kind === "raw" ? layoutOf(encoding) : null;
  const picture = pictureOf(kind, fields, layout);
  const deepBytes = kind === "raw" ? deepBytesOf(encoding) : null;
  if (deepBytes !== null)
    return { stampMs, frameId, picture, withData, deep: deepPicture(fields, deepBytes) };
  return layout?.reorder === undefined
    ? { stampMs, frameId, picture, withData }
    : { stampMs, frameId, picture, withData: (data) => withData(reordered(data, layout)) };
}

function pictureOf(
  kind: ImageKind,
  fields: ImageFields,
  layout: PixelLayout | null,
): ImageMessage["picture"] {
  switch (kind) {
    case "compressed":
      return compressedPicture(fields);
    case "raw":
      return rawPicture(fields, layout);
    case "video":
      return videoPicture(fields);
    default:
      return kind satisfies never;
  }
}

/** The bytes tell the format, not the text beside them: recorders write many. */
function compressedPicture({ data, format }: ImageFields): ImageMessage["picture"] {
  const size = jpegSize(data);
  if (size.kind === "broken")
    return { broken: `${size.reason}; its format is "${format}", and JPEG is read` };
  return { width: size.width, height: size.height, format: "jpeg", data: plain(data), keyframe: true };
}

function rawPicture({ data, encoding, width, height, step }: ImageFields, layout: PixelLayout | null) {
  if (layout === null) return { broken: `pixels of encoding "${encoding}" are not read` };
  return {
    width,
    height,
    format: layout.format,
    data: plain(layout.reorder === undefined ? data : reordered(data, layout)),
    keyframe: true,
    ...(step > 0 && { strideBytes: step }),
  };
}

function deepPicture({ data, width, height, step }: ImageFields, bytesEach: number): Picture {
  const stride = step > 0 ? { strideBytes: step } : {};
  return { width: width * bytesEach, height, format: "gray8", data: plain(data), keyframe: true, ...stride };
}

const VIDEO_FORMATS: Readonly<Record<string, "h264" | "h265">> = { h264: "h264", h265: "h265", hevc: "h265" };

/**
 * The message states no size: 1 × 1, so that nothing that needs one works (rule 2). Nor does it say what is a keyframe: the bytes
 * alone do.
 */
function videoPicture({ data, format }: ImageFields): ImageMessage["picture"] {
  const coding = Object.hasOwn(VIDEO_FORMATS, format) ? VIDEO_FORMATS[format] : undefined;
  if (coding === undefined) return { broken: `video of format "${format}" is not read; h264 and h265 are` };
  return { width: 1, height: 1, format: coding, data: plain(data), keyframe: true };
}

function reordered(data: Uint8Array, { reorder }: PixelLayout): Uint8Array {
  const copy = Buffer.from(data.subarray(0, data.length - (data.length % 2)));
  return reorder === "swap-pairs" ? copy.swap16() : copy;
}

function plain(data: Uint8Array): Frame["data"] {
  if (data.buffer instanceof ArrayBuffer) return data as Frame["data"];
  throw new CamfenceError("malformed", "an image lies in shared memory");
}
