import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { begin } from "./kit/tuf-test.ts";
import { newKey } from "./kit/tuf-repository.ts";

// The cases of the public TUF conformance suite about single metadata files: what is refused, and what is trusted then.

/** Role and version of what the client trusts. */
const trusted = (client: Awaited<ReturnType<typeof begin>>["client"]) =>
  client.roles().map((role) => `${role} ${client.version(role)}`);

describe("metadata that lacks a signature is refused, and what came before it is kept", () => {
  it.each([
    ["root", ["root 1"]],
    ["timestamp", ["root 2"]],
    ["snapshot", ["root 2", "timestamp 2"]],
    ["targets", ["root 2", "snapshot 2", "timestamp 2"]],
  ])("%s", async (role, left) => {
    const { repo, client } = await begin();
    repo.signers.set(role, []);
    repo.nextRoot();
    repo.nextTargets();
    expect(await client.refresh()).toBe(1);
    expect(trusted(client)).toEqual(left);
  });
});

describe("metadata of another version than its file name is refused", () => {
  it.each([
    ["root", ["root 1"]],
    ["snapshot", ["root 2", "timestamp 2"]],
    ["targets", ["root 2", "snapshot 2", "timestamp 2"]],
  ])("%s", async (role, left) => {
    const { repo, client } = await begin();
    repo.nextRoot();
    repo.nextTargets();
    repo.draft(role).version = 3;
    repo.files.set(`2.${role}.json`, repo.bytesOf(role));
    expect(await client.refresh()).toBe(1);
    expect(trusted(client)).toEqual(left);
  });
});

describe("a file that is not there fails the refresh, and what came before it is kept", () => {
  it.each([
    ["timestamp.json", ["root 1", "snapshot 1", "targets 1", "timestamp 1"]],
    ["2.snapshot.json", ["root 1", "snapshot 1", "targets 1", "timestamp 2"]],
    ["2.targets.json", ["root 1", "snapshot 2", "targets 1", "timestamp 2"]],
  ])("%s", async (file, left) => {
    const { repo, server, client } = await begin();
    expect(await client.refresh()).toBe(0);
    repo.nextTargets();
    repo.files.delete(file);
    expect(await client.refresh()).toBe(1);
    expect(server.metadataAsked().at(-1)).toBe(file);
    expect(trusted(client)).toEqual(left);
  });
});

it("a snapshot in the place of the timestamp, well signed for it, is refused by its type", async () => {
  const { repo, client } = await begin();
  const [timestampKey] = repo.signers.get("timestamp") ?? [];
  repo.addKey("snapshot", timestampKey);
  repo.nextRoot();
  repo.snapshot.meta = { "snapshot.json": { version: 1 } };
  repo.files.set("timestamp.json", repo.bytesOf("snapshot"));
  expect(await client.refresh()).toBe(1);
  expect(trusted(client)).toEqual(["root 2"]);
});

it("metadata is stored byte by byte as it came", async () => {
  const { repo, client } = await begin();
  const bytes = Buffer.concat([repo.files.get("timestamp.json") ?? Buffer.alloc(0), Buffer.from(" \n")]);
  repo.files.set("timestamp.json", bytes);
  expect(await client.refresh()).toBe(0);
  expect(client.bytes("timestamp").equals(bytes)).toBe(true);
});

it("a hash of the targets that the snapshot has wrong is no hash of theirs", async () => {
  const { repo, client } = await begin();
  repo.withHashes = true;
  repo.nextTargets();
  expect(await client.refresh()).toBe(0);
  repo.targets.version++;
  repo.publish("targets");
  const meta = { version: 3, hashes: { sha256: "46".repeat(32) } };
  repo.snapshot.meta["targets.json"] = meta;
  repo.snapshot.version++;
  repo.publish("snapshot");
  repo.publishTimestamp();
  expect(await client.refresh()).toBe(1);
  expect(trusted(client)).toEqual(["root 1", "snapshot 3", "targets 2", "timestamp 3"]);
});

describe("each key type of the specification is asked for, and a good-looking signature of it is not enough", () => {
  it.each(["ed25519", "ecdsa", "rsa"] as const)("%s", async (kind) => {
    const { repo, client } = await begin();
    const key = newKey(kind);
    repo.addKey("root", key);
    repo.role("root").threshold = 2;
    repo.nextRoot();
    expect(await client.refresh()).toBe(0);
    expect(client.version("root")).toBe(2);
    // A signature of the same form, over other bytes.
    const others = (repo.signers.get("root") ?? []).filter(({ id }) => id !== key.id);
    repo.signers.set("root", [...others, { ...key, sign: () => key.sign(Buffer.from("other bytes")) }]);
    repo.nextRoot();
    expect(await client.refresh()).toBe(1);
    expect(client.version("root")).toBe(2);
  });
});

