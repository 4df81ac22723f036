import { describe, expect, it } from "vitest";
import { begin } from "./kit/tuf-test.ts";
import { DAY_MS, inDays } from "./kit/tuf-repository.ts";

// The cases of the public TUF conformance suite: test_rollback, test_expiration, test_delegated_expiration; then
// attacks that it does not have.

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

describe("mirrors", () => {
  it("mix and match: a snapshot of one state and targets of another are refused", async () => {
    const { repo, client } = await begin();
    repo.nextTargets();
    const old = repo.files.get("2.targets.json") ?? Buffer.alloc(0);
    repo.nextTargets();
    repo.files.set("3.targets.json", old);
    expect(await client.refresh()).toBe(1);
    expect(client.version("targets")).toBeNull();
  });

  it("mix and match: a role's metadata in the place of another's is refused", async () => {
    const { repo, client } = await begin();
    repo.delegate("targets", "cn", { paths: ["cn/*"] });
    repo.delegate("targets", "de", { paths: ["de/*"] });
    repo.addTarget("cn/zones", "of de", "de");
    repo.publish("cn", "de");
    repo.nextTargets();
    repo.files.set("1.cn.json", repo.files.get("1.de.json") ?? Buffer.alloc(0));
    expect(await client.download("cn/zones")).toBe(1);
    expect(client.downloaded()).toEqual([]);
  });

  it("freeze: the same timestamp for ever is refused from its expiry on", async () => {
    const { repo, client } = await begin();
    repo.timestamp.expires = inDays(7);
    repo.publishTimestamp();
    expect(await client.refresh()).toBe(0);
    expect(await client.refresh(Date.now() + 6 * DAY_MS)).toBe(0);
    expect(await client.refresh(Date.now() + 8 * DAY_MS)).toBe(1);
  });

  it.each(["2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"])(
    "endless data for %s ends at its limit",
    async (name) => {
      const { server, client } = await begin();
      let bytes = 0;
      server.hook = (path, response) => {
        if (path !== `metadata/${name}`) return false;
        response.writeHead(200);
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536, " "))) bytes += 65_536;
        };
        response.on("drain", more);
        more();
        return true;
      };
      expect(await client.refresh()).toBe(1);
      expect(client.said).toContain("expected at most");
      expect(bytes).toBeLessThan(20_000_000);
    },
  );

  it("endless data for a target ends at its length", async () => {
    const { repo, server, client } = await begin();
    repo.addTarget("file", "short");
    repo.nextTargets();
    server.hook = (path, response) => {
      if (!path.startsWith("targets/")) return false;
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, "s")));
      };
      response.on("drain", more);
      more();
      return true;
    };
    expect(await client.download("file")).toBe(1);
    expect(client.downloaded()).toEqual([]);
  });

  it("redirects, errors and garbage are refused", async () => {
    for (const answer of ["redirect", "fault", "garbage", "cut"] as const) {
      const { repo, server, client } = await begin();
      expect(await client.refresh()).toBe(0);
      repo.publishTimestamp();
      server.hook = (path, response) => {
        if (path !== "metadata/timestamp.json") return false;
        if (answer === "redirect") response.writeHead(302, { location: "/metadata/1.targets.json" }).end();
        if (answer === "fault") response.writeHead(500).end();
        if (answer === "garbage") response.end("\u0000{[");
        if (answer === "cut") {
          response.writeHead(200, { "content-length": 1000 });
          response.write("{");
          setTimeout(() => response.destroy(), 20);
        }
        return true;
      };
      expect(await client.refresh()).toBe(1);
      expect(client.version("timestamp")).toBe(1);
    }
  });

  it("quick rotation: a client that was away for many roots goes through all of them", async () => {
    const { repo, client } = await begin();
    for (let i = 0; i < 40; i++) {
      const old = repo.signers.get("root") ?? [];
      repo.rotate("root");
      repo.signers.set("root", [...old.slice(-1), ...(repo.signers.get("root") ?? [])]);
      repo.rotate("timestamp");
      repo.nextRoot();
    }
    repo.publishTimestamp();
    expect(await client.refresh()).toBe(0);
    expect(client.version("root")).toBe(41);
  });

  it("roots without end end", async () => {
    const { repo, server, client } = await begin();
    for (let i = 0; i < 300; i++) repo.nextRoot();
    await client.refresh();
    expect(server.metadataAsked().filter((name) => name.endsWith("root.json"))).toHaveLength(256);
  });

  it("a root that skips a version is refused", async () => {
    const { repo, client } = await begin();
    repo.root.version = 3;
    repo.publish("root");
    repo.files.set("2.root.json", repo.files.get("3.root.json") ?? Buffer.alloc(0));
    expect(await client.refresh()).toBe(1);
    expect(client.version("root")).toBe(1);
  });
});
