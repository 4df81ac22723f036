import type { Redaction, Redactor } from "../../src/redaction/redactor.ts";
import type { Frame } from "../../src/sources/frame.ts";

/** A tiny grey image of camera `front`, or as `changes` say. */
export function frameAt(timeMs: number, changes: Partial<Frame> = {}): Frame {
  return {
    camera: "front",
    timeMs,
    seq: 0,
    width: 2,
    height: 2,
    format: "gray8",
    data: Uint8Array.of(1, 2, 3, 4),
    keyframe: true,
    ...changes,
  };
}

/** H.264 access units of one slice each: NAL types 5 (IDR) and 1, the first bytes of a slice header, an end. */
export const IDR = Uint8Array.of(0, 0, 0, 1, 0x65, 0x88, 0x80);
export const NON_IDR = Uint8Array.of(0, 0, 0, 1, 0x41, 0x9a, 0x80);

export const blurOf = (frame: Frame): Redaction => ({
  ok: true,
  frame: { ...frame, data: new Uint8Array(frame.data.length) },
  informationBits: 1,
});

/** Lets passed frames through as they are and blanks the blurred: the gate is under test, not the pixels. */
export const PLAIN_REDACTOR: Redactor = {
  release: (frame) => ({ ok: true, frame, informationBits: null }),
  blur: blurOf,
  discard: () => {},
};
