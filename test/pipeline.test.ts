import { join } from "node:path";
import { BehaviorSubject } from "rxjs";
import { expect, test } from "vitest";
import { nodeFiles } from "../src/buffer/disk/node-files.ts";
import { deviceKeyFrom } from "../src/buffer/key-provider.ts";
import { openStorage } from "../src/buffer/open-storage.ts";
import { CAMERAS, frameNumber, releasedOutcome } from "./kit/buffer.ts";
import { tempDir } from "./kit/cli.ts";
import { T0_MS } from "./kit/drives.ts";
import type { Joined } from "./kit/joined.ts";
import { joinedVehicle, ledgerOf, regionOf, vehicleConfig } from "./kit/joined.ts";
import { regionShape, zonesWith } from "./kit/region-zones.ts";
import { ORIGIN, place, squareZone } from "./kit/place.ts";
import { createDataCentre, openedBy } from "./upload/kit/data-centre.ts";
import { ingestOf } from "./upload/kit/faults.ts";

const NOWHERE = "http://127.0.0.1:1/";

async function centreAndRegion() {
  const centre = await createDataCentre();
  const { url } = await ingestOf(centre);
  return { centre, region: regionOf(centre, url) };
}

/** The signed sums of a closed ledger, which must be sound. */
async function sums(config: ReturnType<typeof vehicleConfig>) {
  const { verdict, findings, lines } = await ledgerOf(config);
  expect(findings.filter(({ kind }) => kind !== "own-key")).toEqual([]);
  expect(verdict).toBe("sound");
  const last = lines.findLast(({ event }) => event === "checkpoint");
  expect(last).toMatchObject({ closing: true });
  return last as unknown as Record<"frames" | "released" | "segments", Record<string, number>>;
}

const sha256s = (vehicle: Joined) =>
  Object.fromEntries(
    vehicle.events.flatMap((event) =>
      event.kind === "sealed" ? [[event.segment.id, event.segment.sha256]] : [],
    ),
  );

test("a released frame is sealed, judged again, sent to its region's data centre, and accounted for", async () => {
  const { centre, region } = await centreAndRegion();
  const config = vehicleConfig([region]);
  const vehicle = await joinedVehicle(config);
  vehicle.useZones(zonesWith());
  await vehicle.drive(30);
  await vehicle.pipeline.close({ sendForMs: 20_000 });
  expect(vehicle.kinds()).toEqual(["sealed", "sent"]);
  expect(centre.held()).toEqual(sha256s(vehicle));
  const passed = vehicle.reasons().filter((reason) => reason === "clear").length;
  expect(passed).toBeGreaterThan(20);
  expect(await sums(config)).toMatchObject({
    frames: { in: 30, passed, dropped: 30 - passed, lost: 0 },
    released: { released: passed, sent: passed, stored: 0, lost: 0, unsealed: 0 },
    segments: { sealed: 1, sent: 1, stored: 0 },
  });
});

