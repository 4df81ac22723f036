import { describe, expect, it } from "vitest";
import { begin } from "./kit/tuf-test.ts";

// The cases of the public TUF conformance suite: test_rollback.

describe("rollback", () => {
  it("a snapshot that goes back without its timestamp is never asked for", async () => {
    const { repo, server, client } = await begin();
    repo.publishHeads();
    expect(await client.refresh()).toBe(0);
    repo.snapshot.version = 1;
    repo.publish("snapshot");
    expect(await client.refresh()).toBe(0);
    expect(client.version("snapshot")).toBe(2);
    expect(server.metadataAsked().at(-1)).toBe("timestamp.json");
  });

  it("a timestamp that goes back is refused", async () => {
    const { repo, server, client } = await begin();
    repo.publishTimestamp();
    expect(await client.refresh()).toBe(0);
    repo.timestamp.version = 1;
    repo.publish("timestamp");
    expect(await client.refresh()).toBe(1);
    expect(client.version("timestamp")).toBe(2);
    expect(server.metadataAsked().at(-1)).toBe("timestamp.json");
  });

  it.each([false, true])(
    "a snapshot that goes back with its timestamp is refused (hashes: %s)",
    async (hashes) => {
      const { repo, client } = await begin();
      repo.withHashes = hashes;
      repo.publishHeads();
      expect(await client.refresh()).toBe(0);
      repo.snapshot.version = 1;
      repo.publish("snapshot");
      repo.publishTimestamp();
      expect(await client.refresh()).toBe(1);
      expect([client.version("timestamp"), client.version("snapshot")]).toEqual([2, 2]);
    },
  );

  it.each([false, true])("targets that go back are refused (hashes: %s)", async (hashes) => {
    const { repo, client } = await begin();
    repo.withHashes = hashes;
    repo.nextTargets();
    repo.nextTargets();
    expect(await client.refresh()).toBe(0);
    repo.targets.version = 1;
    repo.publish("targets");
    repo.publishHeads();
    expect(await client.refresh()).toBe(1);
    expect([client.version("snapshot"), client.version("targets")]).toEqual([3, 3]);
  });

  it("a role that the snapshot names no more is refused", async () => {
    const { repo, client } = await begin();
    repo.delegate("targets", "cn");
    repo.publish("cn");
    repo.nextTargets();
    expect(await client.refresh()).toBe(0);
    delete repo.snapshot.meta["cn.json"];
    repo.snapshot.version++;
    repo.publish("snapshot");
    repo.publishTimestamp();
    expect(await client.refresh()).toBe(1);
    expect(client.said).toContain("names cn.json not at all");
  });

  it("a snapshot of another version than the timestamp says is refused", async () => {
    const { repo, server, client } = await begin();
    repo.snapshot.version = 2;
    repo.files.set("1.snapshot.json", repo.bytesOf("snapshot"));
    expect(await client.refresh()).toBe(1);
    expect(client.roles()).toEqual(["root", "timestamp"]);
    expect(server.metadataAsked().at(-1)).toBe("1.snapshot.json");
  });

  it("targets fast-forward: new snapshot keys let them go back", async () => {
    const { repo, client } = await begin();
    repo.targets.version = 100;
    repo.publish("targets");
    repo.publishHeads();
    expect(await client.refresh()).toBe(0);
    repo.rotate("snapshot");
    repo.nextRoot();
    repo.targets.version = 2;
    repo.publish("targets");
    repo.publishHeads();
    expect(await client.refresh()).toBe(0);
    expect(client.version("targets")).toBe(2);
  });

  it("snapshot fast-forward: new snapshot and timestamp keys let it go back", async () => {
    const { repo, client } = await begin();
    repo.snapshot.version = 99_999;
    repo.publishHeads({ bump: false });
    expect(await client.refresh()).toBe(0);
    repo.rotate("snapshot");
    repo.rotate("timestamp");
    repo.nextRoot();
    repo.snapshot.version = 1;
    repo.publishHeads({ bump: false });
    expect(await client.refresh()).toBe(0);
    expect(client.version("snapshot")).toBe(1);
  });

  it("timestamp fast-forward: new timestamp keys let it go back", async () => {
    const { repo, client } = await begin();
    repo.timestamp.version = 100;
    repo.publish("timestamp");
    expect(await client.refresh()).toBe(0);
    repo.rotate("timestamp");
    repo.nextRoot();
    repo.timestamp.version = 1;
    repo.publish("timestamp");
    expect(await client.refresh()).toBe(0);
    expect(client.version("timestamp")).toBe(1);
  });

  it("a key that is added and takes none's place lets nothing go back", async () => {
    const { repo, client } = await begin();
    repo.publishTimestamp();
    expect(await client.refresh()).toBe(0);
    repo.addKey("timestamp");
    repo.nextRoot();
    repo.timestamp.version = 1;
    repo.publish("timestamp");
    expect(await client.refresh()).toBe(1);
    expect(client.version("timestamp")).toBe(2);
  });
});
