import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { describe, expect, it } from "vitest";
import { compileZoneSet } from "../../../src/zones/zone-set.ts";
import { compiledZoneSet } from "../../../src/zones/compiled/compiled-zone-set.ts";
import { sectionsOfIndex } from "../../../src/zones/compiled/index-sections.ts";
import { loadZones } from "../../../src/zones/load-zones.ts";
import { updateOnce } from "../../../src/zones/update/update-once.ts";
import type { ZoneSet } from "../../../src/zones/zone-set.ts";
import { tempDir, writeTemp } from "../../kit/cli.ts";
import { Fleet, NOW_MS, setFile, zonesAt } from "../update/kit/fleet.ts";

async function build(path: string): Promise<string> {
  const out = join(tempDir(), "cn.zoneset");
  expect(await zonesAt(NOW_MS, "build", path, "--out", out)).toMatchObject({ code: 0, stderr: "" });
  return out;
}

/** What a vehicle without any set has in force after asking the fleet's repository. */
async function inForce(fleet: Fleet, policy = fleet.policy()) {
  const updated = await updateOnce(await fleet.parts(policy), null, NOW_MS);
  if (updated.kind !== "installed") throw new Error(updated.kind);
  return updated.inForce;
}

function published(fleet: Fleet): Buffer {
  const folder = join(fleet.repo, "targets/cn");
  const [name = ""] = readdirSync(folder);
  return readFileSync(join(folder, name));
}

/** All but what tells people what a place is. */
const judgedBy = ({ zones, zoneIndex, coverage, regions, issuedMs, expiresMs }: ZoneSet) => ({
  zones: zones.map((zone) => ({ ...zone, category: "other" })),
  zoneIndex,
  coverage,
  regions,
  issuedMs,
  expiresMs,
});

describe("a compiled set", () => {
  it("travels as it is, and is in force in vehicles as the zone files are", async () => {
    const fleet = await Fleet.begin();
    const path = setFile(NOW_MS - 1000);
    const built = await build(path);
    expect(await fleet.publish(NOW_MS, `cn=${built}`)).toMatchObject({ code: 0, stderr: "" });
    expect(published(fleet)).toEqual(readFileSync(built));
    const { set, origin } = await inForce(fleet);
    const load = await loadZones([path], { nowMs: NOW_MS });
    if (load.outcome !== "loaded") throw new Error("not loaded");
    expect(set.hash).toBe(load.content.hash);
    expect(set.zones.map(({ id, viewM }) => [id, viewM])).toEqual([["site/one", 250]]);
    expect(sectionsOfIndex(set.zoneIndex)).toEqual(sectionsOfIndex(compileZoneSet(load.content).zoneIndex));
    expect(origin).toMatchObject({ target: "cn/zones", bytes: readFileSync(built).length });
  });

  it("can be encrypted: only who has an identity has it in force", async () => {
    const fleet = await Fleet.begin();
    const identity = await generateIdentity();
    const recipient = ["--recipient", await identityToRecipient(identity)];
    const built = await build(setFile(NOW_MS - 1000));
    expect(await fleet.publish(NOW_MS, `cn=${built}`, ...recipient)).toMatchObject({ code: 0, stderr: "" });
    expect(published(fleet).includes("camfence zoneset")).toBe(false);
    await expect(inForce(fleet)).rejects.toThrow(/encrypted, and this vehicle has no identity/);
    const identityFile = writeTemp("vehicle.key", `${identity}\n`);
    const { set } = await inForce(fleet, fleet.policy({ identityFile }));
    expect(set.zones.map(({ id }) => id)).toEqual(["site/one"]);
  });

  it("can be stripped: no category is left, and all that verdicts depend on is as it was", async () => {
    const fleet = await Fleet.begin();
    const built = await build(setFile(NOW_MS - 1000));
    const strip = await fleet.publish(NOW_MS, `cn=${built}`, "--strip");
    expect(strip).toMatchObject({ code: 0, stderr: "" });
    const { set } = await inForce(fleet);
    const whole = compiledZoneSet(Uint8Array.from(readFileSync(built)));
    expect(set.zones.map(({ category }) => category)).toEqual(["other"]);
    expect(whole.zones.map(({ category }) => category)).toEqual(["military"]);
    expect(judgedBy(set)).toEqual(judgedBy(whole));
    expect(set.hash).not.toBe(whole.hash);
    // Stripped again it is the same: the admin's file may be stripped already.
    const again = writeTemp("again.zoneset", published(fleet));
    await fleet.publish(NOW_MS, `cn=${again}`, "--strip");
    expect((await inForce(fleet)).set.hash).toBe(set.hash);
  });

  it("is refused where it is expired, damaged, or not alone, and nothing is published", async () => {
    const fleet = await Fleet.begin();
    const path = setFile(NOW_MS - 1000);
    const built = await build(path);
    const bytes = readFileSync(built);
    bytes.writeUInt8(bytes.readUInt8(200) ^ 1, 200);
    const damaged = writeTemp("damaged.zoneset", bytes);
    const years = 30 * 365 * 24 * 3600_000;
    for (const [atMs, sets, what] of [
      [NOW_MS + years, [built], /expired/],
      [NOW_MS, [damaged], /was changed after it was built/],
      [NOW_MS, [built, path], /is a compiled set, expected no other zone file beside it/],
    ] as const) {
      const { code, stderr } = await fleet.publish(atMs, ...sets.map((file) => `cn=${file}`));
      expect([code, stderr]).toEqual([1, expect.stringMatching(what)]);
    }
    expect(readdirSync(fleet.repo)).toEqual(["metadata"]);
  });

  it("may begin anywhere in the memory of what came", async () => {
    const { compiledFormat } = await import("../../../src/zones/update/compiled-format.ts");
    const bytes = readFileSync(await build(setFile(NOW_MS - 1000)));
    for (const offset of [0, 1, 4, 8]) {
      const shared = Buffer.alloc(bytes.length + 8);
      bytes.copy(shared, offset);
      const set = compiledFormat.load(shared.subarray(offset, offset + bytes.length), { nowMs: NOW_MS });
      expect(set.zones.map(({ id }) => id)).toEqual(["site/one"]);
    }
  });
});
