import { describe, expect, it } from "vitest";
import { begin } from "./kit/tuf-test.ts";
import { DAY_MS, inDays } from "./kit/tuf-repository.ts";

// Attacks that the public TUF conformance suite does not have.

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
