import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { describe, expect, it } from "vitest";
import { loadZoneBytes } from "../../../src/zones/load-zones.ts";
import { stripNames } from "../../../src/zones/rollout/strip-names.ts";
import { isInRange } from "../../../src/zones/update/set-target.ts";
import { createZoneUpdates } from "../../../src/zones/update/updater.ts";
import { updateOnce } from "../../../src/zones/update/update-once.ts";
import { tempDir, writeTemp } from "../../kit/cli.ts";
import { box, feature, zoneText } from "../../kit/zones.ts";
import { Clock, until } from "./kit/clock.ts";
import { Fleet, NOW_MS, setFile, zonesAt } from "./kit/fleet.ts";

const hasAge = spawnSync("age", ["--version"]).status === 0;
if (!hasAge) process.stderr.write("tests: age is absent, a test with it is skipped\n");

async function newIdentity() {
  const identity = await generateX25519Identity();
  return {
    identity,
    recipient: await identityToRecipient(identity),
    file: writeTemp("id.txt", `# mine\n${identity}\n`),
  };
}

describe("encrypted sets", () => {
  it("are opened by the vehicles they are for, and by no other", async () => {
    const [mine, fleets, other] = await Promise.all([newIdentity(), newIdentity(), newIdentity()]);
    const fleet = await Fleet.begin();
    await fleet.publishSet(NOW_MS - 1000, "--recipient", mine.recipient, "--recipient", fleets.recipient);
    const update = async (file: string | undefined) => {
      const policy = fleet.policy(file === undefined ? {} : { identityFile: file });
      return updateOnce(await fleet.parts(policy), null, NOW_MS);
    };
    for (const { file } of [mine, fleets]) expect((await update(file)).kind).toBe("installed");
    await expect(update(other.file)).rejects.toMatchObject({ problem: "wrong-key" });
    await expect(update(undefined)).rejects.toMatchObject({ problem: "wrong-key" });
  });

  it("lie encrypted in the repository and in the vehicle", async () => {
    const mine = await newIdentity();
    const fleet = await Fleet.begin();
    await fleet.publishSet(NOW_MS - 1000, "--recipient", mine.recipient);
    const policy = fleet.policy({ identityFile: mine.file });
    await updateOnce(await fleet.parts(policy), null, NOW_MS);
    for (const folder of [fleet.repo, policy.store]) {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      );
      expect(files.length).toBeGreaterThan(4);
      for (const { parentPath, name } of files)
        expect(readFileSync(join(parentPath, name), "latin1")).not.toMatch(/Fort|coordinates|site\/one/);
    }
  });

  it.skipIf(!hasAge)("open with the age command", async () => {
    const mine = await newIdentity();
    const fleet = await Fleet.begin();
    await fleet.publishSet(NOW_MS - 1000, "--recipient", mine.recipient);
    const [name = ""] = readdirSync(join(fleet.repo, "targets/cn"));
    const opened = execFileSync("age", ["-d", "-i", mine.file, join(fleet.repo, "targets/cn", name)]);
    expect(opened.toString()).toMatch(/^camfence zone pack 1\n.*Fort Example/s);
  });

  it("a recipient that is none is refused before anything is published", async () => {
    const fleet = await Fleet.begin();
    const { code, stderr } = await fleet.publish(
      NOW_MS,
      `cn=${setFile(NOW_MS)}`,
      "--recipient",
      "age1nobody",
    );
    expect([code, stderr]).toEqual([1, expect.stringContaining('got recipient "age1nobody"')]);
  });
});

describe("--strip", () => {
  const features = ["military", "defence-industry", "government", "housing-compound", "other"].flatMap(
    (category, i) => [
      feature(
        { id: `z${i}`, category, name: "Fort Example", "x-note": "secret" },
        box(i, 50, i + 0.01, 50.01),
      ),
      feature({ id: `v${i}`, category, viewM: 77, schedule: undefined }, box(i, 40, i + 0.01, 40.01)),
    ],
  );
  const more = [
    feature({ id: "c", kind: "coverage", name: "Fort Example" }, box(-10, 30, 20, 60)),
    feature({ id: "r", kind: "region", region: "cn", name: "Fort Example" }, box(-10, 30, 20, 60)),
  ];
  const text = zoneText([...features, ...more], { "x-drawn-by": "secret" });
  const contentOf = (bytes: Buffer) => {
    const load = loadZoneBytes([{ file: "z.geojson", bytes }], { nowMs: NOW_MS });
    if (load.outcome !== "loaded") throw new Error(JSON.stringify(load.reports));
    return load.content;
  };

  it("takes names, categories and notes out, and nothing that a verdict depends on", () => {
    const stripped = stripNames(Buffer.from(text));
    expect(stripped.toString()).not.toMatch(/Fort|secret|military|defence|government|housing/);
    const [before, after] = [contentOf(Buffer.from(text)), contentOf(stripped)];
    expect(new Set(before.zones.map(({ viewM }) => viewM))).toEqual(new Set([250, 100, 77]));
    const { hash: _old, ...same } = before;
    const { hash: _new, ...now } = after;
    const zones = same.zones.map((zone) => ({ ...zone, category: "other" }));
    expect(now).toEqual({ ...same, zones });
  });

  it("leaves no file name in the target either", async () => {
    const fleet = await Fleet.begin();
    const path = join(tempDir(), "fort-example.geojson");
    writeFileSync(path, text.replaceAll("2026-01-01T00:00:00Z", new Date(NOW_MS).toISOString()));
    expect(await fleet.publish(NOW_MS, `cn=${path}`, "--strip")).toMatchObject({ code: 0, stderr: "" });
    const [name = ""] = readdirSync(join(fleet.repo, "targets/cn"));
    expect(readFileSync(join(fleet.repo, "targets/cn", name), "utf8")).not.toMatch(/fort|military/i);
  });
});

