import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { McapStreamReader } from "@mcap/core";
import { expect, test } from "vitest";
import { demo } from "../../src/cli/demo.ts";
import { replay } from "../../src/cli/replay.ts";
import { camfence, inProcess, tempDir } from "../kit/cli.ts";
import { nmeaFile } from "../kit/drives.ts";
import { box, feature, zoneFile } from "../kit/zones.ts";

const DRIVE = { latDeg: 48, lonDeg: 11, speedMps: 14, seconds: 40 };
const SITE = feature({ id: "site", category: "government" }, box(11.005, 47.999, 11.006, 48.001));
const REGION = feature({ id: "r", kind: "region", region: "de" }, box(10, 47, 12, 49));

interface DemoJson {
  readonly isFine: boolean;
  readonly frames: { readonly passed: number; readonly blurred: number; readonly dropped: number };
  readonly sealed: { readonly segments: number; readonly frames: number; readonly left: number };
  readonly sent: readonly string[];
  readonly opened: readonly string[];
  readonly ledger: { readonly path: string; readonly key: string };
}

/** By MCAP's own reader, which checks every CRC. */
function imagesIn(file: string): number {
  const reader = new McapStreamReader({ validateCrcs: true });
  reader.append(readFileSync(file));
  const cameras = new Set<number>();
  let images = 0;
  for (let record = reader.nextRecord(); record !== undefined; record = reader.nextRecord()) {
    if (record.type === "Channel" && /^\/camera\/[a-z]+$/.test(record.topic)) cameras.add(record.id);
    if (record.type === "Message" && cameras.has(record.channelId)) images++;
  }
  return images;
}

test("one command drives, guards, seals, sends, opens and verifies, with the verdicts of a replay", async () => {
  const [out, plain] = [tempDir(), tempDir()];
  const drive = [
    nmeaFile(DRIVE),
    "--zones",
    zoneFile([SITE, REGION]),
    "--cameras",
    "front:0:100,rear:180:100",
  ];
  const { code, stdout, stderr } = await camfence("demo", ...drive, "--out", out, "--json");
  expect([code, stderr]).toEqual([0, ""]);
  const end = JSON.parse(stdout) as DemoJson;
  expect(end.frames.dropped).toBeGreaterThan(10);
  expect(end.sealed).toMatchObject({ frames: end.frames.passed + end.frames.blurred, left: 0 });
  expect(end.sealed.segments).toBeGreaterThan(2);
  expect(end.opened.map(imagesIn).reduce((sum, images) => sum + images, 0)).toBe(end.sealed.frames);
  for (const file of end.sent)
    expect(readFileSync(file).toString("latin1", 0, 21)).toBe("age-encryption.org/v1");
  expect(readdirSync(join(out, "vehicle/data/segments"))).toEqual([]);
  expect((await camfence("ledger", "verify", end.ledger.path, "--key", end.ledger.key)).code).toBe(0);
  await inProcess(replay, ...drive, "--out", plain);
  const verdicts = (dir: string) => readFileSync(join(dir, "verdicts.jsonl"), "utf8");
  expect(verdicts(out)).toBe(verdicts(plain));
});

test("frames of a region without a data centre never leave, and the command says so", async () => {
  const out = tempDir();
  const drive = [nmeaFile(DRIVE), "--zones", zoneFile([SITE, REGION])];
  const { code, stdout } = await inProcess(demo, ...drive, "--region", "cn", "--out", out, "--json");
  const end = JSON.parse(stdout) as DemoJson;
  expect([code, end.sent, end.sealed.segments]).toEqual([0, [], 0]);
});

test("a demo replaces the one before, and touches no folder that is not one's", async () => {
  const out = tempDir();
  const drive = [nmeaFile({ ...DRIVE, seconds: 5 }), "--zones", zoneFile([SITE, REGION]), "--out", out];
  for (let i = 0; i < 2; i++) expect((await inProcess(demo, ...drive)).code).toBe(0);
  const other = tempDir();
  mkdirSync(join(other, "vehicle"));
  const refused = await inProcess(demo, ...drive.slice(0, -1), other);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("is no demo's")]);
  const lost = await inProcess(demo, nmeaFile(DRIVE), "--zones", zoneFile([SITE]), "--out", tempDir());
  expect([lost.code, lost.stderr]).toEqual([2, expect.stringContaining("zone files without a region")]);
});