test("a new zone set destroys what it restricts before anything more is sent", async () => {
  const { centre, region } = await centreAndRegion();
  const config = vehicleConfig([region], { upload: { maxBytesPerSecond: 200_000, pollMs: 5 } });
  const vehicle = await joinedVehicle(config);
  vehicle.useZones(zonesWith());
  await vehicle.drive(20, undefined, { data: new Uint8Array(60_000), width: 300, height: 200 });
  // Sealed by the next set; its upload takes seconds, and is under way when the third set comes.
  vehicle.useZones(zonesWith(undefined, { hash: "b".repeat(64) }));
  await vehicle.pipeline.idle();
  while (centre.incoming().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const here = squareZone({ eastM: -50, northM: -50, sideM: 100 });
  vehicle.useZones(zonesWith([here], { hash: "c".repeat(64) }));
  await vehicle.pipeline.idle();
  expect(vehicle.kinds()).toEqual(["sealed", "destroyed restricted"]);
  expect(vehicle.pipeline.status()).toMatchObject({ segments: { ready: 0, unchecked: 0 }, sentSegments: 0 });
  await vehicle.pipeline.close({ sendForMs: 1000 });
  expect(centre.held()).toEqual({});
  const { lines } = await ledgerOf(config);
  expect(lines.filter(({ event }) => event === "rechecked").at(-1)).toMatchObject({
    zoneSet: "c".repeat(64),
    kept: 0,
    destroyed: 1,
  });
  expect((await sums(config)).segments).toMatchObject({ sealed: 1, destroyed: 1, sent: 0 });
});

test("what the guard revokes is destroyed, sealed or not", async () => {
  const { recipient } = await createDataCentre();
  const config = vehicleConfig([], { holdRecipient: recipient, buffer: { maxSegmentMs: 1000 } });
  const vehicle = await joinedVehicle(config);
  vehicle.useZones(zonesWith());
  await vehicle.drive(25);
  const before = vehicle.kinds();
  expect(before.filter((kind) => kind === "sealed").length).toBeGreaterThan(1);
  // A receiver that jumps: what was released since the last trusted fix is in question.
  await vehicle.pass(100);
  for (let i = 0; i < 5; i++) {
    vehicle.frame();
    await vehicle.pass(60);
  }
  vehicle.fix({ eastM: 5000 });
  await vehicle.pipeline.idle();
  expect(vehicle.kinds().some((kind) => /revoked/.test(kind))).toBe(true);
  await vehicle.pipeline.close();
  const { released } = await sums(config);
  expect((released["lost"] ?? 0) + (released["destroyed"] ?? 0)).toBeGreaterThan(4);
});

test("what lies across a border, or in a region without a data centre, stays in the vehicle", async () => {
  const { centre, region } = await centreAndRegion();
  const config = vehicleConfig([region], { holdRecipient: region.recipient, buffer: { maxSegmentMs: 1000 } });
  const vehicle = await joinedVehicle(config);
  // Two regions that meet 20 km east of the origin.
  vehicle.useZones(zonesWith(undefined, { regions: [regionShape("cn"), regionShape("kz", 40_000)] }));
  await vehicle.drive(15, (step) => ({ eastM: 19_980 + 2 * step, speedMps: 20, courseDeg: 90 }));
  await vehicle.pipeline.close({ sendForMs: 3000 });
  const held = vehicle.events.flatMap((event) => (event.kind === "sealed" ? [event.segment.region] : []));
  expect(held).toContain(null);
  const kept = vehicle.pipeline.status().segments.held;
  expect(kept).toBeGreaterThan(0);
  expect(Object.keys(centre.held()).length).toBe(held.filter((each) => each === "cn").length);
  expect((await sums(config)).segments["stored"]).toBe(kept);
});

test("segments tell fixes as the receiver gave them, and none inside a zone, whichever camera that is for", async () => {
  const { centre, region } = await centreAndRegion();
  const config = vehicleConfig([region]);
  const vehicle = await joinedVehicle(config);
  // The front camera is free to see it, and passes within.
  const site = squareZone({ eastM: 200, northM: -50, sideM: 100, cameras: ["rear"] });
  vehicle.useZones(zonesWith([site]));
  await vehicle.drive(250, (step) => ({ eastM: 2 * step, speedMps: 20, courseDeg: 90, accuracyM: 2 }));
  await vehicle.pipeline.close({ sendForMs: 20_000 });
  const opened = await openedBy(centre);
  const images = opened.flatMap(({ topics }) => topics.filter((topic) => topic === "/camera/front"));
  expect(images.length).toBeGreaterThan(200);
  const easts = opened.flatMap(({ fixes }) => fixes.map(({ longitude }) => eastOf(longitude)));
  expect(easts.length).toBeGreaterThan(100);
  // The zone from 200 m to 300 m, with its standoff and the fix's accuracy.
  expect(easts.filter((eastM) => eastM > 200 - 25 - 2 && eastM < 300 + 25 + 2)).toEqual([]);
  for (const eastM of easts) expect(Math.abs(eastM / 2 - Math.round(eastM / 2))).toBeLessThan(0.01);
});

const eastOf = (longitude: number) => (longitude - ORIGIN.lonDeg) / (place(1, 0).lonDeg - ORIGIN.lonDeg);

test("nothing is sent once the zone set in force has expired, until another one judges it", async () => {
  const { centre, region } = await centreAndRegion();
  const config = vehicleConfig([region]);
  const mayUpload = new BehaviorSubject(false);
  const vehicle = await joinedVehicle(config, { mayUpload });
  vehicle.useZones(zonesWith(undefined, { expiresMs: T0_MS + 2500 }));
  await vehicle.drive(20);
  await vehicle.pass(12_000);
  expect(vehicle.pipeline.status().segments.ready).toBe(1);
  mayUpload.next(true);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect([centre.held(), centre.incoming()]).toEqual([{}, []]);
  vehicle.useZones(zonesWith());
  await vehicle.pipeline.close({ sendForMs: 20_000 });
  expect(centre.held()).toEqual(sha256s(vehicle));
});

test("a second process is refused with one clear line, and the folder is free after the first", async () => {
  const config = vehicleConfig();
  const first = await joinedVehicle(config);
  await expect(joinedVehicle(config)).rejects.toThrow(/data folder that another camfence process uses/);
  await first.pipeline.close();
  const second = await joinedVehicle(config);
  await second.pipeline.close();
});

test("what a session leaves is carried into the next, judged by its zones and sent", async () => {
  const { centre, region } = await centreAndRegion();
  const config = vehicleConfig([{ ...region, endpoint: NOWHERE }]);
  const first = await joinedVehicle(config);
  first.useZones(zonesWith());
  await first.drive(20);
  await first.pipeline.close();
  expect(first.kinds()).toEqual(["sealed"]);
  const later = { ...config, regions: vehicleConfig([region]).regions };
  const second = await joinedVehicle(later, {}, first.nowMs() + 60_000);
  await second.pass(3000);
  expect(second.pipeline.status()).toMatchObject({ zoneSet: null, segments: { unchecked: 1, ready: 0 } });
  second.useZones(zonesWith());
  await second.pipeline.close({ sendForMs: 20_000 });
  expect(centre.held()).toEqual(sha256s(first));
  expect(await sums(config)).toMatchObject({ segments: { carried: 1, sealed: 0, sent: 1, stored: 0 } });
});

test("what start-up recovers of a crash was released before: it is carried over, and sealed by no session again", async () => {
  const { recipient } = await createDataCentre();
  const config = vehicleConfig([], { holdRecipient: recipient });
  const { storage } = await openStorage({
    files: await nodeFiles(join(config.folder, "segments")),
    deviceKey: await deviceKeyFrom(config.deviceKey, {}).key(),
    policy: { ...config.buffer, flushMs: 0 },
    keeping: { cabin: "drop", clockErrorMs: 50 },
    vehicle: config.vehicle,
    cameras: CAMERAS,
    recipients: {},
    holdRecipient: recipient,
  });
  for (let seq = 0; seq < 6; seq++) storage.write(releasedOutcome(frameNumber(seq)));
  await storage.idle();
  const vehicle = await joinedVehicle(config);
  expect(vehicle.pipeline.found).toMatchObject([
    { kind: "sealed", segment: { ending: "recovered" } },
    { kind: "lost", why: "crash" },
  ]);
  await vehicle.pipeline.close();
  expect(await sums(config)).toMatchObject({
    released: { carried: 6, stored: 6, unsealed: 0 },
    segments: { carried: 1, sealed: 0, stored: 1 },
  });
});

test("mistakes in keys, tokens and the folder are refused in one line, and leave the folder free", async () => {
  const config = vehicleConfig();
  const wrong = { ...config, deviceKey: { file: `${tempDir()}/none` } };
  await expect(joinedVehicle(wrong)).rejects.toThrow(/device key/);
  const { region } = await centreAndRegion();
  const [parsed] = vehicleConfig([region]).regions;
  if (parsed === undefined) throw new Error("no region");
  const regions = [
    { ...parsed, tokenFile: "/none/token" },
    { ...parsed, id: "de", caFile: "/none/ca" },
  ];
  await expect(joinedVehicle({ ...config, regions })).rejects.toThrow(/token of cn.*authorities of de/);
  const vehicle = await joinedVehicle(config);
  await vehicle.pipeline.close();
});
