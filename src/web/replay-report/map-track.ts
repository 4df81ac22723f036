import type { Action } from "../../gate/verdict.ts";
import { pathOf } from "../report/map-frame.ts";
import type { Markup } from "../report/markup.ts";
import { markup } from "../report/markup.ts";
import type { Moment } from "./moments.ts";
import type { Run } from "./runs.ts";
import { sliceWay } from "./way-slice.ts";
import type { Stop } from "./way.ts";
import type { TimeText } from "./wording.ts";
import { runText, spanText } from "./wording.ts";

/** Drawn in this order: where the way was driven twice, the worse is seen. */
const ORDER: readonly Action[] = ["pass", "blur", "drop"];

/** A ground for the coloured lines, and dots where the place was not known. */
export function trackGround(way: readonly Stop[]): Markup {
  const lines = sliceWay(way, -Infinity, Infinity).filter((points) => points.length > 1);
  const gaps = way.flatMap((stop, i) => {
    const before = way[i - 1];
    return stop.join === "unknown" && before !== undefined ? [gap(before, stop)] : [];
  });
  return markup`<path class="casing" d="${lines.map((points) => pathOf(points, false)).join("")}" />${gaps}`;
}

function gap(from: Stop, to: Stop): Markup {
  const seconds = ((to.atMs - from.atMs) / 1000).toFixed(1);
  return markup`<path class="unknown" d="${pathOf([from, to], false)}">
    <title>Place unknown for ${seconds} s: every frame was dropped</title>
  </path>`;
}

/** What happened to the frames of all cameras; the worst gives the colour. */
export function momentLayer(moments: readonly Moment[], way: readonly Stop[], timeText: TimeText): Markup {
  const text = ({ runs, others }: Moment): string => {
    const lines = runs.map((run) => `${spanText(run, timeText)}, ${runText(run)}`);
    return [...lines, ...(others > 0 ? [`and ${others} moments too short to show`] : [])].join("\n");
  };
  const drawn = inOrder(moments, (moment) => line(moment, way, text(moment), null));
  return markup`<g class="layer all">${drawn}</g>`;
}

/** What happened to the frames of one camera. */
export function cameraLayer(
  number: number,
  runs: readonly Run[],
  way: readonly Stop[],
  timeText: TimeText,
): Markup {
  const numbers = new Map(runs.map((run, i) => [run, `${number}.${i}`]));
  const text = (run: Run) => `${spanText(run, timeText)}, ${runText(run)}`;
  const drawn = inOrder(runs, (run) => line(run, way, text(run), numbers.get(run) ?? null));
  return markup`<g class="layer camera${number}">${drawn}</g>`;
}

function inOrder<T extends { readonly action: Action }>(
  items: readonly T[],
  draw: (item: T) => Markup,
): readonly Markup[] {
  return ORDER.flatMap((action) => items.filter((item) => item.action === action).map(draw));
}

function line(span: Moment | Run, way: readonly Stop[], text: string, key: string | null): Markup {
  const lines = sliceWay(way, span.atMs, span.untilMs);
  if (lines.length === 0) return markup``;
  const d = lines.map((points) => pathOf(points, false)).join("");
  const link = key === null ? null : markup` data-run="${key}"`;
  return markup`<path class="${span.action}"${link} d="${d}"><title>${text}</title></path>`;
}
