import { readFileSync } from "node:fs";
import { array, assert, asyncProperty, nat, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { CamfenceError } from "../../../src/core/errors.ts";
import type { RecordedMessage } from "../../../src/sources/mcap/recording-sink.ts";
import { piecesSource } from "../../../src/sources/mcap/byte-source.ts";
import { readRecording } from "../../../src/sources/mcap/read-recording.ts";
import { drive } from "../../kit/filter.ts";
import type { Packing } from "../../kit/recording.ts";
import { readStream, recording } from "../../kit/recording.ts";
import { hasSharedData, sharedFiles } from "../../kit/shared-data.ts";

async function read(bytes: Uint8Array, pieceBytes = 1000) {
  const messages: RecordedMessage[] = [];
  const attachments: number[] = [];
  let metadata = 0;
  let topics = 0;
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.slice(at, at + pieceBytes);
  }
  const losses = await readRecording(piecesSource(pieces()), {
    message: (message) => messages.push(message),
    metadata: () => void metadata++,
    attachment: (_head, bodyBytes) => void attachments.push(bodyBytes),
    channel: () => void topics++,
  });
  return { messages, attachments, metadata, topics, losses };
}

describe.skipIf(!hasSharedData)("the conformance recordings of the format's makers", () => {
  const files = sharedFiles("suites/mcap").filter((name) => name.endsWith(".mcap"));

  it("are many", () => expect(files.length).toBeGreaterThan(100));

  it.each(files)("%s", async (file) => {
    const bytes = new Uint8Array(readFileSync(file));
    const theirs = readStream(bytes);
    const of = (type: string) => theirs.filter((record) => record.type === type);
    const { messages, attachments, metadata, losses } = await read(bytes, 7);
    expect(losses).toEqual([]);
    expect(messages.map(({ data, channel }) => [channel.topic, ...data])).toEqual(
      of("Message").map((record) => ["example", ...((record as { readonly data?: Uint8Array }).data ?? [])]),
    );
    expect([attachments.length, metadata]).toEqual([of("Attachment").length, of("Metadata").length]);
  });
});

describe("a recording that is cut off", () => {
  it.each<Packing>(["none", "unchunked", "zstd", "lz4"])(
    "%s: gives what is whole, and says that it is cut",
    async (packing) => {
      const bytes = await recording(drive().slice(0, 60), { packing, chunkSize: 4096, metadata: true });
      const whole = await read(bytes);
      expect(whole.losses).toEqual([]);
      let before = 0;
      for (let cut = 8; cut < bytes.length; cut += 997) {
        const { messages, losses } = await read(bytes.slice(0, cut));
        expect(losses.length, `cut at ${cut}`).toBeGreaterThan(0);
        expect(messages.length).toBeGreaterThanOrEqual(before);
        expect(messages.map(({ logMs }) => logMs)).toEqual(
          whole.messages.slice(0, messages.length).map(({ logMs }) => logMs),
        );
        before = messages.length;
      }
      expect(before).toBe(whole.messages.length);
    },
  );
});

