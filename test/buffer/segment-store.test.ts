import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Files } from "../../src/buffer/disk/files.ts";
import { readUpTo, withFile } from "../../src/buffer/disk/files.ts";
import { memoryFiles } from "../../src/buffer/disk/memory-files.ts";
import { nodeFiles } from "../../src/buffer/disk/node-files.ts";
import { doom } from "../../src/buffer/disk/remove.ts";
import { openVault } from "../../src/buffer/segment-vault.ts";
import type { SegmentVault } from "../../src/buffer/segment-vault.ts";
import { DEVICE_KEY, sealedBytes, writeFrames, writerFor } from "../kit/buffer.ts";
import { tempDir } from "../kit/cli.ts";

// One contract for every store: what upload and audit may rely on.
const STORES: readonly (readonly [string, () => Promise<Files>])[] = [
  ["disk", () => nodeFiles(tempDir())],
  ["memory", async () => memoryFiles()],
];

async function storeOf(files: Files, segments: number): Promise<SegmentVault> {
  const { vault } = await openVault({ files, deviceKey: DEVICE_KEY });
  const writer = writerFor(vault, { policy: { maxSegmentMs: 200 } });
  await writeFrames(writer, 0, 2 * segments);
  await writer.close();
  return vault;
}

async function bytesOf(files: Files, name: string): Promise<Buffer> {
  return withFile(files, name, "read", async (file) => readUpTo(file, await file.size(), 0));
}

