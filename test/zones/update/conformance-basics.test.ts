import { describe, expect, it } from "vitest";
import { begin } from "./kit/tuf-test.ts";
import { TufClient } from "./kit/tuf-client.ts";
import { newKey } from "./kit/tuf-repository.ts";

// The cases of the public TUF conformance suite (theupdateframework/tuf-conformance: test_basic, test_keys,
// test_file_download, test_quoting_issues), by their names there, and some of our own.

describe("basic", () => {
  it("init and refresh ask for what they need, in order, and store it", async () => {
    const { repo, server, client } = await begin();
    expect(server.asked).toEqual([]);
    expect(await client.refresh()).toBe(0);
    expect(server.metadataAsked()).toEqual([
      "2.root.json",
      "timestamp.json",
      "1.snapshot.json",
      "1.targets.json",
    ]);
    expect(client.roles()).toEqual(["root", "snapshot", "targets", "timestamp"]);
    expect(client.bytes("timestamp")).toEqual(repo.files.get("timestamp.json"));
  });

  it("a download refreshes first, and fails for a target that is not there", async () => {
    const { server, client } = await begin();
    expect(await client.download("nonexistent artifact")).toBe(1);
    expect(server.metadataAsked()).toEqual([
      "2.root.json",
      "timestamp.json",
      "1.snapshot.json",
      "1.targets.json",
    ]);
    expect(client.version("targets")).toBe(1);
  });

  it("an invalid initial root: nothing is asked for", async () => {
    const { repo, server } = await begin();
    const root = JSON.parse(String(repo.files.get("1.root.json"))) as { signed: { version?: number } };
    delete root.signed.version;
    const client = new TufClient(server);
    await client.init(Buffer.from(JSON.stringify(root)));
    expect(await client.refresh()).toBe(1);
    expect(server.asked).toEqual([]);
  });

  it("an unsigned initial root: nothing is asked for", async () => {
    const { repo, server } = await begin();
    const root = JSON.parse(String(repo.files.get("1.root.json"))) as { signatures: { sig: string }[] };
    for (const signature of root.signatures) signature.sig = "00".repeat(64);
    const client = new TufClient(server);
    await client.init(Buffer.from(JSON.stringify(root)));
    expect(await client.refresh()).toBe(1);
    expect(server.asked).toEqual([]);
  });

  it("no initial root at all: nothing is asked for", async () => {
    const { server } = await begin();
    expect(await new TufClient(server).refresh()).toBe(1);
    expect(server.asked).toEqual([]);
  });

  it("timestamp content that changes without its version is not taken", async () => {
    const { repo, client } = await begin();
    await client.refresh();
    repo.timestamp.meta["snapshot.json"] = { version: 100 };
    repo.publish("timestamp");
    await client.refresh();
    expect(String(client.bytes("timestamp"))).not.toContain("100");
  });

  it("new targets whose hash the snapshot does not have are refused", async () => {
    const { repo, client } = await begin();
    repo.withHashes = true;
    repo.publishHeads();
    expect(await client.refresh()).toBe(0);
    repo.nextTargets();
    repo.targets.expires = repo.targets.expires.replace("Z", "z");
    repo.publish("targets");
    expect(await client.refresh()).toBe(1);
    expect(client.said).toContain("targets 2: Expected hash");
    expect(client.version("targets")).toBe(1);
  });

  it("new targets of another version than the snapshot says are refused", async () => {
    const { repo, client } = await begin();
    await client.refresh();
    repo.targets.version = 3;
    repo.publish("targets");
    repo.files.set("2.targets.json", repo.files.get("3.targets.json") ?? Buffer.alloc(0));
    repo.targets.version = 2;
    repo.publishHeads();
    expect(await client.refresh()).toBe(1);
    expect(client.version("targets")).toBe(1);
  });

  it("unknown fields are covered by signatures and kept", async () => {
    const { repo, client } = await begin();
    const [key = ""] = repo.role("root").keyids;
    Object.assign(repo.root, { "custom-field": "value" });
    Object.assign(repo.root.keys[key] ?? {}, { "extra-field": { a: 1, b: 2 } });
    repo.role("root")["another-field"] = "value";
    repo.nextRoot();
    expect(await client.refresh()).toBe(0);
    expect(client.version("root")).toBe(2);
  });

  it("without consistent snapshots, files have no versions in their names", async () => {
    const { repo, server, client } = await begin();
    repo.root.consistent_snapshot = false;
    repo.nextRoot();
    repo.addTarget("plain.txt", "plain");
    repo.nextTargets();
    expect(await client.download("plain.txt")).toBe(0);
    expect(server.asked.slice(-4)).toEqual([
      ...["timestamp", "snapshot", "targets"].map((role) => `metadata/${role}.json`),
      "targets/plain.txt",
    ]);
  });

  it("metadata with a version or an expiry that is none is refused", async () => {
    for (const spoil of [{ version: 0 }, { version: -1 }, { expires: "never" }]) {
      const { repo, client } = await begin();
      Object.assign(repo.timestamp, { version: 2 }, spoil);
      repo.publish("timestamp");
      expect(await client.refresh()).toBe(1);
      expect(client.version("timestamp")).toBeNull();
    }
  });
});