describe("damage", () => {
  it.each<Packing>(["none", "zstd", "lz4"])(
    "%s: a chunk that is damaged is left out as a whole",
    async (packing) => {
      const bytes = await recording(drive().slice(0, 60), { packing, chunkSize: 4096 });
      const whole = await read(bytes);
      const damaged = bytes.slice();
      const middle = Math.floor(bytes.length * 0.6);
      damaged[middle] = (damaged[middle] ?? 0) ^ 0xff;
      const { messages, losses } = await read(damaged);
      expect(losses.join()).toMatch(
        /a chunk with whatever it held: (its checksum is wrong|its \w+ data is damaged|got \d+ bytes)/,
      );
      expect(messages.length).toBeLessThan(whole.messages.length);
      expect(messages.length).toBeGreaterThan(whole.messages.length / 2);
    },
  );

  it("outside of chunks, the checksum of all data tells", async () => {
    const bytes = await recording(drive().slice(0, 60), { packing: "unchunked" });
    const at = Buffer.from(bytes).indexOf(Buffer.from("at 17723520", "utf8"));
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    expect((await read(bytes)).losses).toEqual([
      expect.stringContaining("the checksum of all data is wrong"),
    ]);
  });

  it("bytes after the end are said", async () => {
    const bytes = await recording(drive().slice(0, 10));
    const { losses, messages } = await read(Buffer.concat([bytes, bytes]));
    expect(losses).toEqual([expect.stringContaining(`${bytes.length} bytes after the end`)]);
    expect(messages.length).toBeLessThan(11);
  });

  it("a channel that is declared anew in other words loses its messages from there on", async () => {
    const bytes = await recording(drive().slice(0, 60), { packing: "unchunked" });
    const whole = await read(bytes);
    const channel = Buffer.from(whole.messages[0]?.record ?? []).readUInt16LE(9);
    // No schema, topic "x", encoding "json", no metadata.
    const record = Buffer.from("040000000000000000000000000100000078040000006a736f6e00000000", "hex");
    record.writeBigUInt64LE(BigInt(record.length - 9), 1);
    record.writeUInt16LE(channel, 9);
    const middle = whole.messages[20]?.record ?? new Uint8Array(0);
    const at = Buffer.from(bytes).indexOf(Buffer.from(middle));
    const { messages, losses } = await read(
      Buffer.concat([bytes.subarray(0, at), record, bytes.subarray(at)]),
    );
    expect(losses.join()).toContain("declared twice, in different words");
    expect(messages.filter(({ channel: { id } }) => id === channel).length).toBeLessThanOrEqual(20);
  });

  it("what is no MCAP is refused, whatever it is", async () => {
    for (const bytes of [
      new Uint8Array(0),
      new TextEncoder().encode("$GPRMC,080000,A"),
      new Uint8Array(100),
    ]) {
      await expect(read(bytes)).rejects.toThrow(/expected an MCAP recording/);
    }
  });
});

describe("hostile lengths", () => {
  const MAGIC = Uint8Array.of(0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a);

  it.each([2 ** 28 + 1, 2 ** 40, 2 ** 62])(
    "a record that says it has %d bytes takes no memory",
    async (length) => {
      const head = Buffer.alloc(9, 6);
      head.writeBigUInt64LE(BigInt(length), 1);
      const before = process.memoryUsage().arrayBuffers;
      const { losses } = await read(Buffer.concat([MAGIC, head, Buffer.alloc(5000)]));
      expect(losses.length).toBeGreaterThan(0);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10e6);
    },
  );

  it("a chunk that says it unpacks to a terabyte is left out", async () => {
    const bytes = Buffer.from(await recording(drive().slice(0, 20), { packing: "zstd", chunkSize: 4096 }));
    const at = bytes.indexOf(Buffer.from([4, 0, 0, 0, ...Buffer.from("zstd")]));
    bytes.writeBigUInt64LE(2n ** 40n, at - 12);
    const { losses } = await read(bytes);
    expect(losses.join()).toMatch(/says it unpacks to 1099511627776 bytes/);
  });
});

it("any damage gives messages that were there, or an error that says what is wrong", async () => {
  const bytes = await recording(drive().slice(0, 40), { chunkSize: 2048, metadata: true });
  const known = new Set((await read(bytes)).messages.map(({ data }) => Buffer.from(data).toString("base64")));
  await assert(
    asyncProperty(
      array(tuple(nat(bytes.length - 1), nat(255)), { minLength: 1, maxLength: 4 }),
      async (changes) => {
        const damaged = bytes.slice();
        for (const [at, value] of changes) damaged[at] = value;
        try {
          const { messages } = await read(damaged, 5000);
          // Chunks have checksums: what comes out of them is what was put in.
          for (const { data } of messages) expect(known).toContain(Buffer.from(data).toString("base64"));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(CamfenceError);
        }
      },
    ),
    { numRuns: process.env["SLOW"] === undefined ? 150 : 5000, seed: 7 },
  );
});
