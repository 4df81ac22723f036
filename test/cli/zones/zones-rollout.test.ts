import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { camfence, tempDir, writeTemp } from "../../kit/cli.ts";
import { Fleet, setFile, zonesAt } from "../../zones/update/kit/fleet.ts";

const COMMANDS = ["keygen", "publish", "rotate-key", "revoke", "status", "update", "tuf-client"];

describe("the roll-out commands", () => {
  it("have --help with an example", async () => {
    for (const name of COMMANDS) {
      const { code, stdout } = await zonesAt(0, name, "--help");
      expect([name, code]).toEqual([name, 0]);
      expect(stdout).toContain(`Example: camfence zones ${name}`);
    }
  });

  it.each([
    ["keygen"],
    ["keygen", "--repo", "x", "--keys", "y", "--areas", "1"],
    ["keygen", "--repo", "x", "--keys", "y", "--areas", "targets"],
    ["keygen", "--repo", "x", "--keys", "y", "--threshold", "root=3/2"],
    ["keygen", "--repo", "x", "--keys", "y", "--threshold", "targts=2/2"],
    ["keygen", "--repo", "x", "--keys", "y", "--signer", "targts=k.pem"],
    ["publish", "--repo", "x"],
    ["rotate-key"],
    ["revoke"],
    ["status"],
    ["status", "/nowhere"],
    ["update", "--url", "ftp://x", "--root", "r", "--area", "cn", "--store", "s"],
    ["tuf-client", "refresh"],
    ["tuf-client", "--metadata-dir", "x", "nothing"],
  ])("%s %s %s %s %s %s %s: wrong usage is exit 2 with one line", async (...args) => {
    const { code, stderr } = await zonesAt(0, ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^camfence: [^\n]+\n$/);
    expect(["x", "y", "s"].filter((name) => existsSync(name))).toEqual([]);
  });
});

describe("as processes", () => {
  it("from a zone file to what is in force in a vehicle", async () => {
    const fleet = await Fleet.begin();
    const nowMs = Date.now();
    expect((await fleet.publish(nowMs, `cn=${setFile(nowMs)}`)).code).toBe(0);
    const store = join(tempDir(), "store");
    const update = [
      "zones",
      "update",
      "--url",
      fleet.server.url,
      "--root",
      fleet.root(),
      "--area",
      "cn",
      "--store",
      store,
    ];
    const first = await camfence(...update, "--json");
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(first.stdout)).toMatchObject({
      outcome: "installed",
      phase: "fresh",
      target: "cn/zones",
      role: "cn",
    });
    expect((await camfence(...update)).stdout).toMatch(/^current: cn\/zones issued /);
    const status = await camfence("zones", "status", store);
    expect(status.code).toBe(0);
    expect(status.stdout).toMatch(
      /^fresh\nset +[0-9a-f]{16}, issued .*\nin force +since .*\nfrom +cn\/zones of http.*\nsigned by +cn: [0-9a-f]{12}/,
    );
    const old = await zonesAt(nowMs + 31 * 24 * 3600_000, "status", store, "--json");
    expect([old.code, JSON.parse(old.stdout)]).toEqual([1, expect.objectContaining({ phase: "widened" })]);
    await fleet.server.close();
    const offline = await camfence(...update, "--json");
    expect([offline.code, JSON.parse(offline.stdout)]).toEqual([
      2,
      { error: expect.objectContaining({ code: "unreadable" }) as unknown },
    ]);
    expect((await camfence("zones", "status", store)).code).toBe(0);
  });

  it("the conformance suite's command line", async () => {
    const fleet = await Fleet.begin();
    const nowMs = Date.now();
    await fleet.publish(nowMs, `cn=${setFile(nowMs)}`);
    const [metadata, targets] = [tempDir(), tempDir()];
    const client = (...args: string[]) => camfence("zones", "tuf-client", ...args);
    const root = join(tempDir(), "initial_root.json");
    writeFileSync(root, readFileSync(fleet.root()));
    expect(await client("--metadata-dir", metadata, "init", root)).toMatchObject({ code: 0, stderr: "" });
    const refresh = ["--metadata-url", fleet.server.metadataUrl, "--metadata-dir", metadata];
    expect(await client(...refresh, "refresh")).toMatchObject({ code: 0, stderr: "" });
    const from = ["--target-dir", targets, "--target-base-url", fleet.server.targetsUrl];
    expect(await client(...refresh, "--target-name", "cn/zones", ...from, "download")).toMatchObject({
      code: 0,
    });
    expect(readFileSync(join(targets, "cn%2Fzones"), "utf8")).toContain("Fort Example");
    expect(await client(...refresh, "--target-name", "cn/none", ...from, "download")).toMatchObject({
      code: 1,
    });
  });
});

describe("a path that the system refuses", () => {
  it.each([
    ["a key that is not there", (repo: string) => ["publish", "--repo", repo, "--keys", "nothere.pem"]],
    ["a repository that is a file", () => ["status", writeTemp("repo", "")]],
    [
      "a signer that is not there",
      (repo: string) =>
        `rotate-key timestamp --repo ${repo} --keys ${repo} --signer nothere.signer.json`.split(" "),
    ],
  ])("%s is one line and exit 2, not a fault", async (_name, argsOf) => {
    const fleet = await Fleet.begin();
    const { code, stderr } = await zonesAt(Date.now(), ...argsOf(fleet.repo));
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^camfence: [^\n]+\n$/)]);
  });

  it("a signer without a public key is one line and exit 1", async () => {
    const fleet = await Fleet.begin();
    const signer = writeTemp("k.signer.json", JSON.stringify({ public: "none", command: ["sign"] }));
    const { code, stderr } = await zonesAt(Date.now(), "publish", "--repo", fleet.repo, "--keys", signer);
    expect([code, stderr]).toEqual([1, expect.stringContaining('"public" is no public key in PEM')]);
  });
});
