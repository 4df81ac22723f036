import { describe, expect, it } from "vitest";
import { begin } from "./kit/tuf-test.ts";
import { DAY_MS, inDays } from "./kit/tuf-repository.ts";

// The cases of the public TUF conformance suite: test_expiration, test_delegated_expiration.

describe("expiry", () => {
  it("an expired root is taken, and nothing after it", async () => {
    const { repo, client } = await begin();
    await client.refresh();
    repo.nextRoot();
    await client.refresh();
    repo.root.expires = inDays(-1);
    repo.nextRoot();
    repo.nextTargets();
    expect(await client.refresh()).toBe(1);
    expect([client.version("root"), client.version("timestamp"), client.version("snapshot")]).toEqual([
      3, 1, 1,
    ]);
  });

  it("roots that are expired on the way to a good one are no matter", async () => {
    const { repo, client } = await begin();
    repo.root.expires = inDays(-1);
    repo.nextRoot();
    repo.root.expires = inDays(30);
    repo.nextRoot();
    expect(await client.refresh()).toBe(0);
    expect(client.version("root")).toBe(3);
  });

  it("an expired timestamp is not taken", async () => {
    const { repo, client } = await begin();
    await client.refresh();
    repo.timestamp.expires = inDays(-5);
    repo.publishTimestamp();
    expect(await client.refresh()).toBe(1);
    expect(client.version("timestamp")).toBe(1);
  });

  it("an expired snapshot is not taken", async () => {
    const { repo, client } = await begin();
    await client.refresh();
    repo.snapshot.expires = inDays(-5);
    repo.publishHeads();
    expect(await client.refresh()).toBe(1);
    expect(client.version("snapshot")).toBe(1);
  });

  it("expired targets are not taken", async () => {
    const { repo, client } = await begin();
    await client.refresh();
    repo.targets.expires = inDays(-5);
    repo.nextTargets();
    expect(await client.refresh()).toBe(1);
    expect(client.version("targets")).toBe(1);
  });

  it("expired local metadata still leads to what is new", async () => {
    const { repo, client } = await begin();
    repo.timestamp.expires = inDays(7);
    repo.publishTimestamp();
    expect(await client.refresh()).toBe(0);
    repo.timestamp.expires = inDays(21);
    repo.nextTargets();
    expect(await client.refresh(Date.now() + 18 * DAY_MS)).toBe(0);
    expect([client.version("targets"), client.version("snapshot"), client.version("timestamp")]).toEqual([
      2, 2, 3,
    ]);
  });

  it("a delegated role that is expired is not taken, and its targets are not found", async () => {
    const { repo, client } = await begin();
    repo.delegate("targets", "delegated", { paths: ["delegatedpath/*"], expires: inDays(-1) });
    repo.addTarget("delegatedpath/target", "content", "delegated");
    repo.publish("delegated");
    repo.nextTargets();
    expect(await client.refresh()).toBe(0);
    expect(await client.download("delegatedpath/target")).toBe(1);
    expect(client.downloaded()).toEqual([]);
    expect(client.roles()).toEqual(["root", "snapshot", "targets", "timestamp"]);
  });

  it("a delegated role that expires is used no more, until there is a newer one", async () => {
    const { repo, client } = await begin();
    repo.delegate("targets", "delegated", { paths: ["delegatedpath/*"], expires: inDays(7) });
    repo.addTarget("delegatedpath/first", "first", "delegated");
    repo.addTarget("delegatedpath/second", "second", "delegated");
    repo.publish("delegated");
    repo.nextTargets();
    expect(await client.download("delegatedpath/first")).toBe(0);
    const laterMs = Date.now() + 18 * DAY_MS;
    expect(await client.download("delegatedpath/second", laterMs)).toBe(1);
    expect(client.downloaded()).toEqual(["first"]);
    repo.delegatedDraft("delegated").expires = inDays(21);
    repo.nextTargets("delegated");
    expect(await client.download("delegatedpath/second", laterMs)).toBe(0);
  });

  it("a clock that is set back revives nothing that was found expired", async () => {
    const { repo, client } = await begin();
    repo.timestamp.expires = inDays(7);
    repo.publishTimestamp();
    expect(await client.refresh()).toBe(0);
    expect(await client.refresh(Date.now() + 8 * DAY_MS)).toBe(1);
    expect(await client.refresh()).toBe(1);
    expect(client.said).toContain("timestamp 2 expired");
    repo.timestamp.expires = inDays(14);
    repo.publishTimestamp();
    expect(await client.refresh()).toBe(0);
  });

  it("a clock before the build, or that is no number, makes nothing valid", async () => {
    const { repo, client } = await begin();
    expect(await client.refresh(Number.NaN)).toBe(1);
    repo.timestamp.expires = "2026-11-01T00:00:00Z";
    repo.publishTimestamp();
    expect(await client.refresh(Date.parse("2026-10-01T00:00:00Z"))).toBe(1);
    expect(client.version("timestamp")).toBeNull();
  });

  it("a timestamp that says when it was signed sets a clock forward that is behind", async () => {
    const { repo, client } = await begin();
    repo.snapshot.expires = inDays(10);
    repo.publishHeads();
    expect(await client.refresh()).toBe(0);
    Object.assign(repo.timestamp, { "x-camfence-issued": inDays(20) });
    repo.publishTimestamp();
    expect(await client.refresh()).toBe(1);
    expect(client.said).toContain("snapshot 2 expired");
  });
});
