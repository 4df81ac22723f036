import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { Metadata, MetadataKind, Signature } from "@tufjs/models";

// A repository for the tests alone: drafts are plain JSON that a test may spoil in any way, and the signing is the
// models library's. It shares no code with our publisher.

export interface TestKey {
  readonly id: string;
  readonly json: Record<string, unknown>;
  readonly sign: (bytes: Buffer) => Buffer;
}

let keyCount = 0;

export function newKey(kind: "ed25519" | "ecdsa" | "rsa" = "ed25519"): TestKey {
  const id = createHash("sha256").update(`test key ${keyCount++}`).digest("hex");
  if (kind === "ed25519") {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const hex = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex");
    return keyOf(id, "ed25519", "ed25519", hex, (bytes) => sign(null, bytes, privateKey));
  }
  if (kind === "ecdsa") {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    const make = (bytes: Buffer) => sign("sha256", bytes, privateKey);
    return keyOf(id, "ecdsa", "ecdsa-sha2-nistp256", pem(publicKey), make);
  }
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const make = (bytes: Buffer) => sign("sha256", bytes, { key: privateKey, padding: 6 /* PSS */ });
  return keyOf(id, "rsa", "rsassa-pss-sha256", pem(publicKey), make);
}

const pem = (key: KeyObject) => key.export({ format: "pem", type: "spki" }).toString();

function keyOf(
  id: string,
  keytype: string,
  scheme: string,
  text: string,
  make: (bytes: Buffer) => Buffer,
): TestKey {
  return { id, json: { keytype, scheme, keyval: { public: text } }, sign: make };
}

interface Role {
  keyids: string[];
  threshold: number;
  [other: string]: unknown;
}
interface Common {
  version: number;
  expires: string;
  spec_version: string;
  [other: string]: unknown;
}
interface File {
  version: number;
  length?: number;
  hashes?: Record<string, string>;
}
export interface DelegatedRole extends Role {
  name: string;
  terminating: boolean;
  paths: string[];
}
export interface TargetsDraft extends Common {
  targets: Record<string, { length: number; hashes: Record<string, string>; custom?: unknown }>;
  delegations?: { keys: Record<string, unknown>; roles: DelegatedRole[] };
}

export const DAY_MS = 24 * 3600 * 1000;
export const inDays = (days: number, fromMs = Date.now()) =>
  new Date(fromMs + days * DAY_MS).toISOString().replace(/\.\d+Z$/, "Z");

const common = (type: string): Common => ({
  _type: type,
  spec_version: "1.0.31",
  version: 1,
  expires: inDays(30),
});

export class TufRepository {
  root = {
    ...common("root"),
    consistent_snapshot: true,
    keys: {} as Record<string, Record<string, unknown>>,
    roles: {} as Record<string, Role>,
  };
  timestamp = { ...common("timestamp"), meta: { "snapshot.json": { version: 1 } as File } };
  snapshot = { ...common("snapshot"), meta: {} as Record<string, File> };
  targets: TargetsDraft = { ...common("targets"), targets: {} };
  readonly delegated = new Map<string, TargetsDraft>();
  /** Who signs, by role. */
  readonly signers = new Map<string, TestKey[]>();
  /** What is served: metadata by file name, targets by path. */
  readonly files = new Map<string, Buffer>();
  readonly artifacts = new Map<string, Buffer>();
  withHashes = false;

  constructor() {
    for (const role of ["root", "timestamp", "snapshot", "targets"]) {
      this.root.roles[role] = { keyids: [], threshold: 1 };
      this.addKey(role);
    }
    this.publish("root", "targets");
    this.publishHeads({ bump: false });
  }

  role(name: string): Role {
    const role = this.root.roles[name];
    if (role === undefined) throw new Error(`no role ${name}`);
    return role;
  }

  addKey(role: string, key = newKey()): TestKey {
    this.trust(role, key);
    this.signers.set(role, [...(this.signers.get(role) ?? []), key]);
    return key;
  }

  trust(role: string, key: TestKey): void {
    this.root.keys[key.id] = { ...key.json };
    this.role(role).keyids.push(key.id);
  }

  rotate(role: string): void {
    this.role(role).keyids = [];
    this.signers.set(role, []);
    this.addKey(role);
  }

  nextRoot(): void {
    this.root.version++;
    this.publish("root");
  }