describe("keys", () => {
  it("a threshold that more keys must meet than have signed is not met", async () => {
    const { repo, client } = await begin();
    await client.refresh();
    for (let i = 0; i < 4; i++) repo.addKey("snapshot");
    repo.role("snapshot").threshold = 6;
    repo.nextRoot();
    repo.publishHeads();
    expect(await client.refresh()).toBe(1);
    expect(client.version("snapshot")).toBe(1);
  });

  it("keys that root has and the snapshot was not signed with do not count", async () => {
    const { repo, client } = await begin();
    await client.refresh();
    repo.role("snapshot").threshold = 3;
    repo.trust("snapshot", newKey());
    repo.trust("snapshot", newKey());
    repo.nextRoot();
    repo.publishHeads();
    expect(await client.refresh()).toBe(1);
    expect([client.version("root"), client.version("snapshot")]).toEqual([2, 1]);
    repo.addKey("snapshot");
    repo.addKey("snapshot");
    repo.nextRoot();
    repo.publishHeads();
    expect(await client.refresh()).toBe(0);
    expect([client.version("root"), client.version("snapshot")]).toEqual([3, 3]);
  });

  it("key ids that root names without a key do not count", async () => {
    const { repo, client } = await begin();
    repo.role("snapshot").threshold = 2;
    repo.role("snapshot").keyids.push(newKey().id);
    repo.nextRoot();
    repo.publishHeads();
    expect(await client.refresh()).toBe(1);
  });

  it("one key under many ids is one signature", async () => {
    const { repo, client } = await begin();
    await client.refresh();
    const key = repo.addKey("snapshot");
    for (let i = 0; i < 8; i++) repo.addKey("snapshot", { ...key, id: newKey().id });
    repo.role("snapshot").threshold = 6;
    repo.nextRoot();
    repo.publishHeads();
    expect(await client.refresh()).toBe(1);
    expect(client.version("snapshot")).toBe(1);
    expect(client.said).toContain("got 2 good signatures, expected 6");
  });

  it("a wrong `keyid_hash_algorithms` is no matter", async () => {
    const { repo, client } = await begin();
    const [key = ""] = repo.role("snapshot").keyids;
    Object.assign(repo.root.keys[key] ?? {}, { keyid_hash_algorithms: ["md5"] });
    repo.nextRoot();
    expect(await client.refresh()).toBe(0);
  });

  it("Ed25519, ECDSA P-256 and RSA-PSS keys verify", async () => {
    const { repo, client } = await begin();
    for (const kind of ["ed25519", "ecdsa", "rsa"] as const) repo.addKey("timestamp", newKey(kind));
    repo.role("timestamp").threshold = 4;
    repo.nextRoot();
    repo.publishTimestamp();
    expect(await client.refresh()).toBe(0);
    expect(client.version("timestamp")).toBe(2);
  });
});

