import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { describe, expect, it } from "vitest";
import { formatIso } from "../../../src/core/time.ts";
import { fromWgs84 } from "../../../src/zones/datum.ts";
import { tempDir, writeTemp } from "../../kit/cli.ts";
import { box, feature, zoneText } from "../../kit/zones.ts";
import { Fleet, NOW_MS, zonesAt } from "../update/kit/fleet.ts";

let issuedMs = NOW_MS - 100_000;

/** Two sites; the second one as it is given. */
function sites(
  second: Readonly<Record<string, unknown>> | null,
  ring = box(116.4, 39.9, 116.41, 39.91),
): string {
  issuedMs += 1000;
  const one = feature({ id: "site/one", category: "military" }, box(116.3, 39.8, 116.31, 39.81));
  const two = second === null ? [] : [feature({ id: "site/two", category: "military", ...second }, ring)];
  const path = join(tempDir(), "zones.geojson");
  writeFileSync(path, zoneText([one, ...two], { issued: formatIso(issuedMs) }));
  return path;
}

async function build(path: string): Promise<string> {
  const out = join(tempDir(), "cn.zoneset");
  expect(await zonesAt(NOW_MS, "build", path, "--out", out)).toMatchObject({ code: 0 });
  return out;
}

async function withSites(...args: readonly string[]): Promise<Fleet> {
  const fleet = await Fleet.begin();
  expect(await fleet.publish(NOW_MS, `cn=${sites({})}`, ...args)).toMatchObject({ code: 0 });
  return fleet;
}

describe("a set that protects less than the one published before", () => {
  it.each([
    ["less standoff", () => sites({ standoffM: 5 }), /standoff 25 m → 5 m/],
    ["blurred", () => sites({ action: "blur" }), /action drop → blur/],
    ["gone", () => sites(null), /m² lose their protection/],
    ["smaller", () => sites({}, box(116.4, 39.9, 116.405, 39.91)), /m² lose their protection/],
  ] as const)("%s: is refused, as files or compiled, until it is named", async (_what, weaker, why) => {
    const fleet = await withSites();
    const path = weaker();
    const built = await build(path);
    for (const set of [path, built]) {
      const { code, stdout, stderr } = await fleet.publish(NOW_MS, `cn=${set}`);
      expect([code, stdout, stderr]).toEqual([1, "", expect.stringMatching(why)]);
      expect(stderr).toMatch(/nothing is published\. If that is meant: --allow-weaker site\/two\n$/);
    }
    expect(await fleet.publish(NOW_MS, `cn=${path}`, "--allow-weaker", "site/one")).toMatchObject({
      code: 1,
    });
    const named = await fleet.publish(NOW_MS, `cn=${built}`, "--allow-weaker", "site/two");
    expect(named).toMatchObject({ code: 0, stderr: "" });
    // From now on that is what the next one is compared with.
    expect(await fleet.publish(NOW_MS, `cn=${weaker()}`)).toMatchObject({ code: 0, stderr: "" });
  });

  it("is refused for a canary group as well", async () => {
    const fleet = await withSites();
    const { code } = await fleet.publish(NOW_MS, `cn=${sites(null)}`, "--canary", "0001..0009");
    expect(code).toBe(1);
  });

  it("is refused where the one before was compiled, stripped, or both", async () => {
    for (const strip of [[], ["--strip"]]) {
      const fleet = await withSites(...strip);
      expect(await fleet.publish(NOW_MS, `cn=${await build(sites({}))}`, ...strip)).toMatchObject({
        code: 0,
      });
      expect(await fleet.publish(NOW_MS, `cn=${sites({})}`, ...strip)).toMatchObject({ code: 0 });
      expect(await fleet.publish(NOW_MS, `cn=${sites({ viewM: 10 })}`, ...strip)).toMatchObject({ code: 1 });
    }
  });
});

it("a zone that moved as a wrong datum moves it is refused, as files or compiled, unless it is named", async () => {
  const fleet = await withSites();
  const moved = box(116.4, 39.9, 116.41, 39.91).map((ring) =>
    ring.map(([lonDeg = 0, latDeg = 0]) => fromWgs84("gcj02", lonDeg, latDeg)),
  );
  const path = sites({}, moved);
  for (const set of [path, await build(path)]) {
    const { code, stderr } = await fleet.publish(NOW_MS, `cn=${set}`, "--allow-weaker", "site/two");
    expect([code, stderr]).toEqual([1, expect.stringMatching(/as GCJ-02 coordinates read as WGS 84 do/)]);
    expect(stderr).toMatch(/the set has mistakes; nothing is published\n$/);
  }
  const named = ["--allow-weaker", "site/two", "--allow-shift", "site/two"];
  expect(await fleet.publish(NOW_MS, `cn=${await build(path)}`, ...named)).toMatchObject({ code: 0 });
});

it("a published set whose file is gone or changed is not compared with, and nothing goes out", async () => {
  const fleet = await withSites();
  const folder = join(fleet.repo, "targets/cn");
  const [name = ""] = readdirSync(folder);
  writeFileSync(join(folder, name), readFileSync(join(folder, name), "utf8").replace("site/two", "site/six"));
  const changed = await fleet.publish(NOW_MS, `cn=${sites({})}`);
  expect([changed.code, changed.stderr]).toEqual([1, expect.stringContaining("not those that were signed")]);
  rmSync(join(folder, name));
  const gone = await fleet.publish(NOW_MS, `cn=${sites({})}`);
  expect([gone.code, gone.stderr]).toEqual([2, expect.stringMatching(/^camfence: .*--previous cn=PATH\n$/)]);
  const { code } = await fleet.publish(NOW_MS, `cn=${sites({})}`, "--previous", `cn=${sites({})}`);
  expect(code).toBe(0);
});

it("an encrypted set is compared with by an identity, or by the admin's own copy, and never passed over", async () => {
  const identity = await generateIdentity();
  const sealed = ["--recipient", await identityToRecipient(identity)];
  const before = sites({});
  const fleet = await Fleet.begin();
  expect(await fleet.publish(NOW_MS, `cn=${before}`, ...sealed)).toMatchObject({ code: 0, stderr: "" });
  const blind = await fleet.publish(NOW_MS, `cn=${sites({})}`, ...sealed);
  expect([blind.code, blind.stderr]).toEqual([
    1,
    expect.stringMatching(/cannot be compared .*--identity FILE/),
  ]);
  const opening = ["--identity", writeTemp("admin.key", `${identity}\n`)];
  for (const how of [opening, ["--previous", `cn=${before}`], ["--previous", `cn=${await build(before)}`]]) {
    const weaker = await fleet.publish(NOW_MS, `cn=${sites({ standoffM: 1 })}`, ...sealed, ...how);
    expect([weaker.code, weaker.stderr]).toEqual([1, expect.stringContaining("standoff 25 m → 1 m")]);
  }
  expect(await fleet.publish(NOW_MS, `cn=${sites({})}`, ...sealed, ...opening)).toMatchObject({ code: 0 });
});
