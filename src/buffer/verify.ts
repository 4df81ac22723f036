import { createHash } from "node:crypto";
import { messageOf } from "../core/errors.ts";
import { totalOf } from "./counts.ts";
import type { Files } from "./disk/files.ts";
import { REVOCATIONS } from "./disk/revocations.ts";
import { readName } from "./disk/names.ts";
import type { Segment } from "./segment-store.ts";
import type { SegmentVault } from "./segment-vault.ts";
import { NOTE_BYTES } from "./sidecar/frame-notes.ts";

/** One thing about the buffer folder that a person should know. */
export interface Finding {
  readonly name: string;
  readonly what: string;
  /** False for what is being written, or will be put right by the next start. */
  readonly isWrong: boolean;
}

export interface BufferReport {
  readonly good: number;
  readonly findings: readonly Finding[];
}

/** Compares every finished segment with its sidecar, without opening it, and names every other file. Changes nothing. */
export async function verifyBuffer(files: Files, vault: SegmentVault): Promise<BufferReport> {
  const findings: Finding[] = [];
  let good = 0;
  for (const segment of vault.list()) {
    const what = await flawOf(vault, segment);
    if (what === null) good++;
    else findings.push({ name: segment.id, what, isWrong: true });
  }
  const known = new Set(vault.list().map(({ id }) => id));
  for (const name of (await files.list()).toSorted()) {
    const finding = strayOf(name, known);
    if (finding !== null) findings.push({ name, ...finding });
  }
  return { good, findings };
}

async function flawOf(vault: SegmentVault, segment: Segment): Promise<string | null> {
  try {
    const read = await vault.read(segment.id, 0);
    if (read.kind === "gone") return "is gone: removed while this ran";
    if (read.kind === "failed") return read.detail;
    const hash = createHash("sha256");
    for await (const piece of read.stream) hash.update(piece as Buffer);
    const sha256 = hash.digest("hex");
    if (sha256 !== segment.sha256) return `its SHA-256 is ${sha256}, its sidecar says ${segment.sha256}`;
    const notes = (await vault.notes(segment.id)).length / NOTE_BYTES;
    const frames = totalOf(segment.counts);
    return notes === frames ? null : `its sidecar counts ${frames} frames and tells of ${notes}`;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

function strayOf(name: string, known: ReadonlySet<string>): Omit<Finding, "name"> | null {
  if (name.startsWith(REVOCATIONS))
    return {
      what: "says what is being destroyed, or was when a crash came: the next start ends it",
      isWrong: false,
    };
  if (name.endsWith(".quarantined"))
    return { what: "was set aside by a start: no crash explains it", isWrong: true };
  const named = readName(name);
  if (named === null) return { what: "is none of ours", isWrong: false };
  switch (named.kind) {
    case "unfinished":
    case "journal":
    case "scrap":
      return { what: "is being written, or was left by a crash: the next start ends it", isWrong: false };
    case "doomed":
      return { what: "is being removed, or was left by a crash: the next start ends it", isWrong: false };
    case "segment":
    case "sidecar":
      return known.has(named.id)
        ? null
        : { what: "has no whole counterpart, or is of another device key", isWrong: true };
    default:
      return named satisfies never;
  }
}
