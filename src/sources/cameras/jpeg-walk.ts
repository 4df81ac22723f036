const EOI = 0xd9;
const SOI = 0xd8;
const SOS = 0xda;

/** A JPEG's headers hold a few dozen segments; chains of thousands are made to cost time. */
const MAX_SEGMENTS = 2000;

/** How far a JPEG has been followed. */
export type WalkStep =
  | { readonly kind: "more" }
  | { readonly kind: "end"; readonly endByte: number }
  /** The next picture may begin at `resumeByte` or later. */
  | { readonly kind: "broken"; readonly resumeByte: number; readonly why: string };

/** Follows the markers of a JPEG that begins at byte 0 and grows at its end (ITU-T T.81, B.1.1). */
export interface JpegWalk {
  /** Goes on in what has been seen, which are the bytes of the last call and more. */
  step(seen: Buffer): WalkStep;
  restart(): void;
}

export function createJpegWalk(): JpegWalk {
  let at = 2;
  let segments = 0;
  let inScan = false;

  /** To the next marker that is no restart (RSTn) and no stuffed byte. False when more bytes are needed. */
  function crossScan(seen: Buffer): boolean {
    for (;;) {
      const mark = seen.indexOf(0xff, at);
      at = mark === -1 ? seen.length : mark;
      const code = seen[at + 1];
      if (code === undefined) return false;
      if (code !== 0 && code !== 0xff && !isRestart(code)) return true;
      at += code === 0xff ? 1 : 2;
    }
  }

  function step(seen: Buffer): WalkStep {
    for (;;) {
      if (inScan && !crossScan(seen)) return MORE;
      if (at + 1 >= seen.length) return MORE;
      const code = seen[at + 1] ?? 0;
      if (code === EOI) return { kind: "end", endByte: at + 2 };
      if (code === SOI && inScan) return { kind: "broken", resumeByte: at, why: "a picture breaks off" };
      if (seen[at] !== 0xff || code === 0 || code === SOI)
        return broken("it has no marker where one must be");
      inScan = false;
      if (code === 0xff) at += 1;
      else if (isRestart(code) || code === 0x01) at += 2;
      else if (at + 3 >= seen.length) return MORE;
      else if (!crossSegment(seen, code)) return broken("its segments are damaged");
    }
  }

  function crossSegment(seen: Buffer, code: number): boolean {
    const lengthBytes = seen.readUInt16BE(at + 2);
    at += 2 + lengthBytes;
    inScan = code === SOS;
    return lengthBytes >= 2 && ++segments <= MAX_SEGMENTS;
  }

  return {
    step,
    restart() {
      [at, segments, inScan] = [2, 0, false];
    },
  };
}

const MORE: WalkStep = { kind: "more" };

/** A damaged length may have led over the start of the next picture: what was crossed is looked through again. */
function broken(why: string): WalkStep {
  return { kind: "broken", resumeByte: 2, why };
}

function isRestart(code: number): boolean {
  return code >= 0xd0 && code <= 0xd7;
}
