import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Updater } from "tuf-js";
import { describe, expect, it } from "vitest";
import { tempDir } from "../../kit/cli.ts";
import { Fleet, setFile, zonesAt } from "../update/kit/fleet.ts";

/** tuf-js reads the clock itself. */
const NOW_MS = Date.now();

/** What the client library that we did not write makes of a repository. */
async function tufJs(fleet: Fleet, folder: string, target = "cn/zones"): Promise<string | null> {
  const metadataDir = join(folder, "metadata");
  mkdirSync(join(folder, "targets"), { recursive: true });
  const updater = new Updater({
    metadataDir,
    metadataBaseUrl: fleet.server.metadataUrl,
    targetDir: join(folder, "targets"),
    targetBaseUrl: fleet.server.targetsUrl,
  });
  await updater.refresh();
  const info = await updater.getTargetInfo(target);
  return info === undefined ? null : readFileSync(await updater.downloadTarget(info), "utf8");
}

function tufJsFolder(fleet: Fleet): string {
  const folder = tempDir();
  mkdirSync(join(folder, "metadata"));
  writeFileSync(join(folder, "metadata/root.json"), readFileSync(fleet.root()));
  return folder;
}

const online = (fleet: Fleet) => ["--repo", fleet.repo, "--keys", join(fleet.keys, "online")];
const withRoot = (fleet: Fleet) => [...online(fleet), "--keys", join(fleet.keys, "root")];

const withKeys = (files: readonly string[]) => files.flatMap((file) => ["--keys", file]);

async function keyOf(fleet: Fleet, role: string): Promise<string> {
  const { stdout } = await zonesAt(NOW_MS, "status", fleet.repo, "--json");
  const { roles } = JSON.parse(stdout) as { roles: { role: string; keyIds: string[] }[] };
  return roles.find((one) => one.role === role)?.keyIds[0] ?? "";
}

