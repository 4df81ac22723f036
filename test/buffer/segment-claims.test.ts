import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import internal from "@foxglove/schemas/internal.js";
import { expect, test } from "vitest";
import { McapWriter } from "../../src/buffer/mcap/mcap-writer.ts";
import { memoryFiles } from "../../src/buffer/disk/memory-files.ts";
import { CLAIMS, ENDING, claimsRecord, endingRecord, readClaims } from "../../src/buffer/segment-claims.ts";
import { openVault } from "../../src/buffer/segment-vault.ts";
import { LOCATION_SCHEMA } from "../../src/buffer/location-messages.ts";
import {
  DEVICE_KEY,
  IDENTITY,
  framesAsOpened,
  readSegmentMcap,
  sealedBytes,
  writeFrames,
  writerFor,
} from "../kit/buffer.ts";
import { tempDir } from "../kit/cli.ts";

const HEAD = { id: "a", region: "cn", vehicle: "v", zoneSetHash: "f" };
const END = { firstMs: 1.5, lastMs: 2, frames: 3, ending: "whole" } as const;

async function mcapOf(records: readonly (readonly [string, Map<string, string>])[]): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  const writer = new McapWriter({ append: async (bytes) => void pieces.push(Uint8Array.from(bytes)) });
  await writer.begin();
  for (const [name, content] of records) await writer.addMetadata(name, content);
  await writer.end();
  return pieces;
}

async function* stream(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

test("claims come back as they were written; no region is an empty one", async () => {
  const read = await readClaims(
    stream(
      await mcapOf([
        [CLAIMS, claimsRecord(HEAD)],
        [ENDING, endingRecord(END)],
      ]),
    ),
  );
  expect(read).toEqual({
    claims: { version: "1", id: "a", region: "cn", vehicle: "v", zoneSet: "f" },
    ending: END,
  });
  expect(claimsRecord({ ...HEAD, region: null }).get("region")).toBe("");
});

test("a later record of the same name changes nothing", async () => {
  const other = claimsRecord({ ...HEAD, region: "de" });
  const pieces = await mcapOf([
    [CLAIMS, claimsRecord(HEAD)],
    [CLAIMS, other],
    [ENDING, endingRecord(END)],
  ]);
  expect((await readClaims(stream(pieces))).claims.region).toBe("cn");
});

test("an MCAP file without claims, of another version, or without its ending is refused by name", async () => {
  const refusal = (records: Parameters<typeof mcapOf>[0]) =>
    mcapOf(records).then((pieces) => readClaims(stream(pieces)));
  await expect(refusal([[ENDING, endingRecord(END)]])).rejects.toMatchObject({ code: "malformed" });
  const v2 = new Map([...claimsRecord(HEAD), ["version", "2"]]);
  await expect(
    refusal([
      [CLAIMS, v2],
      [ENDING, endingRecord(END)],
    ]),
  ).rejects.toMatchObject({ code: "malformed" });
  await expect(refusal([[CLAIMS, claimsRecord(HEAD)]])).rejects.toMatchObject({ code: "cut-off" });
});

test("our LocationFix has only fields of Foxglove's, with its enumeration", () => {
  const fields = internal.foxgloveMessageSchemas.LocationFix.fields.map(({ name }) => name);
  expect(fields).toEqual(expect.arrayContaining(Object.keys(LOCATION_SCHEMA.schema.properties)));
  expect(internal.foxgloveEnumSchemas.PositionCovarianceType.values.map(({ value }) => value)).toEqual([
    0, 1, 2, 3,
  ]);
});

const hasAge = spawnSync("age", ["--version"]).status === 0;
if (!hasAge)
  process.stderr.write("tests: the age command is absent (apt-get install age), its tests are skipped\n");

test.skipIf(!hasAge).each(["whole", "recovered"] as const)(
  "age -d opens a %s segment as a whole MCAP file",
  async (ending) => {
    const files = memoryFiles();
    const opened = await openVault({ files, deviceKey: DEVICE_KEY });
    const writer = writerFor(opened.vault, { policy: { flushMs: 300 } });
    await writeFrames(writer, 0, 11, 100_000);
    if (ending === "whole") await writer.close();
    const { vault } = await openVault({ files, deviceKey: DEVICE_KEY });
    const [segment] = vault.list();
    expect(segment?.ending).toBe(ending);
    const key = join(tempDir(), "key");
    writeFileSync(key, `${IDENTITY}\n`, { mode: 0o600 });
    const input = await sealedBytes(vault, segment?.id ?? "");
    const plain = execFileSync("age", ["-d", "-i", key], { input, maxBuffer: 1 << 30 });
    const { frames } = readSegmentMcap(plain);
    expect(frames).toEqual(framesAsOpened(0, frames.length, 100_000));
    expect(frames.length).toBe(ending === "whole" ? 11 : 10);
  },
);