it("a key whose `keyid_hash_algorithms` is not even a list is a key", async () => {
  const { repo, client } = await begin();
  repo.rotate("snapshot");
  const [key = ""] = repo.role("snapshot").keyids;
  Object.assign(repo.root.keys[key] ?? {}, { keyid_hash_algorithms: "md5" });
  repo.nextRoot();
  repo.publishHeads();
  expect(await client.refresh()).toBe(0);
  expect(trusted(client)).toEqual(["root 2", "snapshot 2", "targets 1", "timestamp 2"]);
});

describe("delegations by hash", () => {
  const digest = (path: string) => createHash("sha256").update(path).digest("hex");

  it("path_hash_prefixes: the role whose prefix a path's hash has is asked, no other", async () => {
    const { repo, server, client } = await begin();
    repo.delegate("targets", "A");
    repo.delegate("targets", "B");
    for (const role of repo.targets.delegations?.roles ?? []) {
      Reflect.deleteProperty(role, "paths");
      const own = digest("file.txt").slice(0, 2);
      role["path_hash_prefixes"] = [role.name === "B" ? own : own === "00" ? "11" : "00"];
    }
    repo.addTarget("file.txt", "by B", "B");
    repo.publish("A", "B");
    repo.nextTargets();
    expect(await client.download("file.txt")).toBe(0);
    expect(server.metadataAsked().slice(4)).toEqual(["1.B.json"]);
  });

  it("succinct roles: the bin of a path's hash is asked, no other", async () => {
    const { repo, server, client } = await begin();
    const bins = Array.from({ length: 8 }, (_, i) => `bin-${i}`);
    for (const name of bins) repo.delegate("targets", name);
    const key = newKey();
    for (const name of bins) repo.signers.set(name, [key]);
    const succinct = { bit_length: 3, name_prefix: "bin", keyids: [key.id], threshold: 1 };
    Object.assign(repo.targets, { delegations: { keys: { [key.id]: key.json }, succinct_roles: succinct } });
    const bin = `bin-${Number.parseInt(digest("file.txt").slice(0, 2), 16) >> 5}`;
    repo.addTarget("file.txt", "in a bin", bin);
    repo.publish(...bins);
    repo.nextTargets();
    expect(await client.download("file.txt")).toBe(0);
    expect(server.metadataAsked().slice(4)).toEqual([`1.${bin}.json`]);
    expect(await client.download("other.txt")).toBe(1);
  });
});

it("a role that is stored already is verified with the keys of who delegates to it today", async () => {
  const { repo, client } = await begin();
  repo.delegate("targets", "A");
  repo.addTarget("file.txt", "by A", "A");
  repo.publish("A");
  repo.nextTargets();
  expect(await client.download("file.txt")).toBe(0);
  const [role] = repo.targets.delegations?.roles ?? [];
  const key = newKey();
  Object.assign(repo.targets.delegations?.keys ?? {}, { [key.id]: key.json });
  Object.assign(role ?? {}, { keyids: [key.id] });
  repo.nextTargets();
  expect(await client.download("file.txt")).toBe(1);
});

describe("names of targets", () => {
  it.each(["a b.txt", "a?b#c.txt", "100%.txt", "dir/ü/站.txt", "a%2Fb.txt"])("%s", async (path) => {
    const { repo, client } = await begin();
    repo.addTarget(path, "content");
    repo.nextTargets();
    expect(await client.download(path)).toBe(0);
    expect(client.downloaded()).toEqual(["content"]);
  });

  it("a target with only SHA-512 is found and verified by it", async () => {
    const { repo, client } = await begin();
    repo.addTarget("file.txt", "content");
    const bytes = Buffer.from("content");
    const sha512 = createHash("sha512").update(bytes).digest("hex");
    Object.assign(repo.targets.targets["file.txt"] ?? {}, { hashes: { sha512 } });
    repo.artifacts.set(`${sha512}.file.txt`, bytes);
    repo.nextTargets();
    expect(await client.download("file.txt")).toBe(0);
    repo.artifacts.set(`${sha512}.file.txt`, Buffer.from("c0ntent"));
    expect(client.downloaded()).toEqual(["content"]);
  });
});
