import type { Action } from "../../gate/verdict.ts";
import type { Leg } from "./drive-clock.ts";
import { MAX_VISITS_SHOWN } from "./map-marks.ts";
import type { Markup } from "../report/markup.ts";
import { isolated, markup } from "../report/markup.ts";
import type { ReportData } from "./report-data.ts";
import type { Run } from "./runs.ts";
import type { Visit } from "./visits.ts";
import type { TimeText } from "./wording.ts";
import { isDoubt, runText, spanText } from "./wording.ts";

/** How high a run stands says what happened, for eyes that do not tell the colours apart. */
const HEIGHT: Readonly<Record<Action, number>> = { pass: 8, blur: 18, drop: 28 };
const STRIP_HEIGHT = 28;
const MIN_WIDTH_PERCENT = 0.12;
/** A number needs this much room within its bar, or stands beside it. */
const ROOM_PERCENT = 2.2;

/** A strip for each camera over the drive, and one for the zones that were visited. */
export function timelineSection(data: ReportData): Markup {
  const untilMs = Math.max(1, ...data.runs.flat().map((run) => run.untilMs));
  const percent = (ms: number) => (100 * Math.max(0, ms)) / untilMs;
  const strips = data.cameras.map((camera, i) =>
    strip(camera, i, data.runs[i] ?? [], percent, data.timeText),
  );
  return markup`${HATCH}
    <div class="timeline">
      ${data.visits.length === 0 ? null : visitStrip(data.visits, percent, data.timeText)} ${strips}
      ${axis(data.legs, untilMs, percent, data.timeText)}
    </div>
    <ul class="legend">
      <li><svg viewBox="0 0 26 28" aria-hidden="true">${bar("pass")}</svg>passed</li>
      <li><svg viewBox="0 0 26 28" aria-hidden="true">${bar("blur")}</svg>blurred</li>
      <li><svg viewBox="0 0 26 28" aria-hidden="true">${bar("drop")}</svg>dropped</li>
      <li><svg viewBox="0 0 26 28" aria-hidden="true">${bar("drop doubt")}</svg>dropped, place unknown</li>
    </ul>`;
}

/** Says dropped, and not for a zone. */
const HATCH = markup`<svg class="defs" aria-hidden="true">
  <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <path d="M2.5 0v5" />
  </pattern>
</svg>`;

type Percent = (ms: number) => number;

function bar(name: string): Markup {
  const height = HEIGHT[name === "pass" || name === "blur" ? name : "drop"];
  return markup`<rect class="${name}" x="2" width="22" y="${STRIP_HEIGHT - height}" height="${height}" />`;
}

function strip(
  camera: string,
  number: number,
  runs: readonly Run[],
  percent: Percent,
  timeText: TimeText,
): Markup {
  const bars = runs.map((run, i) => {
    const name = isDoubt(run.reason) ? `${run.action} doubt` : run.action;
    const height = HEIGHT[run.action];
    return markup`<rect class="${name}" data-run="${number}.${i}" ${across(run, percent)} y="${STRIP_HEIGHT - height}" height="${height}"><title>${spanText(run, timeText)}, ${runText(run)}</title></rect>`;
  });
  const label = `Camera ${camera} over time: ${runs.length} runs, listed below`;
  return markup`<div class="strip-name">${isolated(camera)}</div>
    <svg class="strip" role="img" aria-label="${label}">${bars}</svg>`;
}

function visitStrip(visits: readonly Visit[], percent: Percent, timeText: TimeText): Markup {
  const marks = visits.slice(0, MAX_VISITS_SHOWN).map((visit, i) => {
    const y = 3 + (i % 2) * 14;
    const [from, until] = [percent(visit.atMs), percent(visit.untilMs)];
    const isNarrow = until - from < ROOM_PERCENT;
    const name = isNarrow ? markup` class="beside"` : null;
    // The last ones have their room to the left.
    const isLast = isNarrow && until > 100 - ROOM_PERCENT;
    const side = isLast ? markup` dx="-3" text-anchor="end"` : markup` dx="3"`;
    const x = isNarrow && !isLast ? until : from;
    return markup`<g>
      <title>${i + 1}: ${visit.zone}, ${spanText(visit, timeText)}</title>
      <rect class="visit" ${across(visit, percent)} y="${y}" height="12" />
      <text${name} x="${x.toFixed(2)}%"${side} y="${y + 9.5}">${i + 1}</text>
    </g>`;
  });
  return markup`<div class="strip-name">zones</div>
    <svg class="strip" role="img" aria-label="Visits to zones over time, listed below">${marks}</svg>`;
}

function across({ atMs, untilMs }: { atMs: number; untilMs: number }, percent: Percent): Markup {
  const x = percent(atMs);
  const width = Math.max(MIN_WIDTH_PERCENT, percent(untilMs) - x);
  return markup`x="${x.toFixed(2)}%" width="${width.toFixed(2)}%"`;
}

/** Round steps of time, milliseconds: one that makes at most so many ticks is taken. */
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400].map(
  (seconds) => seconds * 1000,
);
const MAX_TICKS = 7;

function axis(legs: readonly Leg[], untilMs: number, percent: Percent, timeText: TimeText): Markup {
  const stepMs = STEPS_MS.find((step) => untilMs / step <= MAX_TICKS) ?? untilMs / MAX_TICKS;
  const short = (ms: number) => timeText(ms).replace(/:00$/, "");
  const ticks = legs.flatMap(({ startMs, atMs }, i) => {
    const lengthMs = (legs[i + 1]?.atMs ?? untilMs + 1) - atMs;
    const first = Math.ceil(startMs / stepMs) * stepMs;
    const count = Math.max(0, Math.ceil((startMs + lengthMs - first) / stepMs));
    return Array.from({ length: count }, (_, n) => first + n * stepMs).map((ms) =>
      tick(percent(atMs + ms - startMs), short(ms)),
    );
  });
  return markup`<div class="strip-name soft">UTC</div>
    <svg class="axis" aria-hidden="true">
      <path d="M0 .5h9999" />
      ${ticks}
    </svg>`;
}

function tick(x: number, text: string): Markup {
  const anchor = x < 3 ? "start" : x > 97 ? "end" : "middle";
  const at = `${x.toFixed(2)}%`;
  return markup`<line x1="${at}" x2="${at}" y1="0" y2="5" /><text x="${at}" y="17" text-anchor="${anchor}">${text}</text>`;
}
