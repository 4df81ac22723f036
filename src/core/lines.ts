/** One line without its end. `too-long` stands for a line over the bound; its text is gone. */
export type Line =
  | { readonly kind: "text"; readonly number: number; readonly text: string }
  | { readonly kind: "too-long"; readonly number: number };

export interface LineSplitter {
  /** The lines that this chunk completes. The chunk is not kept. */
  push(chunk: Uint8Array): Line[];
  /** The last line when it has no end of its own. */
  end(): Line[];
}

/**
 * Cuts a byte stream into lines at LF, without a trailing CR, holding at most `maxLineBytes` of an unfinished
 * line. Bytes become characters one to one (Latin-1), so that checksums over characters are those over bytes
 * and binary data between lines cannot fail to decode.
 */
export function lineSplitter(maxLineBytes: number): LineSplitter {
  let rest = "";
  let number = 0;
  let overflowing = false;

  const finish = (text: string): Line => {
    number += 1;
    const tooLong = overflowing || text.length > maxLineBytes;
    overflowing = false;
    if (tooLong) return { kind: "too-long", number };
    return { kind: "text", number, text: withoutCr(number === 1 ? withoutBom(text) : text) };
  };

  const keep = (text: string): void => {
    overflowing ||= text.length > maxLineBytes;
    rest = overflowing ? "" : text;
  };

  return {
    push(chunk) {
      const text = rest + latin1(chunk);
      const lines: Line[] = [];
      let start = 0;
      for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
        lines.push(finish(text.slice(start, end)));
        start = end + 1;
      }
      keep(text.slice(start));
      return lines;
    },
    end() {
      const last = rest;
      rest = "";
      return last === "" && !overflowing ? [] : [finish(last)];
    },
  };
}

function latin1(chunk: Uint8Array): string {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
}

function withoutCr(text: string): string {
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}

function withoutBom(text: string): string {
  return text.startsWith(UTF8_BOM) ? text.slice(UTF8_BOM.length) : text;
}

const UTF8_BOM = "\u00ef\u00bb\u00bf";
