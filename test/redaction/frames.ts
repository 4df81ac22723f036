import type { Random } from "../../src/core/random.ts";
import { rawLayout } from "../../src/redaction/raw-layout.ts";
import type { RawFormat, RawLayout } from "../../src/redaction/raw-layout.ts";
import type { Redaction, Redactor } from "../../src/redaction/redactor.ts";
import type { Frame, FrameFormat } from "../../src/sources/frame.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

export const RAW_FORMATS = ["nv12", "i420", "yuyv", "rgb24", "bgr24", "rgba", "gray8"] as const;

interface Size {
  readonly width: number;
  readonly height: number;
  readonly strideBytes?: number;
}

export function frameOf(format: FrameFormat, size: Size, data: Bytes, more: Partial<Frame> = {}): Frame {
  return {
    camera: "front",
    timeMs: 1_772_352_000_000,
    seq: 1,
    format,
    ...size,
    data,
    keyframe: true,
    ...more,
  };
}

/** The layout of a size that has one. */
export function layoutFor(format: RawFormat, size: Size): RawLayout {
  const layout = rawLayout(format, size);
  if (layout === null) throw new Error("the stride is shorter than a row");
  return layout;
}

export function noise(sizeBytes: number, random: Random): Bytes {
  return Uint8Array.from({ length: sizeBytes }, () => random() * 256);
}

export type Released = Extract<Redaction, { ok: true }>;

/** A redaction that must have worked. */
export async function released(redaction: ReturnType<Redactor["blur"]>): Promise<Released> {
  const done = await redaction;
  if (!done.ok) throw new Error(`${done.reason}: ${done.detail}`);
  return done;
}

/** Where `needle` begins in `haystack`, or -1. */
export function find(haystack: Uint8Array, needle: Uint8Array): number {
  return Buffer.from(haystack.buffer, haystack.byteOffset, haystack.length).indexOf(needle);
}

export function joinBytes(...parts: readonly (Uint8Array | readonly number[])[]): Bytes {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A JPEG segment with its marker and length. */
export function segment(marker: number, payload: Uint8Array | readonly number[]): Bytes {
  const length = payload.length + 2;
  return joinBytes([0xff, marker, length >> 8, length & 0xff], payload);
}
