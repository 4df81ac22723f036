import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Segment, SegmentStore } from "../../../src/buffer/segment-store.ts";

/** A segment store on plain files, `<id>.age` and `<id>.json`, which another process may open as well. */
export function openFolderStore(
  folder: string,
): SegmentStore & { put(segment: Segment, sealed: Buffer): void } {
  const path = (id: string, end: string): string => join(folder, `${id}.${end}`);
  const find = (id: string): Segment | undefined =>
    existsSync(path(id, "json"))
      ? (JSON.parse(readFileSync(path(id, "json"), "utf8")) as Segment)
      : undefined;
  const remove = (id: string): void => {
    rmSync(path(id, "json"), { force: true });
    rmSync(path(id, "age"), { force: true });
  };
  return {
    put(segment, sealed) {
      writeFileSync(path(segment.id, "age"), sealed);
      writeFileSync(path(segment.id, "json"), JSON.stringify(segment));
    },
    list: () =>
      readdirSync(folder)
        .filter((name) => name.endsWith(".json") && name !== "uploads.json")
        .toSorted()
        .flatMap((name) => find(name.slice(0, -".json".length)) ?? []),
    async read(id, fromByte) {
      const segment = find(id);
      if (segment === undefined) return { kind: "gone", id };
      return { kind: "bytes", segment, stream: createReadStream(path(id, "age"), { start: fromByte }) };
    },
    async destroy(id, why) {
      const segment = find(id);
      if (segment === undefined) return { kind: "gone", id };
      remove(id);
      return { kind: "destroyed", segment, why };
    },
    async confirmSent(id, sha256) {
      const segment = find(id);
      if (segment === undefined) return { kind: "gone", id };
      if (segment.sha256 !== sha256) return { kind: "hash-differs", segment, confirmed: sha256 };
      remove(id);
      return { kind: "sent", segment };
    },
  };
}

/** What a store says of these sealed bytes. */
export function segmentOf(id: string, sealed: Buffer, rest: Partial<Segment> = {}): Segment {
  return {
    id,
    region: "cn",
    vehicle: "v1",
    sha256: createHash("sha256").update(sealed).digest("hex"),
    bytes: sealed.length,
    firstMs: 0,
    lastMs: 1,
    zoneSetHash: "0",
    counts: {},
    ending: "whole",
    state: "ready",
    ...rest,
  };
}