describe("canary groups", () => {
  it("get their set first, and with all others the next one for all", async () => {
    const fleet = await Fleet.begin();
    await fleet.publishSet(NOW_MS - 3000);
    const canary = await fleet.publish(
      NOW_MS,
      `cn=${setFile(NOW_MS - 2000, "site/new")}`,
      "--canary",
      "0100..0199",
    );
    expect(canary).toMatchObject({ code: 0, stderr: "" });
    const zonesOf = async (vehicle: string | undefined) => {
      const parts = await fleet.parts(fleet.policy(vehicle === undefined ? {} : { vehicle }));
      const updated = await updateOnce(parts, null, NOW_MS);
      return updated.kind === "installed" ? updated.inForce.set.zones.map(({ id }) => id) : [];
    };
    for (const id of ["0100", "0150", "0199"]) expect(await zonesOf(id)).toEqual(["site/new"]);
    for (const id of ["0099", "0200", "150", undefined]) expect(await zonesOf(id)).toEqual(["site/one"]);
    await fleet.publishSet(NOW_MS - 1000);
    for (const id of ["0150", "0200"]) expect(await zonesOf(id)).toEqual(["site/one"]);
  });

  it("ids are ordered by length, then by text", () => {
    const range = { from: "5", to: "12" };
    expect(["5", "9", "10", "12"].filter((id) => isInRange(id, range))).toHaveLength(4);
    expect(["4", "13", "100", "", "a5x"].filter((id) => isInRange(id, range))).toEqual([]);
  });
});

describe("at run time", () => {
  it("nothing that is told, logged or printed has a coordinate in it", async () => {
    const secret = box(13.123_457, 47.654_321, 13.223_457, 47.754_321);
    const textOf = (issuedMs: number, ring: unknown) =>
      zoneText([feature({ id: "site/secret", category: "military" }, ring)], {
        issued: new Date(issuedMs).toISOString(),
      });
    const told: string[] = [];
    const fleet = await Fleet.begin();
    const good = writeTemp("z.geojson", textOf(NOW_MS - 1000, secret));
    told.push(JSON.stringify(await fleet.publish(NOW_MS, `cn=${good}`)));
    const policy = fleet.policy({ maxZoneAgeDays: 1, closeZoneAgeDays: 2 });
    const parts = await fleet.parts(policy);
    const clock = new Clock(NOW_MS);
    const updates = createZoneUpdates({ policy, parts, random: () => 0.5 }, clock);
    updates.notices.subscribe((notice) => told.push(JSON.stringify(notice)));
    updates.status.subscribe((status) => told.push(JSON.stringify(status)));
    const running = updates.sets.subscribe();
    const waits = () => updates.statusNow().nextTryMs !== null;
    await until(waits);
    clock.advance(1);
    await until(() => updates.statusNow().phase === "fresh" && waits());
    // Spoilt on the way in every way that reaches the checks of zone files.
    const { formatOf } = await import("../../../src/zones/update/zone-format.ts");
    const { packZoneFiles } = await import("../../../src/zones/update/pack-format.ts");
    for (const spoilt of [
      box(13.123_457, 147.654_321, 13.2, 147.7),
      [[[13.123_457, 47.654_321]]],
      box(13.123_457, 47.654_321, 13.123_457, 47.654_321),
      "13.123457",
    ]) {
      const bytes = packZoneFiles([{ name: "z.geojson", bytes: Buffer.from(textOf(NOW_MS, spoilt)) }]);
      expect(() => formatOf(bytes).load(bytes, { nowMs: NOW_MS })).toThrow(/^the set has mistakes/);
      try {
        formatOf(bytes).load(bytes, { nowMs: NOW_MS });
      } catch (thrown) {
        told.push(String(thrown), JSON.stringify(thrown));
      }
    }
    clock.advance(3 * 24 * 3600_000);
    await until(() => updates.statusNow().phase === "closed");
    running.unsubscribe();
    for (const args of [
      ["status", policy.store],
      ["status", policy.store, "--json"],
      ["status", fleet.repo],
    ])
      told.push(JSON.stringify(await zonesAt(NOW_MS, ...args)));
    expect(told.length).toBeGreaterThan(15);
    expect(
      told.filter((text) =>
        /13\.1|13\.2|47\.6|47\.7|147/.test(text.replaceAll(/127\.0\.0\.1:\d+|[0-9a-f]{64}|\d{13,}/g, "")),
      ),
    ).toEqual([]);
  });
});
