import type { Counts, Summary } from "../../gate/summary.ts";

/** The end of a replay, for a terminal. */
export function summaryTable(summary: Summary, out: string | null, colour: boolean): string {
  const { frames } = summary;
  const paint = painter(colour);
  const km = (summary.distanceM / 1000).toFixed(1);
  const lines = [
    "",
    `${paint("bold", summary.drive)}   ${km} km in ${clockOf(summary.durationS)}, ${summary.zoneSet.zones} zones`,
    "",
    ...tableOf(summary, paint),
    "",
    ...zoneLines(summary, paint),
    ...(summary.revocations.length === 0
      ? []
      : [`revoked after a jump of the receiver: ${summary.revocations.length} ×`, ""]),
    ...expectationLines(summary, paint),
    `frames in ${frames.in} = passed ${frames.passed} + blurred ${frames.blurred} + dropped ${frames.dropped}`,
    `${summary.speedFactor} × real time`,
    ...(out === null ? [] : [`output: ${out}   look at ${out}/report.html`]),
  ];
  return `${lines.join("\n")}\n`;
}

function expectationLines({ expectations = [] }: Summary, paint: Paint): string[] {
  const lines = expectations.flatMap(({ name, met, got }) =>
    met ? [`${paint("green", "✓")} ${name}`] : [`${paint("red", "✗")} ${name}`, `    got ${got}`],
  );
  return lines.length === 0 ? [] : [...lines, ""];
}

function tableOf({ byReason, frames }: Summary, paint: Paint): string[] {
  const width = Math.max(...Object.keys(byReason).map((reason) => reason.length), "reason".length);
  const head = paint("dim", `${"reason".padEnd(width)}  ${columns(["passed", "blurred", "dropped"])}`);
  const rows = Object.entries(byReason).map(([reason, counts]) => {
    const tone = counts.passed > 0 ? "green" : counts.blurred > 0 ? "yellow" : "red";
    return `${paint(tone, reason.padEnd(width))}  ${columns(cells(counts))}  ${bar(counts.in / (frames.in || 1))}`;
  });
  return [head, ...rows];
}

function cells({ passed, blurred, dropped }: Counts): string[] {
  return [passed, blurred, dropped].map((count) => (count === 0 ? "·" : String(count)));
}

function columns(texts: readonly string[]): string {
  return texts.map((text) => text.padStart(9)).join("");
}

const BAR_WIDTH = 24;

function bar(share: number): string {
  return "▇".repeat(Math.ceil(share * BAR_WIDTH));
}

const MAX_ZONES_SHOWN = 10;

function zoneLines({ zonesTouched }: Summary, paint: Paint): string[] {
  if (zonesTouched.length === 0) return ["no zone was touched", ""];
  const shown = zonesTouched.slice(0, MAX_ZONES_SHOWN).map(({ id, dropped, blurred }) => {
    return `  ${id}  ${paint("dim", `${dropped} dropped, ${blurred} blurred`)}`;
  });
  const more = zonesTouched.length - shown.length;
  return ["zones touched", ...shown, ...(more > 0 ? [`  and ${more} more`] : []), ""];
}

function clockOf(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")} min`;
}

type Paint = (tone: "bold" | "dim" | "green" | "yellow" | "red", text: string) => string;

const CODES = { bold: 1, dim: 2, green: 32, yellow: 33, red: 31 } as const;

function painter(colour: boolean): Paint {
  return (tone, text) => (colour ? `\u001B[${CODES[tone]}m${text}\u001B[0m` : text);
}
