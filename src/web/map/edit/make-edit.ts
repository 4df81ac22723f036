import { inspectZoneBytes } from "../../../zones/check/inspect-zones.ts";
import type { Mistake } from "../../../zones/check/mistake.ts";
import { diffZoneSets } from "../../../zones/diff/diff-zone-sets.ts";
import type { Change } from "../../../zones/diff/zone-changes.ts";
import { loadZoneBytes } from "../../../zones/load-zones.ts";
import type { ZoneSetContent } from "../../../zones/zone.ts";
import { decodeText } from "../../../zones/read/decode-text.ts";
import { hashOf } from "../read-zones.ts";
import type { SourceFile } from "../read-zones.ts";
import type { EditAnswer } from "./edit-answer.ts";
import type { EditRequest } from "./edit-request.ts";
import { editText } from "./edit-text.ts";

/** What an edit is made to and checked with. */
export interface EditContext {
  /** All files of the set, as they are on the disk now. */
  readonly files: readonly SourceFile[];
  /** The file that is edited: one of them, or a new one with its first text. */
  readonly target: SourceFile;
  readonly nowMs: number;
  /** Says a change in a line. */
  readonly lineOf: (change: Change) => string;
}

/** An edit with the bytes that would be written; null where nothing may be. */
export interface MadeEdit {
  readonly answer: EditAnswer;
  readonly bytes: Buffer | null;
}

/** As `zones diff` has it: so much opened area of a zone is rounding. */
const TOLERANCE_M2 = 1;

/**
 * Makes an edit and judges the whole set with it, as `zones check` and `zones diff` would: with an error nothing may be
 * written (rule 4), and where less would be protected only what was confirmed by its id.
 */
export function makeEdit(request: EditRequest, { files, target, nowMs, lineOf }: EditContext): MadeEdit {
  const isNew = !files.some(({ file }) => file === target.file);
  if (request.hash !== (isNew ? "" : hashOf(target.bytes)))
    return refused(
      "the file changed on the disk since the page drew it; look at it as it is now, and edit again",
    );
  const text = decodeText(target.bytes);
  if (text === null) return refused("the file is no UTF-8 text");
  const mark = target.bytes[0] === 0xef ? "\ufeff" : "";
  const bytes = Buffer.from(mark + editText(text, request.change));
  const edited = { file: target.file, bytes };
  const after = isNew ? [...files, edited] : files.map((each) => (each.file === target.file ? edited : each));
  const before = contentOf(files, nowMs);
  // An id that was confirmed may also have moved as a wrong datum moves it.
  const load = inspectZoneBytes(after, { nowMs, earlier: before, allowShift: request.confirmed });
  const mistakes = load.reports.flatMap((report) => report.mistakes);
  if (load.outcome === "refused")
    return refused(
      "the files would have mistakes",
      mistakes.filter(({ severity }) => severity === "error"),
    );
  const { changes, weaker } = effectOf(before, load.content, nowMs);
  const effect = {
    changes: changes.map(lineOf),
    warnings: mistakes.filter(({ file }) => file === target.file),
  };
  const open = weaker.filter((id) => !request.confirmed.includes(id));
  if (open.length > 0) return { answer: { outcome: "confirm", weaker: open, ...effect }, bytes: null };
  return { answer: { outcome: "allowed", ...effect }, bytes };
}

function refused(why: string, mistakes: readonly Mistake[] = []): MadeEdit {
  return { answer: { outcome: "refused", why, mistakes }, bytes: null };
}

/** Files with mistakes protect nothing that could become less: no vehicle loads them. */
function contentOf(files: readonly SourceFile[], nowMs: number): ZoneSetContent | null {
  const load = loadZoneBytes(files, { nowMs, expired: "accept" });
  return load.outcome === "loaded" ? load.content : null;
}

const effectOf = (before: ZoneSetContent | null, after: ZoneSetContent, nowMs: number) =>
  before === null
    ? { changes: [], weaker: [] }
    : diffZoneSets(before, after, { nowMs, toleranceM2: TOLERANCE_M2 });
