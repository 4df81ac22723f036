import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { BehaviorSubject } from "rxjs";
import { afterAll, describe, expect, test } from "vitest";
import { tempDir } from "./kit/cli.ts";
import { joinedVehicle, ledgerOf, regionOf, vehicleConfig } from "./kit/joined.ts";
import { zonesWith } from "./kit/region-zones.ts";
import { TOKEN, createDataCentre } from "./upload/kit/data-centre.ts";
import { atEnd, ingestOf } from "./upload/kit/faults.ts";

const NOWHERE = "http://127.0.0.1:1/";
const BIG = { data: new Uint8Array(60_000), width: 300, height: 200 };

/** The last signed sums of a ledger that must be sound. */
async function account(config: Parameters<typeof ledgerOf>[0]) {
  const { verdict, findings, lines } = await ledgerOf(config);
  expect([verdict, findings.filter(({ kind }) => kind !== "own-key")]).toEqual(["sound", []]);
  const last = lines.findLast(({ event }) => event === "checkpoint");
  return {
    lines,
    ...(last as unknown as Record<"frames" | "released" | "segments", Record<string, number>>),
  };
}

async function redirectTo(url: string): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(307, { Location: new URL(request.url ?? "/", url).href }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

type Centre = Awaited<ReturnType<typeof createDataCentre>>;
const ENDINGS: readonly (readonly [string, string, (centre: Centre, url: string) => Promise<object>])[] = [
  [
    "a token that it does not know",
    "refused no-access",
    async (centre, url) => {
      const tokenFile = join(tempDir(), "token");
      writeFileSync(tokenFile, `${TOKEN}x`);
      return { ...regionOf(centre, url), tokenFile };
    },
  ],
  [
    "the address of another region's data centre",
    "wrong-region",
    async (centre) => {
      const other = await createDataCentre("kz");
      const { url } = await ingestOf(other);
      return { ...regionOf(centre, url), receiptKey: other.receiptKey };
    },
  ],
  [
    "a receiver that sends it elsewhere",
    "refused redirect",
    async (centre, url) => regionOf(centre, await redirectTo(url)),
  ],
  [
    "a receipt of a key that it does not trust",
    "invalid-receipt wrong-signature",
    async (centre, url) => ({ ...regionOf(centre, url), receiptKey: (await createDataCentre()).receiptKey }),
  ],
  ["a receiver that is not there", "retry-later unreachable", async (centre) => regionOf(centre, NOWHERE)],
];

test.each(ENDINGS)(
  "a vehicle with %s keeps what it sealed, and accounts for it",
  async (_what, ending, regionFor) => {
    const centre = await createDataCentre();
    const { url } = await ingestOf(centre);
    const config = vehicleConfig([(await regionFor(centre, url)) as Record<string, unknown>]);
    const vehicle = await joinedVehicle(config);
    vehicle.useZones(zonesWith());
    await vehicle.drive(20);
    await vehicle.pipeline.close({ sendForMs: 700 });
    expect(vehicle.pipeline.status()).toMatchObject({
      uploads: { cn: ending },
      segments: { ready: 1 },
      sentSegments: 0,
    });
    expect(readdirSync(join(config.folder, "segments")).length).toBe(2);
    expect((await account(config)).segments).toMatchObject({ sealed: 1, stored: 1, sent: 0 });
  },
);

test("a segment that rotted on disk is refused for its hash, and stays", async () => {
  const centre = await createDataCentre();
  const config = vehicleConfig([regionOf(centre, NOWHERE)]);
  const first = await joinedVehicle(config);
  first.useZones(zonesWith());
  await first.drive(20);
  await first.pipeline.close();
  const folder = join(config.folder, "segments");
  const file = join(folder, readdirSync(folder).find((name) => name.endsWith(".mcap.age")) ?? "");
  const bytes = readFileSync(file);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  const { url } = await ingestOf(centre);
  const later = { ...config, regions: vehicleConfig([regionOf(centre, url)]).regions };
  const second = await joinedVehicle(later, {}, first.nowMs() + 1000);
  second.useZones(zonesWith());
  await second.pipeline.close({ sendForMs: 1500 });
  expect(second.pipeline.status()).toMatchObject({ uploads: { cn: "wrong-hash" }, segments: { ready: 1 } });
  expect(centre.held()).toEqual({});
  expect((await account(config)).segments).toMatchObject({ carried: 1, stored: 1, sent: 0 });
});

test("a copy of a vehicle's disk sends nothing twice: the data centre keeps one of each", async () => {
  const centre = await createDataCentre();
  const config = vehicleConfig([regionOf(centre, NOWHERE)]);
  const first = await joinedVehicle(config);
  first.useZones(zonesWith());
  await first.drive(20);
  await first.pipeline.close();
  const copy = join(tempDir(), "copy");
  cpSync(config.folder, copy, { recursive: true });
  const { url } = await ingestOf(centre);
  const { regions } = vehicleConfig([regionOf(centre, url)]);
  for (const folder of [config.folder, copy]) {
    const vehicle = await joinedVehicle({ ...config, regions, folder }, {}, first.nowMs() + 1000);
    vehicle.useZones(zonesWith());
    await vehicle.pipeline.close({ sendForMs: 20_000 });
    expect(vehicle.kinds()).toEqual(["sent"]);
    expect((await account({ folder })).segments).toMatchObject({ carried: 1, sent: 1, stored: 0 });
  }
  expect(Object.keys(centre.held()).length).toBe(1);
});

test.each([
  ["back by an hour", -3_600_000],
  ["forward by a day", 86_400_000],
])(
  "a clock that steps %s loses no account of a frame, and nothing passes until fixes agree",
  async (_what, stepMs) => {
    const centre = await createDataCentre();
    const { url } = await ingestOf(centre);
    const config = vehicleConfig([regionOf(centre, url)]);
    const vehicle = await joinedVehicle(config);
    vehicle.useZones(zonesWith());
    await vehicle.drive(20);
    const before = vehicle.reasons().length;
    vehicle.setClock(vehicle.nowMs() + stepMs);
    vehicle.frame();
    await vehicle.pipeline.idle();
    expect(vehicle.reasons().slice(before)).not.toContain("clear");
    for (let i = 0; i < 20; i++) {
      vehicle.setClock(vehicle.nowMs() + 100);
      vehicle.fix();
      vehicle.frame();
      await vehicle.pipeline.idle();
    }
    expect(vehicle.reasons().at(-1)).toBe("clear");
    await vehicle.pipeline.close({ sendForMs: 20_000 });
    const spans = vehicle.events.flatMap((event) =>
      event.kind === "sealed" ? [event.segment.lastMs - event.segment.firstMs] : [],
    );
    expect(Math.max(...spans)).toBeLessThan(10_000);
    const { frames, released, lines } = await account(config);
    expect(frames).toMatchObject({ in: 41, lost: 0 });
    expect(released).toMatchObject({ sent: released["released"], stored: 0, unsealed: 0 });
    expect(lines.some(({ event }) => event === "clock-back")).toBe(stepMs < 0);
  },
);

const small = mountSmall();
describe.skipIf(small === null)("a data folder on a full disk", () => {
  test.each(["refuse-new", "delete-oldest"] as const)(
    "%s: the process goes on, writing resumes with space, and every frame is accounted for",
    async (whenFull) => {
      const centre = await createDataCentre();
      const { url } = await ingestOf(centre);
      const folder = join(small ?? "", whenFull);
      const given = { folder, buffer: { whenFull, maxSegmentMs: 500 }, upload: { pollMs: 20 } };
      const config = vehicleConfig([regionOf(centre, url)], given);
      const mayUpload = new BehaviorSubject(false);
      const vehicle = await joinedVehicle(config, { mayUpload });
      vehicle.useZones(zonesWith());
      await vehicle.drive(20, undefined, BIG);
      const ballast = join(small ?? "", "ballast");
      fill(ballast);
      await vehicle.drive(40, undefined, BIG);
      expect(vehicle.pipeline.status().lostFrames["no-space"] ?? 0).toBeGreaterThan(0);
      rmSync(ballast);
      await vehicle.pass(3000);
      const sealedBefore = vehicle.kinds().filter((kind) => kind === "sealed").length;
      await vehicle.drive(20, undefined, BIG);
      mayUpload.next(true);
      expect(await vehicle.pipeline.close({ sendForMs: 20_000 })).toBe("written");
      expect(vehicle.kinds().filter((kind) => kind === "sealed").length).toBeGreaterThan(sealedBefore);
      const { frames, released } = await account(config);
      expect(frames).toMatchObject({ in: 80, lost: 0 });
      const { sent = 0, lost = 0, destroyed = 0 } = released;
      expect(released).toMatchObject({ released: frames["passed"], stored: 0, unsealed: 0 });
      expect(sent + lost + destroyed).toBe(frames["passed"]);
      expect(destroyed > 0).toBe(whenFull === "delete-oldest");
    },
  );
});

function fill(path: string): void {
  try {
    execFileSync("dd", ["if=/dev/zero", `of=${path}`, "bs=16k"], { stdio: "ignore" });
  } catch {
    return; // it ends when the disk is full
  }
}

function mountSmall(): string | null {
  const folder = tempDir();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=6m", "tmpfs", folder], { stdio: "ignore" });
    afterAll(() => void execFileSync("umount", ["-l", folder]));
    return folder;
  } catch {
    process.stderr.write("tests: no tmpfs can be mounted here, the vehicle's full disk is skipped\n");
    return null;
  }
}
