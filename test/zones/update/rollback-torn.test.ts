import { mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Updater } from "tuf-js";
import { describe, expect, it } from "vitest";
import { tempDir } from "../../kit/cli.ts";
import { begin } from "./kit/tuf-test.ts";
import { DAY_MS, inDays } from "./kit/tuf-repository.ts";
import type { TufRepository } from "./kit/tuf-repository.ts";

/** A repository that went on, and then serves again what it served first. */
function goOnAndBack(repo: TufRepository) {
  const first = new Map(repo.files);
  repo.nextTargets();
  repo.nextTargets();
  return () => {
    for (const [name, bytes] of first) repo.files.set(name, bytes);
  };
}

function tear(folder: string, ...roles: readonly string[]): void {
  for (const role of roles) truncateSync(join(folder, `${role}.json`), 20);
}

describe("torn metadata", () => {
  it.each([
    ["timestamp"],
    ["snapshot"],
    ["timestamp", "snapshot"],
    ["timestamp", "snapshot", "targets"],
    ["root", "timestamp", "snapshot", "targets"],
  ])("%s %s %s %s torn: no rollback is accepted", async (...roles) => {
    const { repo, client } = await begin();
    const back = goOnAndBack(repo);
    expect(await client.refresh()).toBe(0);
    tear(client.metadataDir, ...roles);
    back();
    expect(await client.refresh()).toBe(1);
    expect(client.said).toMatch(roles.includes("root") ? /^camfence: root: / : /expected at least 3/);
  });

  it("and what is newer is accepted as ever", async () => {
    const { repo, client } = await begin();
    repo.nextTargets();
    expect(await client.refresh()).toBe(0);
    tear(client.metadataDir, "timestamp", "snapshot", "targets");
    expect(await client.refresh()).toBe(0);
    expect([client.version("timestamp"), client.version("snapshot"), client.version("targets")]).toEqual([
      2, 2, 2,
    ]);
    repo.nextTargets();
    expect(await client.refresh()).toBe(0);
  });

  it("a root that goes back behind the floor is refused", async () => {
    const { repo, client } = await begin();
    const first = repo.files.get("1.root.json") ?? Buffer.alloc(0);
    repo.nextRoot();
    expect(await client.refresh()).toBe(0);
    writeFileSync(join(client.metadataDir, "root.json"), first);
    repo.files.delete("2.root.json");
    expect(await client.refresh()).toBe(1);
    expect(client.said).toContain("root: got version 1, expected at least 2");
  });
});

// What the client would do that we did not take, and why.
describe("tuf-js alone", () => {
  async function withTufJs() {
    const { repo, server } = await begin();
    const metadataDir = join(tempDir(), "metadata");
    mkdirSync(metadataDir);
    writeFileSync(join(metadataDir, "root.json"), repo.files.get("1.root.json") ?? "");
    const refresh = () => new Updater({ metadataDir, metadataBaseUrl: server.metadataUrl }).refresh();
    const version = (role: string) =>
      (JSON.parse(readFileSync(join(metadataDir, `${role}.json`), "utf8")) as { signed: { version: number } })
        .signed.version;
    return { repo, metadataDir, refresh, version };
  }

  it("accepts the rollback when timestamp and snapshot are torn", async () => {
    const { repo, metadataDir, refresh, version } = await withTufJs();
    const back = goOnAndBack(repo);
    await refresh();
    expect(version("timestamp")).toBe(3);
    tear(metadataDir, "timestamp", "snapshot");
    back();
    await refresh();
    expect(version("timestamp")).toBe(1);
  });

  it("knows no time but the clock's: ours refuses by a time that was signed", async () => {
    const { repo, refresh } = await withTufJs();
    repo.snapshot.expires = inDays(1);
    Object.assign(repo.timestamp, { "x-camfence-issued": inDays(0, Date.now() + 2 * DAY_MS) });
    repo.publishHeads();
    await refresh();
    const { client } = await begin(repo);
    expect(await client.refresh()).toBe(1);
    expect(client.said).toContain("snapshot 2 expired");
  });
});