describe("a repository", () => {
  it("is one that tuf-js accepts, from the first set on and after every rotation", async () => {
    const fleet = await Fleet.begin("cn,de");
    await fleet.publishSet(NOW_MS);
    const folder = tufJsFolder(fleet);
    expect(await tufJs(fleet, folder)).toContain("Fort Example");
    for (const role of ["timestamp", "snapshot", "targets", "root", "cn"]) {
      const group = role === "root" ? "root" : role === "cn" ? "areas" : "online";
      const key = ["--key", await keyOf(fleet, role)];
      const out = ["--keys", join(fleet.keys, "areas"), "--out", join(fleet.keys, group)];
      const { code, stderr } = await zonesAt(NOW_MS, "rotate-key", role, ...key, ...withRoot(fleet), ...out);
      expect([role, code, stderr]).toEqual([role, 0, ""]);
      expect(await tufJs(fleet, folder)).toContain("Fort Example");
    }
    await fleet.publishSet(NOW_MS + 1000);
    expect(await tufJs(fleet, folder)).toContain(new Date(NOW_MS + 1000).toISOString());
    // One that was away all the time.
    expect(await tufJs(fleet, tufJsFolder(fleet))).toContain("Fort Example");
  });

  it("needs no root key to publish, and cannot change keys without them", async () => {
    const fleet = await Fleet.begin();
    rmSync(join(fleet.keys, "root"), { recursive: true });
    await fleet.publishSet(NOW_MS);
    const out = ["--out", join(fleet.keys, "online")];
    const { code, stderr } = await zonesAt(NOW_MS, "rotate-key", "timestamp", ...online(fleet), ...out);
    expect([code, stderr]).toEqual([1, expect.stringContaining("root must be signed by 2 of 3 keys")]);
    expect(await tufJs(fleet, tufJsFolder(fleet))).toContain("Fort Example");
  });

  it("a key that was thrown away signs for nobody", async () => {
    const fleet = await Fleet.begin();
    await fleet.publishSet(NOW_MS);
    const folder = tufJsFolder(fleet);
    await tufJs(fleet, folder);
    const old = readFileSync(join(fleet.repo, "metadata/timestamp.json"));
    await zonesAt(NOW_MS, "rotate-key", "timestamp", ...withRoot(fleet), "--out", join(fleet.keys, "online"));
    writeFileSync(join(fleet.repo, "metadata/timestamp.json"), old);
    await expect(tufJs(fleet, folder)).rejects.toThrow(/timestamp was signed by 0\/1 keys/);
  });

  it("revoke: refuses where too few keys would be left, and else takes the key out of every role", async () => {
    const fleet = await Fleet.begin();
    await fleet.publishSet(NOW_MS);
    const alone = await zonesAt(NOW_MS, "revoke", await keyOf(fleet, "timestamp"), ...withRoot(fleet));
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining("use rotate-key")]);
    const key = await keyOf(fleet, "root");
    const { code, stdout } = await zonesAt(NOW_MS, "revoke", key.slice(0, 10), ...withRoot(fleet), "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ revoked: key, roles: ["root"], rootVersion: 2 });
    expect(await keyOf(fleet, "root")).not.toBe(key);
    expect(await tufJs(fleet, tufJsFolder(fleet))).toContain("Fort Example");
  });

  it("changes nothing when a key is missing, and leaves the old state to clients until the timestamp", async () => {
    const fleet = await Fleet.begin();
    await fleet.publishSet(NOW_MS);
    const before = readdirSync(join(fleet.repo, "metadata")).toSorted();
    const options = ["--repo", fleet.repo, "--keys", join(fleet.keys, "online")];
    const { code, stderr } = await zonesAt(NOW_MS, "publish", `cn=${setFile(NOW_MS + 1)}`, ...options);
    expect([code, stderr]).toEqual([1, expect.stringContaining("cn must be signed by 1 of 1 keys")]);
    expect(readdirSync(join(fleet.repo, "metadata")).toSorted()).toEqual(before);
    // A publisher that was killed before its last step.
    const timestamp = readFileSync(join(fleet.repo, "metadata/timestamp.json"));
    await fleet.publish(NOW_MS + 2, `cn=${setFile(NOW_MS + 2, "site/later")}`);
    writeFileSync(join(fleet.repo, "metadata/timestamp.json"), timestamp);
    expect(await tufJs(fleet, tufJsFolder(fleet))).toContain("site/one");
  });

  it("whoever publishes for one area needs its key, snapshot's and timestamp's, each a file, and no other", async () => {
    const fleet = await Fleet.begin("cn,de");
    const keys = ["areas/cn-1.pem", "online/snapshot-1.pem", "online/timestamp-1.pem"].map((name) =>
      join(fleet.keys, name),
    );
    const publish = (area: string, files: readonly string[]) =>
      zonesAt(NOW_MS, "publish", `${area}=${setFile(NOW_MS)}`, "--repo", fleet.repo, ...withKeys(files));
    expect(await publish("cn", keys)).toMatchObject({ code: 0, stderr: "" });
    expect((await publish("de", keys)).stderr).toContain("de must be signed by 1 of 1 keys");
    expect((await publish("cn", keys.slice(1))).stderr).toContain("cn must be signed by 1 of 1 keys");
    expect(await publish("cn", [join(fleet.keys, "areas/cn")])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^camfence: .*areas\/cn: expected a folder of keys, or a key such as/),
    });
  });

  it("an area's key signs for its area alone", async () => {
    const fleet = await Fleet.begin("cn,de");
    await fleet.publishSet(NOW_MS);
    const keys = ["--keys", join(fleet.keys, "online"), "--keys", join(fleet.keys, "areas")];
    rmSync(join(fleet.keys, "areas/de-1.pem"));
    const { code } = await zonesAt(NOW_MS, "publish", `de=${setFile(NOW_MS)}`, "--repo", fleet.repo, ...keys);
    expect(code).toBe(1);
  });

  it("areas can be added to one that exists", async () => {
    const fleet = await Fleet.begin("cn");
    await fleet.publishSet(NOW_MS);
    const { code } = await zonesAt(
      NOW_MS,
      "keygen",
      "--repo",
      fleet.repo,
      "--keys",
      fleet.keys,
      "--areas",
      "fr",
    );
    expect(code).toBe(0);
    expect((await fleet.publish(NOW_MS, `fr=${setFile(NOW_MS, "fr/one")}`)).code).toBe(0);
    expect(await tufJs(fleet, tufJsFolder(fleet), "fr/zones")).toContain("fr/one");
  });

  it("an older set is refused before any vehicle has to", async () => {
    const fleet = await Fleet.begin();
    await fleet.publishSet(NOW_MS);
    const { code, stderr } = await fleet.publish(NOW_MS, `cn=${setFile(NOW_MS - 1000)}`);
    expect([code, stderr]).toEqual([1, expect.stringContaining("no vehicle takes an older one")]);
  });

  it("a set with mistakes is refused with its mistakes", async () => {
    const fleet = await Fleet.begin();
    const path = setFile(NOW_MS);
    writeFileSync(path, readFileSync(path, "utf8").replace("military", "secret"));
    const { code, stderr } = await fleet.publish(NOW_MS, `cn=${path}`);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/zones\.geojson:\d+:\d+ .*category/s)]);
  });

  it("equal files give equal targets, whatever their order", async () => {
    const targets = await Promise.all(
      [0, 1].map(async (order) => {
        const fleet = await Fleet.begin();
        const files = [setFile(NOW_MS, "b"), setFile(NOW_MS, "a")].map((path, i) => {
          const named = join(path, `../${i === 0 ? "b" : "a"}.geojson`);
          writeFileSync(named, readFileSync(path));
          return `cn=${named}`;
        });
        const { code } = await fleet.publish(NOW_MS, ...(order === 0 ? files : files.toReversed()));
        expect(code).toBe(0);
        return readdirSync(join(fleet.repo, "targets/cn"));
      }),
    );
    expect(targets[0]).toEqual(targets[1]);
  });

  it("keys in hardware sign by a command, and a command that signs wrongly is found out", async () => {
    const folder = tempDir();
    const pem = join(folder, "token.key");
    execFileSync("openssl", [
      "genpkey",
      "-algorithm",
      "EC",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-out",
      pem,
    ]);
    const publicPem = execFileSync("openssl", ["pkey", "-in", pem, "-pubout"]).toString();
    const signer = join(folder, "targets.signer.json");
    const command = ["openssl", "dgst", "-sha256", "-sign", pem];
    writeFileSync(signer, JSON.stringify({ public: publicPem, command }));
    const [repo, keys] = [join(folder, "repo"), join(folder, "keys")];
    const made = await zonesAt(
      NOW_MS,
      "keygen",
      "--repo",
      repo,
      "--keys",
      keys,
      "--signer",
      `targets=${signer}`,
    );
    expect([made.code, made.stderr]).toEqual([0, ""]);
    expect(readdirSync(join(keys, "online")).toSorted()).toEqual(["snapshot-1.pem", "timestamp-1.pem"]);
    const publish = ["publish", `cn=${setFile(NOW_MS)}`, "--repo", repo, "--keys", keys, "--keys", folder];
    expect((await zonesAt(NOW_MS, ...publish)).code).toBe(0);
    writeFileSync(signer, JSON.stringify({ public: publicPem, command: ["head", "-c", "70"] }));
    const wrong = await zonesAt(NOW_MS, ...publish);
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      expect.stringContaining("the command's signature is not of key"),
    ]);
  });
});

describe("status of a repository", () => {
  it("lists roles, keys, thresholds, expiries and sets, and exits 1 when a part is expired", async () => {
    const fleet = await Fleet.begin();
    await fleet.publishSet(NOW_MS);
    const { code, stdout } = await zonesAt(NOW_MS, "status", fleet.repo);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^root +1 {2}until .* 2 of [0-9a-f]{12}, [0-9a-f]{12}, [0-9a-f]{12}$/m);
    expect(stdout).toMatch(/^cn\/zones {2}issued /m);
    const later = await zonesAt(NOW_MS + 8 * 24 * 3600_000, "status", fleet.repo);
    expect([later.code, later.stdout]).toEqual([1, expect.stringMatching(/^timestamp .*EXPIRED/m)]);
  });
});
