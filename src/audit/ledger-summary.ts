import { sumsOf } from "./frame-counts.ts";
import type { Entry } from "./ledger-entries.ts";
import type { CheckpointLine, FrameRow, LedgerLine } from "./ledger-line.ts";

/** What a ledger tells, over all its sessions. */
export interface LedgerSummary {
  readonly ledger: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly files: number;
  readonly lines: number;
  readonly sessions: number;
  readonly checkpoints: number;
  readonly frames: CheckpointLine["frames"];
  readonly byReason: readonly Omit<FrameRow, "camera">[];
  readonly byCamera: readonly Omit<FrameRow, "reason">[];
  /** Segments; `stored` are those that the last checkpoint leaves in the vehicle. */
  readonly segments: { readonly [K in "sealed" | "stored" | "sent" | "destroyed" | "lost"]: number };
  readonly restrictions: number;
  readonly zoneSets: number;
  readonly revocations: number;
}

export function summarize(entries: readonly Entry[]): LedgerSummary {
  const lines = entries.map(({ line }) => line).filter((line) => line !== null);
  const checkpoints = lines.filter((line) => line.event === "checkpoint");
  // Counts start again with every session: its last checkpoint holds them all.
  const lasts = [...new Map(checkpoints.map((line) => [line.session, line])).values()];
  const rows = lasts.flatMap(({ byReason }) => byReason);
  const header = lines.find((line) => line.event === "header");
  const segments = (name: "sealed" | "sent" | "destroyed" | "lost") =>
    lasts.reduce((sum, line) => sum + line.segments[name], 0);
  return {
    ledger: header?.ledger ?? null,
    from: lines.at(0)?.time ?? null,
    to: lines.at(-1)?.time ?? null,
    files: new Set(entries.map(({ file }) => file)).size,
    lines: entries.length,
    sessions: lasts.length,
    checkpoints: checkpoints.length,
    frames: sumsOf(lasts.map(({ frames }) => frames)),
    byReason: grouped(rows, ({ reason }) => reason).map(([reason, sums]) => ({ reason, ...sums })),
    byCamera: grouped(rows, ({ camera }) => camera).map(([camera, sums]) => ({ camera, ...sums })),
    segments: {
      sealed: segments("sealed"),
      stored: lasts.at(-1)?.segments.stored ?? 0,
      sent: segments("sent"),
      destroyed: segments("destroyed"),
      lost: segments("lost"),
    },
    restrictions: timesOf(lines, "restriction-started"),
    zoneSets: lines.filter((line) => line.event === "zone-set").length,
    revocations: timesOf(lines, "revoked"),
  };
}

function grouped<K>(rows: readonly FrameRow[], keyOf: (row: FrameRow) => K): [K, CheckpointLine["frames"]][] {
  const groups = new Map<K, FrameRow[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return [...groups].map(([key, group]) => [key, sumsOf(group)]);
}

function timesOf(lines: readonly LedgerLine[], event: "restriction-started" | "revoked"): number {
  return lines.reduce((sum, line) => sum + (line.event === event ? line.times : 0), 0);
}
