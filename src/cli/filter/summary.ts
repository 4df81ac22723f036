import type { FilterResult } from "./filter-recording.ts";
import type { Tally, TopicCounts } from "./tally.ts";

/** A line a topic, what was lost, and the sum; for people, on stderr. */
export function filterSummary(tally: Tally, { losses, revokedTooLate }: FilterResult): string {
  const { positions } = tally;
  const lines = tally.topics().map(topicLine);
  if (positions.in === 0) lines.push("no positions in the recording: without them no frame can be kept");
  else lines.push(`positions in ${positions.in}, ${positions.removed} left out`);
  if (revokedTooLate > 0) {
    lines.push(
      `${revokedTooLate} frames had gone out when a fix that came late proved wrong what they were judged by`,
    );
  }
  lines.push(...losses.map((loss) => `lost: ${loss}`));
  const { frames, passed, blurred, dropped } = totals(tally);
  lines.push(`frames in ${frames} = passed ${passed} + blurred ${blurred} + dropped ${dropped}`);
  return lines.map((line) => `camfence: ${line}\n`).join("");
}

export function summaryJson(tally: Tally, { losses, revokedTooLate }: FilterResult): string {
  const topics = tally
    .topics()
    .map(({ reasons, ...counts }) => ({ ...counts, reasons: Object.fromEntries(reasons) }));
  const summary = { ...totals(tally), topics, positions: tally.positions, losses, revokedTooLate };
  return `${JSON.stringify(summary, null, 2)}\n`;
}

function topicLine({ topic, in: frames, passed, blurred, dropped, reasons }: TopicCounts): string {
  const why = [...reasons].map(([reason, count]) => `${reason} ${count}`).join(", ");
  return `${topic}: ${frames} = passed ${passed} + blurred ${blurred} + dropped ${dropped}${why === "" ? "" : ` (${why})`}`;
}

function totals(tally: Tally) {
  const sums = { frames: 0, passed: 0, blurred: 0, dropped: 0 };
  for (const { in: frames, passed, blurred, dropped } of tally.topics()) {
    sums.frames += frames;
    sums.passed += passed;
    sums.blurred += blurred;
    sums.dropped += dropped;
  }
  return sums;
}
