import { expect, test } from "vitest";
import type { Files } from "../../src/buffer/disk/files.ts";
import { memoryFiles } from "../../src/buffer/disk/memory-files.ts";
import { createRechecker } from "../../src/buffer/recheck.ts";
import { openVault } from "../../src/buffer/segment-vault.ts";
import type { SegmentVault } from "../../src/buffer/segment-vault.ts";
import { planeAt, placeAt } from "../../src/core/plane.ts";
import type { Outcome } from "../../src/gate/record.ts";
import type { Heading } from "../../src/positioning/heading.ts";
import { Camera } from "../../src/sources/camera.ts";
import { loadZones } from "../../src/zones/load-zones.ts";
import type { ZoneSet } from "../../src/zones/zone-set.ts";
import { compileZoneSet } from "../../src/zones/zone-set.ts";
import {
  CAMERAS,
  DEVICE_KEY,
  HEADING,
  HOLD_RECIPIENT,
  PLACE,
  frameNumber,
  releasedOutcome,
  writerFor,
} from "../kit/buffer.ts";
import { T0_MS } from "../kit/drives.ts";
import { faultyFiles } from "../kit/faulty-files.ts";
import { box, feature, zoneFile } from "../kit/zones.ts";

const PLANE = planeAt(PLACE);
const NORTH: Heading = { deg: 0, errorDeg: 5 };
type Properties = Readonly<Record<string, unknown>>;

/** A square of 20 m whose southern edge is `northM` north of the place. */
function square(northM: number, properties: Properties = {}): unknown {
  const { latDeg: south, lonDeg: west } = placeAt(PLANE, -10, northM);
  const { latDeg: north, lonDeg: east } = placeAt(PLANE, 10, northM + 20);
  return feature(
    { id: "site", category: "other", standoffM: 25, viewM: 0, ...properties },
    box(west, south, east, north),
  );
}

const around = (kmM: number): number[][][] => {
  const { latDeg: south, lonDeg: west } = placeAt(PLANE, -kmM, -kmM);
  const { latDeg: north, lonDeg: east } = placeAt(PLANE, kmM, kmM);
  return box(west, south, east, north).map((ring) => ring.map((at) => [...at]));
};
const REGION = feature({ id: "region-cn", kind: "region", region: "cn" }, around(50_000));
const FAR_ZONE = square(20_000);

async function setOf(features: readonly unknown[], header: Properties = {}): Promise<ZoneSet> {
  const load = await loadZones([zoneFile(features, header)], { nowMs: T0_MS, expired: "accept" });
  if (load.outcome !== "loaded") throw new Error(JSON.stringify(load.reports));
  return compileZoneSet(load.content);
}

type Shot = readonly [more: Partial<Outcome["record"]>, heading?: Heading | null];

/** One segment with a frame of the front camera for each shot. */
async function segmentOf(shots: readonly Shot[], files: Files = memoryFiles()): Promise<SegmentVault> {
  const { vault } = await openVault({ files, deviceKey: DEVICE_KEY });
  const writer = writerFor(vault, { cameras: [...CAMERAS, CABIN], holdRecipient: HOLD_RECIPIENT });
  for (const [i, [more, heading = NORTH]] of shots.entries()) {
    const camera = more.camera ?? "front";
    await writer.write(releasedOutcome(frameNumber(i, 100, { camera }), { ...more, heading }));
  }
  await writer.close();
  return vault;
}
const CABIN = Camera.parse({ id: "cabin", yawDeg: 0, hfovDeg: 100, kind: "cabin" });

async function fate(vault: SegmentVault, set: ZoneSet, cabin: "drop" | "judge" = "drop"): Promise<string> {
  const { events } = await createRechecker({ vault, policy: { cabin, clockErrorMs: 50 } }).recheck(set);
  const [event] = events;
  return event?.kind === "destroyed" ? event.why : (vault.list()[0]?.state ?? "nothing");
}

test.each<readonly [string, Shot, unknown[], string]>([
  ["far from every zone", [{}], [FAR_ZONE, REGION], "ready"],
  ["31 m from a zone with 25 m standoff, 5 m reach", [{}], [square(31), REGION], "ready"],
  ["29 m from a zone with 25 m standoff, 5 m reach", [{}], [square(29), REGION], "restricted"],
  ["passed, where the zone blurs", [{}], [square(0, { action: "blur" }), REGION], "restricted"],
  ["blurred, where the zone blurs", [{ action: "blur" }], [square(0, { action: "blur" }), REGION], "ready"],
  ["blurred, where the zone drops", [{ action: "blur" }], [square(0), REGION], "restricted"],
  ["looking at the zone", [{}], [square(60, { viewM: 100 }), REGION], "restricted"],
  [
    "looking away from the zone",
    [{}, { deg: 180, errorDeg: 5 }],
    [square(60, { viewM: 100 }), REGION],
    "ready",
  ],
  ["looking who knows where", [{}, null], [square(60, { viewM: 100 }), REGION], "restricted"],
  [
    "by the other camera, which looks away",
    [{ camera: "rear" }],
    [square(60, { viewM: 100 }), REGION],
    "ready",
  ],
  ["of a zone for other cameras", [{}], [square(0, { cameras: ["rear"] }), REGION], "ready"],
  ["before the zone was valid", [{}], [square(0, { validFrom: "2026-04-01T00:00:00Z" }), REGION], "ready"],
  ["when the zone was valid", [{}], [square(0, { validFrom: "2026-02-01T00:00:00Z" }), REGION], "restricted"],
  [
    "outside the coverage",
    [{}],
    [FAR_ZONE, REGION, feature({ id: "c", kind: "coverage" }, around(3))],
    "unproven",
  ],
  ["in no region any more", [{}], [FAR_ZONE], "region-changed"],
  ["of no region, wherever", [{ region: null }], [FAR_ZONE], "held"],
  ["of no region, at a zone", [{ region: null }], [square(0)], "restricted"],
  ["of a cabin", [{ camera: "cabin" }], [FAR_ZONE, REGION], "restricted"],
])("a frame %s", async (_what, shot, features, wanted) => {
  expect(await fate(await segmentOf([shot]), await setOf(features))).toBe(wanted);
});