test.each(STORES)("%s: segments are listed oldest first, and again after a restart", async (_name, make) => {
  const files = await make();
  const store = await storeOf(files, 3);
  const times = store.list().map(({ firstMs }) => firstMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  const reopened = await openVault({ files, deviceKey: DEVICE_KEY });
  expect(reopened.events).toEqual([]);
  expect(reopened.vault.list()).toEqual(store.list());
  expect(reopened.vault.usedBytes()).toBe(store.usedBytes());
});

test.each(STORES)("%s: a segment is read from any offset to its end", async (_name, make) => {
  const store = await storeOf(await make(), 1);
  const [segment] = store.list();
  const whole = await sealedBytes(store, segment?.id ?? "");
  expect(whole.length).toBe(segment?.bytes);
  for (const from of [1, 40_000, whole.length - 1, whole.length]) {
    expect((await sealedBytes(store, segment?.id ?? "", from)).equals(whole.subarray(from))).toBe(true);
  }
});

test.each(STORES)("%s: a destroyed segment is gone, with its sidecar", async (_name, make) => {
  const files = await make();
  const store = await storeOf(files, 2);
  const [first, second] = store.list();
  expect(await store.destroy(first?.id ?? "", "purged")).toEqual({
    kind: "destroyed",
    segment: first,
    why: "purged",
  });
  expect(store.list()).toEqual([second]);
  expect((await files.list()).filter((name) => name.startsWith(first?.id ?? ""))).toEqual([]);
  const gone = { kind: "gone", id: first?.id };
  expect(await store.destroy(first?.id ?? "", "purged")).toEqual(gone);
  expect(await store.read(first?.id ?? "", 0)).toEqual(gone);
  expect(await store.confirmSent(first?.id ?? "", first?.sha256 ?? "")).toEqual(gone);
});

test.each(STORES)(
  "%s: a segment is removed as sent only when the receiver's hash is its own",
  async (_name, make) => {
    const store = await storeOf(await make(), 1);
    const [segment] = store.list();
    const { id, sha256 } = segment ?? { id: "", sha256: "" };
    const wrong = "0".repeat(64);
    expect(await store.confirmSent(id, wrong)).toEqual({ kind: "hash-differs", segment, confirmed: wrong });
    expect(store.list()).toEqual([segment]);
    expect(await store.confirmSent(id, sha256.toUpperCase())).toEqual({ kind: "sent", segment });
    expect(store.list()).toEqual([]);
  },
);

test.each(STORES)(
  "%s: what opens a destroyed segment is overwritten before it is removed",
  async (_name, make) => {
    const files = await make();
    const store = await storeOf(files, 1);
    const [segment] = store.list();
    const id = segment?.id ?? "";
    const removed: Buffer[] = [];
    const spy: Files = { ...files, remove: async (name) => void removed.push(await bytesOf(files, name)) };
    const spied = await openVault({ files: spy, deviceKey: DEVICE_KEY });
    await spied.vault.destroy(id, "restricted");
    const [sealed, sidecar] = removed;
    expect(sealed?.subarray(0, 4096).every((byte) => byte === 0)).toBe(true);
    expect(sealed?.subarray(4096).some((byte) => byte !== 0)).toBe(true);
    expect(sidecar?.subarray(8, 40).every((byte) => byte === 0)).toBe(true);
  },
);

test.each(STORES)(
  "%s: a removal that a crash cut off goes on at the next start, and is told",
  async (_name, make) => {
    for (const why of ["restricted", "sent"] as const) {
      const files = await make();
      const store = await storeOf(files, 1);
      const [segment] = store.list();
      await doom(files, segment?.id ?? "", why);
      const { vault, events } = await openVault({ files, deviceKey: DEVICE_KEY });
      expect(events).toEqual([why === "sent" ? { kind: why, segment } : { kind: "destroyed", segment, why }]);
      expect(vault.list()).toEqual([]);
      expect(await files.list()).toEqual([]);
    }
  },
);

test.each(STORES)(
  "%s: another device key opens no sidecar; its segment is set aside, not lost",
  async (_name, make) => {
    const files = await make();
    const store = await storeOf(files, 1);
    const [segment] = store.list();
    const other = await openVault({ files, deviceKey: Buffer.alloc(32, 8) });
    expect(other.vault.list()).toEqual([]);
    expect(other.events).toMatchObject([
      { kind: "quarantined", name: `${segment?.id}.mcap.age` },
      { kind: "quarantined", name: `${segment?.id}.sidecar` },
    ]);
    expect((await files.list()).toSorted()).toEqual([
      `${segment?.id}.mcap.age.quarantined`,
      `${segment?.id}.sidecar.quarantined`,
    ]);
  },
);

test.each(STORES)(
  "%s: a file that is shorter than its sidecar says, or alone, is set aside",
  async (_name, make) => {
    const files = await make();
    const store = await storeOf(files, 3);
    const [a, b, c] = store.list().map(({ id }) => id);
    await withFile(files, `${a}.mcap.age`, "update", async (file) => file.truncate((await file.size()) - 1));
    await files.remove(`${b}.sidecar`);
    await files.remove(`${c}.mcap.age`);
    const { vault, events } = await openVault({ files, deviceKey: DEVICE_KEY });
    expect(vault.list()).toEqual([]);
    expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(["quarantined"]));
    expect((await files.list()).every((name) => name.endsWith(".quarantined"))).toBe(true);
  },
);

test.each(STORES)("%s: a look changes nothing, and leaves out what is being written", async (_name, make) => {
  const files = await make();
  const store = await storeOf(files, 1);
  const writer = writerFor(store);
  await writeFrames(writer, 10, 12);
  await writer.tick(0);
  const before = (await files.list()).toSorted();
  const { vault } = await openVault({ files, deviceKey: DEVICE_KEY, start: "look" });
  expect(vault.list()).toEqual(store.list());
  expect((await files.list()).toSorted()).toEqual(before);
  await writer.close();
});

test("disk: only the owner may read the folder and its files; what is not ours stays untouched", async () => {
  const folder = join(tempDir(), "buffer");
  const files = await nodeFiles(folder);
  await mkdir(join(folder, "other"));
  await writeFile(join(folder, "note.txt"), "mine");
  await storeOf(files, 1);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  const names = (await readdir(folder)).filter((name) => /age|sidecar/.test(name));
  for (const name of names) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  expect(names.length).toBe(2);
  expect(await readFile(join(folder, "note.txt"), "utf8")).toBe("mine");
});
