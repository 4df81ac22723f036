import { McapStreamReader } from "@mcap/core";

export interface McapImage {
  readonly camera: string;
  readonly seq: number;
  readonly data: Uint8Array;
}

/** The images of a recording, by MCAP's own reader and the few lines of protobuf that it takes to find their bytes. */
export function imagesIn(plain: Uint8Array): readonly McapImage[] {
  const reader = new McapStreamReader({ validateCrcs: true });
  reader.append(plain);
  const topics = new Map<number, string>();
  const images: McapImage[] = [];
  for (let record = reader.nextRecord(); record !== undefined; record = reader.nextRecord()) {
    if (record.type === "Channel") topics.set(record.id, record.topic);
    if (record.type !== "Message") continue;
    const camera = /^\/camera\/([^/]+)$/.exec(topics.get(record.channelId) ?? "")?.[1];
    if (camera !== undefined) images.push({ camera, seq: record.sequence, data: dataField(record.data) });
  }
  return images;
}

/** Field 2 of `foxglove.CompressedImage`. */
function dataField(message: Uint8Array): Uint8Array {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const [field, type] = [message[at] ?? 0, (message[at] ?? 0) & 7];
    at++;
    if (type !== 2) throw new RangeError(`a field of wire type ${type}, expected bytes`);
    const size = varint();
    if (field >> 3 === 2) return message.subarray(at, at + size);
    at += size;
  }
  throw new RangeError("an image without data");
}