test("a cabin frame stays where the policy judges cabins", async () => {
  const vault = await segmentOf([[{ camera: "cabin" }]]);
  expect(await fate(vault, await setOf([FAR_ZONE, REGION]), "judge")).toBe("ready");
});

test("one frame decides for its segment, wherever it stands", async () => {
  const far = placeAt(PLANE, 0, -500);
  for (const at of [0, 3, 7]) {
    const shots = Array.from({ length: 8 }, (_, i): Shot => [i === at ? {} : far]);
    expect(await fate(await segmentOf(shots), await setOf([square(20), REGION]))).toBe("restricted");
  }
  expect(await fate(await segmentOf([[far], [far]]), await setOf([square(20), REGION]))).toBe("ready");
});

test("a set that was expired when the frame was taken proves nothing; one that expired since does", async () => {
  const expired = await setOf([FAR_ZONE, REGION], { expires: "2026-02-01T00:00:00Z" });
  expect(await fate(await segmentOf([[{}]]), expired)).toBe("unproven");
  const later = await setOf([FAR_ZONE, REGION], { expires: "2026-03-02T00:00:00Z" });
  expect(await fate(await segmentOf([[{}]]), later)).toBe("ready");
});

test("nothing is ready before it was judged, after a restart, or by an empty set", async () => {
  const files = memoryFiles();
  const vault = await segmentOf([[{}]], files);
  expect(vault.list()[0]?.state).toBe("unchecked");
  const set = await setOf([FAR_ZONE, REGION]);
  expect(await fate(vault, set)).toBe("ready");
  expect((await openVault({ files, deviceKey: DEVICE_KEY })).vault.list()[0]?.state).toBe("unchecked");
  expect(await fate(vault, compileZoneSet({ ...set, zones: [] }))).toBe("unchecked");
});

test("while a new set is applied nothing that the old one found is ready, and the newest set wins", async () => {
  const vault = await segmentOf([[{}]]);
  const rechecker = createRechecker({ vault, policy: { cabin: "drop", clockErrorMs: 50 } });
  await rechecker.recheck(await setOf([FAR_ZONE, REGION]));
  const strict = await setOf([square(0), REGION]);
  const lax = await setOf([square(30_000), REGION]);
  const first = rechecker.recheck(strict);
  expect(vault.list()[0]?.state).toBe("unchecked");
  const second = rechecker.recheck(lax);
  expect([(await first).events, (await second).kept, vault.list()[0]?.state]).toEqual([[], 1, "ready"]);
});

test("a segment whose sidecar cannot be read any more is destroyed", async () => {
  const files = memoryFiles();
  const vault = await segmentOf([[{}]], files);
  const [name = ""] = (await files.list()).filter((each) => each.endsWith(".sidecar"));
  const file = await files.open(name, "update");
  await file.write(Uint8Array.of(1, 2, 3, 4), (await file.size()) - 4);
  expect(await fate(vault, await setOf([square(29), REGION]))).toBe("unjudgeable");
});

test("a segment that the disk does not let go is reported, never ready, and goes later", async () => {
  let isBroken = false;
  const { files } = faultyFiles(memoryFiles(), () => (isBroken ? "EIO" : "fine"));
  const vault = await segmentOf([[{}]], files);
  const rechecker = createRechecker({ vault, policy: { cabin: "drop", clockErrorMs: 50 } });
  isBroken = true;
  const set = await setOf([square(0), REGION]);
  expect(await rechecker.recheck(set)).toMatchObject({ events: [], failed: [{ kind: "failed" }] });
  expect(vault.list()[0]?.state).toBe("unchecked");
  isBroken = false;
  expect(await rechecker.recheck(set)).toMatchObject({
    events: [{ kind: "destroyed", why: "restricted" }],
    failed: [],
  });
});

test.each([
  [T0_MS - 5000, T0_MS - 1, "kept"],
  [T0_MS - 5000, T0_MS, "revoked"],
  [T0_MS - 1, T0_MS, "revoked"],
  [T0_MS, T0_MS + 99, "kept"],
  [T0_MS, T0_MS + 100, "revoked"],
  [T0_MS + 200, T0_MS + 5000, "kept"],
])("frames at 0, 100 and 200 ms, revoked after %i up to %i: %s", async (afterMs, untilMs, wanted) => {
  const vault = await segmentOf([[{}], [{}], [{}]]);
  const { events, kept } = await createRechecker({
    vault,
    policy: { cabin: "drop", clockErrorMs: 50 },
  }).revoke(afterMs, untilMs);
  expect(kept).toBe(wanted === "kept" ? 1 : 0);
  expect(events.map((event) => event.kind === "destroyed" && event.why)).toEqual(
    wanted === "kept" ? [] : ["revoked"],
  );
});

test("headings that were stored are those that are judged by", async () => {
  const wide: Heading = { deg: 180, errorDeg: 130 };
  expect(await fate(await segmentOf([[{}, wide]]), await setOf([square(60, { viewM: 100 }), REGION]))).toBe(
    "restricted",
  );
  expect(
    await fate(await segmentOf([[{}, HEADING]]), await setOf([square(-90, { viewM: 100 }), REGION])),
  ).toBe("ready");
});
