import { messageOf } from "../../core/errors.ts";
import type { StoreEvent } from "../segment-store.ts";
import { readSummary } from "../sidecar/sidecar.ts";
import type { Summary } from "../sidecar/summary.ts";
import type { Files } from "./files.ts";
import { isMissing, isSystemError, withFile } from "./files.ts";
import type { NamedFile, RemovalReason } from "./names.ts";
import { JOURNAL, SEGMENT, SIDECAR, UNFINISHED, doomedName, readName } from "./names.ts";
import { recover } from "./recover.ts";
import { removeDoomed } from "./remove.ts";
import { segmentOf } from "./segment-entry.ts";
import type { SegmentEntry } from "./segment-entry.ts";

export interface StartUp {
  readonly entries: readonly SegmentEntry[];
  readonly events: readonly StoreEvent[];
}

type Kind = NamedFile["kind"];
interface Found {
  readonly id: string;
  readonly kinds: ReadonlySet<Kind>;
  readonly why: RemovalReason | null;
}

/** Takes stock of a folder and puts right what a crash left: afterwards it holds finished segments only. */
export async function startUp(files: Files, deviceKey: Buffer): Promise<StartUp> {
  const entries: SegmentEntry[] = [];
  const events: StoreEvent[] = [];
  for (const found of groupById(await files.list())) {
    const { entry, happened } = await settleOne(files, deviceKey, found);
    if (entry !== null) entries.push(entry);
    events.push(...happened);
  }
  return { entries, events };
}

/** Takes stock without changing anything: while another process writes. Unfinished and broken segments are left out. */
export async function look(files: Files, deviceKey: Buffer): Promise<StartUp> {
  const entries: SegmentEntry[] = [];
  for (const { id, kinds } of groupById(await files.list())) {
    if (!kinds.has("segment") || !kinds.has("sidecar")) continue;
    const read = await readEntry(files, deviceKey, id);
    if (typeof read !== "string") entries.push(read);
  }
  return { entries, events: [] };
}

interface Settled {
  readonly entry: SegmentEntry | null;
  readonly happened: readonly StoreEvent[];
}

async function settleOne(files: Files, deviceKey: Buffer, found: Found): Promise<Settled> {
  const { id, kinds, why } = found;
  if (kinds.has("scrap")) await files.remove(`${id}${SIDECAR}.partial`);
  if (why !== null) return endRemoval(files, deviceKey, id, why);
  if (kinds.has("unfinished") || (kinds.has("journal") && !kinds.has("segment"))) {
    return endWriting(files, deviceKey, found);
  }
  if (kinds.has("journal")) await files.remove(`${id}${JOURNAL}`);
  if (!kinds.has("segment") && !kinds.has("sidecar")) return { entry: null, happened: [] };
  const read = await readEntry(files, deviceKey, id);
  return typeof read === "string" ? quarantine(files, found, read) : { entry: read, happened: [] };
}

async function endRemoval(files: Files, deviceKey: Buffer, id: string, why: RemovalReason): Promise<Settled> {
  const summary = await readSummary(files, deviceKey, doomedName(id, why), id).then(
    (read) => read.summary,
    () => null, // erased already: there is nothing left to tell
  );
  await removeDoomed(files, id, why);
  if (summary === null) return { entry: null, happened: [] };
  const segment = segmentOf(summary);
  return {
    entry: null,
    happened: [why === "sent" ? { kind: "sent", segment } : { kind: "destroyed", segment, why }],
  };
}

async function endWriting(files: Files, deviceKey: Buffer, found: Found): Promise<Settled> {
  const recovery = await recover(files, deviceKey, found.id);
  switch (recovery.kind) {
    case "finished": {
      const { summary, sidecarBytes } = recovery;
      const entry = { summary, sidecarBytes, state: "unchecked" as const };
      return { entry, happened: [{ kind: "sealed", segment: segmentOf(summary) }, ...lostIn(summary)] };
    }
    case "empty":
      return {
        entry: null,
        happened: [{ kind: "lost", why: "crash", counts: null, detail: `${found.id}: no record was whole` }],
      };
    case "unexplained":
      return quarantine(files, found, recovery.detail);
    default:
      return recovery satisfies never;
  }
}

function lostIn({ id, ending }: Summary): readonly StoreEvent[] {
  if (ending === "whole") return [];
  return [{ kind: "lost", why: "crash", counts: null, detail: `${id}: what came after its last checkpoint` }];
}

/** A finished segment; or, as text, why it is none. */
async function readEntry(files: Files, deviceKey: Buffer, id: string): Promise<SegmentEntry | string> {
  try {
    const { summary, bytes } = await readSummary(files, deviceKey, `${id}${SIDECAR}`, id);
    const segmentBytes = await withFile(files, `${id}${SEGMENT}`, "read", (file) => file.size());
    if (segmentBytes === summary.bytes) return { summary, sidecarBytes: bytes, state: "unchecked" };
    return `${id} has ${segmentBytes} bytes, its sidecar says ${summary.bytes}`;
  } catch (thrown) {
    if (isSystemError(thrown) && !isMissing(thrown)) throw thrown;
    return messageOf(thrown);
  }
}

const ENDINGS = { segment: SEGMENT, unfinished: UNFINISHED, sidecar: SIDECAR, journal: JOURNAL } as const;

async function quarantine(files: Files, { id, kinds }: Found, detail: string): Promise<Settled> {
  const happened: StoreEvent[] = [];
  for (const [kind, ending] of Object.entries(ENDINGS)) {
    if (!kinds.has(kind as Kind)) continue;
    const name = `${id}${ending}`;
    await files.rename(name, `${name}.quarantined`);
    happened.push({ kind: "quarantined", name, detail });
  }
  await files.syncFolder();
  return { entry: null, happened };
}

function groupById(names: readonly string[]): Found[] {
  const groups = new Map<string, { kinds: Set<Kind>; why: RemovalReason | null }>();
  for (const name of names.toSorted()) {
    const named = readName(name);
    if (named === null) continue;
    const group = groups.get(named.id) ?? { kinds: new Set(), why: null };
    group.kinds.add(named.kind);
    if (named.kind === "doomed") group.why = named.why;
    groups.set(named.id, group);
  }
  return Array.from(groups, ([id, group]) => ({ id, ...group }));
}
