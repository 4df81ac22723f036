/** What a JPEG's frame header says; `broken` says why there is none that can be trusted. */
export type JpegSize =
  | { readonly kind: "size"; readonly width: number; readonly height: number }
  | { readonly kind: "broken"; readonly reason: string };

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;

/** Reads width and height from the first frame header (ITU-T T.81, B.2.2). The pixels are not looked at. */
export function jpegSize(data: Uint8Array): JpegSize {
  if (data[0] !== 0xff || data[1] !== SOI) return broken("it does not begin as a JPEG");
  let at = 2;
  for (;;) {
    if (data[at] !== 0xff) return broken(`no marker at byte ${at}`);
    while (data[at] === 0xff) at += 1; // fill bytes may come before a marker
    const marker = data[at] ?? EOI;
    if (marker === SOS || marker === EOI) return broken("no frame header before the image data");
    if (isFrameHeader(marker)) return frameHeader(data, at + 1);
    const lengthBytes = uint16(data, at + 1);
    if (lengthBytes < 2) return broken(`a segment at byte ${at} is shorter than its own length field`);
    at += 1 + lengthBytes;
    if (!(at < data.length)) return broken("it is cut off");
  }
}

/** SOF0 to SOF15, but for DHT (C4), JPG (C8) and DAC (CC), which have their places among them. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function frameHeader(data: Uint8Array, at: number): JpegSize {
  const [lengthBytes, height, width] = [uint16(data, at), uint16(data, at + 3), uint16(data, at + 5)];
  const components = data[at + 7] ?? Number.NaN;
  const expectedBytes =
    2 /* length */ + 1 /* precision */ + 2 + 2 /* size */ + 1 /* count */ + 3 * components;
  if (lengthBytes !== expectedBytes) return broken("its frame header is damaged");
  // A height of 0 is told later by a DNL segment; nobody but scanners of endless paper writes that.
  if (width === 0 || height === 0) return broken(`its size is ${width} × ${height}`);
  return { kind: "size", width, height };
}

/** NaN beyond the end. */
function uint16(data: Uint8Array, at: number): number {
  return (data[at] ?? Number.NaN) * 256 + (data[at + 1] ?? Number.NaN);
}

function broken(reason: string): JpegSize {
  return { kind: "broken", reason };
}