describe("file download", () => {
  it("gets the expected file, also in a folder, and several at once", async () => {
    const { repo, client } = await begin();
    repo.addTarget("target_file.txt", "one");
    repo.addTarget("path/to/a/target_file.txt", "two");
    repo.nextTargets();
    expect(await client.refresh()).toBe(0);
    expect(client.downloaded()).toEqual([]);
    expect(await client.download(["target_file.txt", "path/to/a/target_file.txt"])).toBe(0);
    expect(client.downloaded()).toEqual(["one", "two"]);
  });

  it("a target that is there already is not asked for again", async () => {
    const { repo, server, client } = await begin();
    repo.addTarget("file", "one");
    repo.nextTargets();
    await client.download("file");
    await client.download("file");
    expect(server.asked.filter((path) => path.startsWith("targets/"))).toHaveLength(1);
  });

  it("a repository that puts other bytes in the place of a target is not believed", async () => {
    const { repo, client } = await begin();
    repo.addTarget("a", "target file contents");
    repo.addTarget("b", "content");
    repo.nextTargets();
    expect(await client.download("a")).toBe(0);
    for (const path of repo.artifacts.keys()) repo.artifacts.set(path, Buffer.from("malicious"));
    await client.download("a");
    expect(await client.download("b")).toBe(1);
    expect(client.downloaded()).toEqual(["target file contents"]);
  });

  it("equal length and other bytes are refused", async () => {
    const { repo, client } = await begin();
    repo.addTarget("a", "content");
    repo.nextTargets();
    for (const path of repo.artifacts.keys()) repo.artifacts.set(path, Buffer.from("tnetnoc"));
    expect(await client.download("a")).toBe(1);
    expect(client.said).toContain("that are others");
    repo.addTarget("a", "content");
    expect(await client.download("a")).toBe(0);
  });

  it("a target that changes many times is what it was last", async () => {
    const { repo, client } = await begin();
    for (let i = 0; i < 11; i++) {
      repo.addTarget("file", `contents ${i}`);
      repo.nextTargets();
      if (i % 5 > 0) continue;
      expect(await client.download("file")).toBe(0);
      expect(client.downloaded()).toEqual([`contents ${i}`]);
      repo.nextTargets();
      for (const path of repo.artifacts.keys()) repo.artifacts.set(path, Buffer.from("malicious"));
      await client.download("file");
      expect(client.downloaded()).toEqual([`contents ${i}`]);
    }
  });

  it("a target without a hash that counts is refused", async () => {
    for (const hashes of [{}, { md5: "9a0364b9e99bb480dd25e1f0284c8555" }]) {
      const { repo, client } = await begin();
      repo.addTarget("a", "content");
      Object.assign(repo.targets.targets["a"] ?? {}, { hashes });
      repo.artifacts.set("9a0364b9e99bb480dd25e1f0284c8555.a", Buffer.from("content"));
      repo.nextTargets();
      expect(await client.download("a")).toBe(1);
      expect(client.downloaded()).toEqual([]);
    }
  });
});

describe("quoting", () => {
  it.each(["?", "#", "/delegatedrole", "../delegatedrole", "..", "a(b)*'!"])("role %j", async (role) => {
    const { repo, server, client } = await begin();
    repo.delegate("targets", role);
    repo.publish(role);
    repo.nextTargets();
    const strict = Array.from(role)
      .map((char) =>
        /[A-Za-z0-9._~-]/.test(char) ? char : `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
      )
      .join("");
    repo.files.set(
      `1.${strict}.json`,
      repo.files.get(`1.${encodeURIComponent(role)}.json`) ?? Buffer.alloc(0),
    );
    expect(await client.download("nonexistent target")).toBe(1);
    expect(server.metadataAsked()).toContain(`1.${strict}.json`);
    expect(client.roles()).toHaveLength(5);
  });
});
