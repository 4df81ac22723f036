import { imbalancesOf } from "./check-sums.ts";
import type { Finding, FindingKind } from "./finding.ts";
import type { Entry } from "./ledger-entries.ts";
import type { CheckpointLine, LedgerLine } from "./ledger-line.ts";

type Segments = CheckpointLine["segments"];

/** What the lines of a session so far add up to. */
interface Session {
  readonly segments: { -readonly [K in Exclude<keyof Segments, "stored">]: number };
  checkpoint: CheckpointLine | null;
}

/** Checks each checkpoint's sums, against the one before it, and against the events of its session. */
export function checkSessions(entries: readonly Entry[]): Finding[] {
  const findings: Finding[] = [];
  // The lines before the first start may be kept elsewhere: what they hold is not known.
  let session: Session | null = null;
  let before: Session | null = null;

  for (const { file, number, line } of entries) {
    const found = (kind: FindingKind, what: string): void => {
      findings.push({ kind, file, line: number, what });
    };
    if (line === null) continue;
    if (line.event === "started") {
      if (session?.checkpoint?.closing === false)
        found("ended-abruptly", `session ${line.session - 1} has no closing checkpoint`);
      before = session;
      session = newSession();
    }
    if (line.event === "storage-opened") {
      const stored = before?.checkpoint?.closing === true ? before.checkpoint.segments.stored : line.segments;
      if (stored !== line.segments)
        found("storage-differs", `${line.segments} segments, the session before left ${stored}`);
    }
    if (session !== null) countEvent(session, line);
    if (line.event !== "checkpoint") continue;
    for (const what of imbalancesOf(line)) found("unbalanced", what);
    if (session === null) continue;
    for (const what of [...fallen(session.checkpoint, line), ...unlike(session, line)])
      found("unbalanced", what);
    const lost = line.eventsLost - (session.checkpoint?.eventsLost ?? 0);
    if (lost > 0) found("events-lost", `${lost} events were not written`);
    session.checkpoint = line;
  }
  return findings;
}

function newSession(): Session {
  return { segments: { carried: 0, sealed: 0, sent: 0, destroyed: 0, lost: 0 }, checkpoint: null };
}

const COUNTED = {
  "segment-sealed": "sealed",
  "segment-sent": "sent",
  "segment-destroyed": "destroyed",
  "segment-lost": "lost",
} as const;

function countEvent({ segments }: Session, line: LedgerLine): void {
  if (line.event === "storage-opened") segments.carried += line.segments;
  if ("segment" in line) segments[COUNTED[line.event]]++;
}

/** Counts of a session only grow. */
function fallen(before: CheckpointLine | null, now: CheckpointLine): string[] {
  if (before === null) return [];
  const counts = (line: CheckpointLine) =>
    Object.entries({ ...line.frames, released: line.released.released, sealed: line.segments.sealed });
  const earlier = new Map(counts(before));
  return counts(now)
    .filter(([name, count]) => count < (earlier.get(name) ?? 0))
    .map(([name, count]) => `${name}: ${count}, less than ${earlier.get(name)} in the checkpoint before`);
}

/** The sums of segments are those of the lines, where no line is known to be missing. */
function unlike({ segments }: Session, now: CheckpointLine): string[] {
  if (now.eventsLost > 0) return [];
  return Object.entries(segments)
    .filter(([name, count]) => now.segments[name as keyof Segments] !== count)
    .map(
      ([name, count]) =>
        `segments ${name}: ${now.segments[name as keyof Segments]}, but ${count} by the lines before`,
    );
}
