import type { Bytes } from "../bytes.ts";
import { adobeTransform, isNamed } from "./jpeg-structure.ts";
import type { JpegSegment, JpegStructure } from "./jpeg-structure.ts";
import type { RedactionPolicy } from "../policy.ts";
import { APP0, APP14, APP15, COM, EOI, SOI, SOS } from "./markers.ts";

/**
 * The same coded picture without what is not needed to decode it. Needed are the tables, the headers, the scans, and
 * which colour transform applies: a JFIF segment is rewritten without density and thumbnail, an Adobe segment without
 * its flags. All other application segments (EXIF, XMP, ICC, MPF, …), comments, fill bytes, and everything after EOI
 * are left out. Nothing to leave out: `data` itself. `data` belongs to the policy: it is a part of `data`, and the rest
 * is zeroed.
 */
export function stripJpeg(
  data: Bytes,
  structure: JpegStructure,
  metadata: "strip" | "keep",
  originals: RedactionPolicy["originals"] = "caller",
): Bytes {
  const kept = metadata === "keep" ? structure.segments : structure.segments.filter((s) => !isMetadata(s));
  const head = metadata === "keep" ? Uint8Array.of(0xff, SOI) : headOf(data, structure.segments);
  const pieces = [
    head,
    ...kept.flatMap((segment) => piecesOf(data, segment, structure)),
    Uint8Array.of(0xff, EOI),
  ];
  const sizeBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (sizeBytes === data.length && startsWith(data, head)) return data;
  return originals === "policy" && sizeBytes <= structure.end
    ? closeUp(data, pieces, structure.end)
    : concat(pieces, sizeBytes);
}

function isMetadata({ marker }: JpegSegment): boolean {
  return marker === COM || (marker >= APP0 && marker <= APP15);
}

/** SOI and the two application segments that say how colours are coded, in their shortest form. */
export function headOf(data: Bytes, segments: readonly JpegSegment[]): Bytes {
  const hasJfif = segments.some((s) => s.marker === APP0 && isNamed(data, s, "JFIF"));
  const transform = adobeTransform(data, segments);
  return Uint8Array.of(
    0xff,
    SOI,
    ...(hasJfif ? JFIF : []),
    ...(transform === null ? [] : [...ADOBE, transform]),
  );
}

/** Length, "JFIF\0", version 1.1, no unit, aspect 1:1, no thumbnail. */
export const JFIF = [0xff, APP0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0];
/** Length, "Adobe", version 100, two words of flags; the transform follows. */
export const ADOBE = [0xff, APP14, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0];

function piecesOf(data: Bytes, segment: JpegSegment, { scans }: JpegStructure): Bytes[] {
  const header = data.subarray(segment.start, segment.end);
  if (segment.marker !== SOS) return [header];
  const scan = scans.find((s) => s.dataStart === segment.end);
  return scan === undefined ? [header] : [header, data.subarray(scan.dataStart, scan.dataEnd)];
}

function startsWith(data: Bytes, head: Bytes): boolean {
  return head.every((byte, i) => data[i] === byte);
}

function concat(pieces: readonly Bytes[], sizeBytes: number): Bytes {
  const out = new Uint8Array(sizeBytes);
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/**
 * Moves the pieces up against `end`, the last one first: each moves towards the end or stays, so that none lies in the way
 * of one before it. Nearly all of a picture is its last scan, which stays where it is.
 */
function closeUp(data: Bytes, pieces: readonly Bytes[], end: number): Bytes {
  let start = end;
  for (const piece of pieces.toReversed()) {
    start -= piece.length;
    if (piece.buffer !== data.buffer || piece.byteOffset !== data.byteOffset + start) data.set(piece, start);
  }
  data.fill(0, 0, start).fill(0, end);
  return data.subarray(start, end);
}