  draft(role: string): Common {
    if (role === "root") return this.root;
    if (role === "timestamp") return this.timestamp;
    if (role === "snapshot") return this.snapshot;
    return role === "targets" ? this.targets : this.delegatedDraft(role);
  }

  delegatedDraft(role: string): TargetsDraft {
    const draft = this.delegated.get(role);
    if (draft === undefined) throw new Error(`no delegated role ${role}`);
    return draft;
  }

  /** Signs drafts as they are and serves them. */
  publish(...roles: readonly string[]): void {
    for (const role of roles) {
      const bytes = this.bytesOf(role);
      const name = encodeURIComponent(role);
      const { version } = this.draft(role);
      if (role === "timestamp" || !this.root.consistent_snapshot) this.files.set(`${name}.json`, bytes);
      if (role !== "timestamp") this.files.set(`${version}.${name}.json`, bytes);
    }
  }

  bytesOf(role: string): Buffer {
    const signed = structuredClone(this.draft(role));
    const metadata = this.parsed(role, signed);
    for (const key of this.signers.get(role) ?? [])
      metadata.sign((bytes) => new Signature({ keyID: key.id, sig: key.sign(bytes).toString("hex") }));
    return Buffer.from(JSON.stringify(metadata.toJSON()));
  }

  private parsed(role: string, signed: Common) {
    const json = { signed, signatures: [] } as unknown as Parameters<typeof Metadata.fromJSON>[1];
    if (role === "root") return Metadata.fromJSON(MetadataKind.Root, json);
    if (role === "timestamp") return Metadata.fromJSON(MetadataKind.Timestamp, json);
    if (role === "snapshot") return Metadata.fromJSON(MetadataKind.Snapshot, json);
    return Metadata.fromJSON(MetadataKind.Targets, json);
  }

  /** A snapshot of the targets' versions, and a timestamp of it. */
  publishHeads({ bump = true } = {}): void {
    if (bump) this.snapshot.version++;
    for (const role of ["targets", ...this.delegated.keys()]) {
      const { version } = this.draft(role);
      this.snapshot.meta[`${role}.json`] = {
        version,
        ...this.hashesOf(`${version}.${encodeURIComponent(role)}.json`),
      };
    }
    this.publish("snapshot");
    this.publishTimestamp({ bump });
  }

  publishTimestamp({ bump = true } = {}): void {
    if (bump) this.timestamp.version++;
    const { version } = this.snapshot;
    this.timestamp.meta["snapshot.json"] = { version, ...this.hashesOf(`${version}.snapshot.json`) };
    this.publish("timestamp");
  }

  private hashesOf(name: string): Partial<File> {
    const bytes = this.files.get(name);
    if (!this.withHashes || bytes === undefined) return {};
    return { length: bytes.length, hashes: { sha256: sha256(bytes) } };
  }

  /** A new version of targets, with its snapshot and timestamp. */
  nextTargets(role = "targets"): void {
    this.draft(role).version++;
    this.publish(role);
    this.publishHeads();
  }

  addTarget(path: string, content: string | Buffer, role = "targets", custom?: unknown): void {
    const bytes = Buffer.from(content);
    const draft = role === "targets" ? this.targets : this.delegatedDraft(role);
    draft.targets[path] = {
      length: bytes.length,
      hashes: { sha256: sha256(bytes) },
      ...(custom === undefined ? {} : { custom }),
    };
    const at = path.lastIndexOf("/") + 1;
    this.artifacts.set(`${path.slice(0, at)}${sha256(bytes)}.${path.slice(at)}`, bytes);
    this.artifacts.set(path, bytes);
  }

  delegate(
    from: string,
    name: string,
    options: { paths?: string[]; terminating?: boolean; expires?: string } = {},
  ) {
    const { paths = ["*"], terminating = false, expires = inDays(30) } = options;
    if (!this.delegated.has(name)) this.delegated.set(name, { ...common("targets"), expires, targets: {} });
    const key = newKey();
    const delegator = from === "targets" ? this.targets : this.delegatedDraft(from);
    delegator.delegations ??= { keys: {}, roles: [] };
    delegator.delegations.keys[key.id] = key.json;
    delegator.delegations.roles.push({ name, terminating, paths, keyids: [key.id], threshold: 1 });
    this.signers.set(name, [...(this.signers.get(name) ?? []), key]);
  }
}

export const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
