import { sumsOf } from "./frame-counts.ts";
import type { CheckpointLine } from "./ledger-line.ts";

/** What does not add up in a checkpoint, one text each; none where all does (rule 7). */
export function imbalancesOf(checkpoint: CheckpointLine): string[] {
  return [
    ...checkpoint.byReason.flatMap((row) => rowFlaws(row)),
    ...framesFlaws(checkpoint),
    ...releasedFlaws(checkpoint),
    ...segmentsFlaws(checkpoint),
  ];
}

type Row = CheckpointLine["byReason"][number];

function rowFlaws(row: Row): string[] {
  const where = `${row.camera}, ${row.reason}`;
  const onlyClearPasses = row.reason === "clear" ? row.blurred + row.dropped === 0 : row.passed === 0;
  return [
    ...flaw(row.in === row.passed + row.blurred + row.dropped + row.lost, `${where}: ${equation(row)}`),
    ...flaw(onlyClearPasses, `${where}: only what is clear passes, and all of it; got ${equation(row)}`),
    ...flaw(
      (row.reason === "unjudged") === row.lost > 0,
      `${where}: what is lost is unjudged; got ${row.lost} lost`,
    ),
  ];
}

function framesFlaws({ frames, byReason }: CheckpointLine): string[] {
  const sums = sumsOf(byReason);
  const same = JSON.stringify(sums) === JSON.stringify(sumsOf([frames]));
  return [
    ...flaw(frames.in === frames.passed + frames.blurred + frames.dropped + frames.lost, equation(frames)),
    ...flaw(
      same,
      `the rows by camera and reason add up to ${equation(sums)}, the sums say ${equation(frames)}`,
    ),
  ];
}

function releasedFlaws({ frames, released: r, closing }: CheckpointLine): string[] {
  const text = `${r.carried} carried + ${r.released} released, but ${r.unsealed} unsealed + ${r.stored} stored + ${r.sent} sent + ${r.destroyed} destroyed + ${r.lost} lost`;
  const adds = r.carried + r.released === r.unsealed + r.stored + r.sent + r.destroyed + r.lost;
  const go = frames.passed + frames.blurred;
  return [
    ...flaw(adds, text),
    ...flaw(r.unsealed >= 0 && r.stored >= 0, `more frames left storage than came: ${text}`),
    ...flaw(!closing || r.unsealed === 0, `${r.unsealed} frames are in no segment at the end of a session`),
    ...flaw(
      r.released === go,
      `${r.released} released, but ${frames.passed} passed + ${frames.blurred} blurred`,
    ),
  ];
}

function segmentsFlaws({ segments: s }: CheckpointLine): string[] {
  const text = `${s.carried} carried + ${s.sealed} sealed segments, but ${s.stored} stored + ${s.sent} sent + ${s.destroyed} destroyed + ${s.lost} lost`;
  return [
    ...flaw(s.carried + s.sealed === s.stored + s.sent + s.destroyed + s.lost, text),
    ...flaw(s.stored >= 0, `more segments left storage than came: ${text}`),
  ];
}

function equation({ in: all, passed, blurred, dropped, lost }: CheckpointLine["frames"]): string {
  return `${all} in, ${passed} passed + ${blurred} blurred + ${dropped} dropped + ${lost} lost`;
}

function flaw(holds: boolean, text: string): string[] {
  return holds ? [] : [text];
}
