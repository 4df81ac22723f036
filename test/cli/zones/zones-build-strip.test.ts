import { execFileSync } from "node:child_process";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run as build } from "../../../src/cli/zones/zones-build.ts";
import { run as check } from "../../../src/cli/zones/zones-check.ts";
import { loadCompiled } from "../../../src/zones/compiled/load-compiled.ts";
import { openSet } from "../../../src/zones/update/sealed-set.ts";
import { inProcess, tempDir, writeTemp } from "../../kit/cli.ts";
import { feature, written, zoneFile } from "../../zones/fixtures.ts";

const DRIVE = "simulator/drives/mountain-view/mountain-view.nmea";

async function built(...args: readonly string[]): Promise<string> {
  const out = join(tempDir(), "set.zoneset");
  expect(await inProcess(build, ...args, "--out", out)).toMatchObject({ code: 0, stderr: "" });
  return out;
}

function verdictsOn(zones: string): string {
  const out = tempDir();
  const options = ["--cameras", "front:0:100,rear:180:120", "--fps", "2", "--out", out];
  execFileSync(process.execPath, ["dist/camfence.js", "replay", DRIVE, "--zones", zones, ...options]);
  return readFileSync(join(out, "verdicts.jsonl"), "utf8");
}

it("a set that was built with --strip gives every verdict of a drive to the byte", async () => {
  const [plain, stripped] = [await built("geofences"), await built("geofences", "--strip")];
  const verdicts = verdictsOn(plain);
  expect(new Set(verdicts.match(/"reason":"[a-z-]+"/g)).size).toBeGreaterThan(3);
  expect(verdictsOn(stripped)).toBe(verdicts);
});

it("a stripped set holds no name, no note, no file name and no category", async () => {
  const text = { name: "Fort Example", "x-note": "hangar seven" };
  const ids = Array.from({ length: 200 }, (_, i) => `z${i}`);
  const of = (category: string) => written(zoneFile(ids.map((id) => feature({ id, ...text, category }))));
  const [military = "", defence = ""] = [...of("military"), ...of("defence-industry")];
  const whole = await Promise.all([built(military), built(defence)]);
  const bytes = await Promise.all([built(military, "--strip"), built(defence, "--strip")]);
  for (const file of bytes)
    expect(readFileSync(file, "latin1")).not.toMatch(/fort|hangar|military|defence|geojson/i);
  const differing = (pair: readonly string[]) => {
    const [a = [], b = []] = pair.map((file) => [...readFileSync(file)]);
    return a.filter((byte, at) => byte !== b[at]).length;
  };
  // What tells two categories with the same view distance apart is gone but for the set's hash and the checksum.
  expect(differing(whole)).toBeGreaterThanOrEqual(ids.length);
  expect(differing(bytes)).toBeLessThanOrEqual(2 * 32);
  const [set] = await Promise.all(bytes.map((file) => loadCompiled(file)));
  expect(new Set(set?.zones.map(({ category, viewM }) => `${category} ${viewM}`))).toEqual(
    new Set(["other 250"]),
  );
});

it("the view distance that a category stands for is worked out before the category is left out", async () => {
  const files = ["military", "government", "housing-compound"].map((category) =>
    zoneFile([feature({ id: category.slice(0, 3), category })]),
  );
  const { zones } = await loadCompiled(await built(...written(...files), "--strip"));
  expect(zones.map(({ id, viewM, category }) => [id, viewM, category])).toEqual([
    ["gov", 100, "other"],
    ["hou", 100, "other"],
    ["mil", 250, "other"],
  ]);
});

it("a built set can be stripped afterwards, with the same bytes, and a stripped one stays as it is", async () => {
  const once = await built("geofences", "--strip");
  for (const source of [await built("geofences"), once])
    expect(readFileSync(await built(source, "--strip")).equals(readFileSync(once))).toBe(true);
});

it("a stripped set can be encrypted to the fleet's keys, and opens as the same bytes", async () => {
  const [identity, other] = [await generateIdentity(), await generateIdentity()];
  const recipient = ["--recipient", await identityToRecipient(identity)];
  const sealed = await built("geofences", "--strip", ...recipient);
  const plain = readFileSync(await built("geofences", "--strip"));
  expect((await openSet(readFileSync(sealed), [identity])).equals(plain)).toBe(true);
  await expect(openSet(readFileSync(sealed), [other])).rejects.toMatchObject({ code: "wrong-key" });
  expect((await inProcess(build, "geofences", "--out", "x", "--recipient", "age1nobody")).code).toBe(1);
});

it("an encrypted set is refused where a plain one is expected, with how to open it", async () => {
  const sealed = await built("geofences", "--recipient", await identityToRecipient(await generateIdentity()));
  const { code, stdout } = await inProcess(check, sealed);
  expect([code, stdout]).toEqual([1, expect.stringContaining("got an encrypted file")]);
  expect(stdout).toContain("age -d -i KEY FILE");
  const utf16 = writeTemp("utf16.geojson", Buffer.from("\ufeff{}", "utf16le"));
  expect((await inProcess(check, utf16)).stdout).toContain("got UTF-16 text");
});
