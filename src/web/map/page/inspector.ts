import type { AreaOnMap, DriveOnMap, DrivePiece, MapState } from "../map-state.ts";
import type { Question } from "./api.ts";
import { byId, el } from "./dom.ts";
import { createVerdictCard, verdictLine } from "./verdict-card.ts";
import type { Answer, VerdictActions, VerdictCard } from "./verdict-card.ts";
import { count, fileName, metres, squareMetres } from "./words.ts";

/** What the inspector shows; null parts are left out. */
export interface Inspected {
  readonly question: Question | null;
  readonly answer: Answer;
  readonly area: number | null;
  readonly piece: { readonly drive: DriveOnMap; readonly piece: DrivePiece } | null;
}

export interface InspectorActions extends VerdictActions {
  readonly onClose: () => void;
  /** Buttons that belong to an area; null where it has none. */
  readonly tools: (area: number) => HTMLElement | null;
}

/** What stands in the inspector now: while nothing else changes, an answer changes its own part only. */
let standing: { readonly key: readonly unknown[]; readonly card: VerdictCard } | null = null;

export function showInspector(state: MapState, inspected: Inspected, actions: InspectorActions): void {
  const { question, answer, area, piece } = inspected;
  const box = byId("inspector");
  const shown = area === null ? undefined : state.areas[area];
  box.hidden = question === null && shown === undefined && piece === null;
  if (box.hidden) return box.replaceChildren();
  const key = [state, area, piece];
  const isStanding =
    standing !== null &&
    box.contains(standing.card.element) &&
    key.every((part, i) => part === standing?.key[i]);
  if (question !== null && standing !== null && isStanding) return standing.card.update(question, answer);
  const card = createVerdictCard(actions);
  if (question !== null) card.update(question, answer);
  standing = { key, card };
  return box.replaceChildren(
    el("button", { type: "button", class: "close", "aria-label": "Close", click: actions.onClose }, "×"),
    ...(piece === null ? [] : [pieceCard(piece)]),
    ...(question === null ? [] : [card.element]),
    ...(shown === undefined || area === null ? [] : [areaCard(state, shown, actions.tools(area))]),
  );
}

function pieceCard({ drive, piece }: NonNullable<Inspected["piece"]>): HTMLElement {
  const { action, reason, zones, fromMs, untilMs } = piece;
  const clock = (ms: number) => new Date(ms).toISOString().slice(11, 19);
  return el(
    "section",
    { class: "card" },
    el("h2", {}, drive.name),
    verdictLine(action, reason),
    el(
      "p",
      { class: "soft" },
      `${clock(fromMs)} to ${clock(untilMs)} UTC${zones.length > 0 ? `, ${zones.join(", ")}` : ""}`,
    ),
  );
}

function areaCard({ files }: MapState, area: AreaOnMap, tools: HTMLElement | null): HTMLElement {
  const file = files[area.file];
  const facts: readonly (readonly [string, string | null])[] = [
    ["id", area.id],
    ["kind", area.kind === "zone" ? null : area.kind],
    ["category", area.category],
    ["action", area.action],
    ["standoff", area.kind === "zone" ? metres(area.standoffM) : null],
    [
      "view range",
      area.kind === "zone" ? (area.viewM > 0 ? metres(area.viewM) : "none: it may be seen") : null,
    ],
    ["region", area.region],
    [
      "restricts",
      area.kind !== "zone" ? null : area.limits.length > 0 ? area.limits.join("; ") : "always, all cameras",
    ],
    [
      "size",
      `${squareMetres(area.areaM2)}, ${area.radiusM === null ? `${area.vertices} corners` : `circle of ${metres(area.radiusM)}`}`,
    ],
    [
      "file",
      file === undefined
        ? null
        : `${fileName(file.file)}${area.feature === null ? "" : `, feature ${area.feature + 1}`}`,
    ],
    ["datum", file?.datum === null || file === undefined ? null : datumText(file.datum)],
  ];
  return el(
    "section",
    { class: "card" },
    el("h2", {}, area.name ?? area.id),
    el(
      "dl",
      {},
      ...facts.flatMap(([name, value]) => (value === null ? [] : [el("dt", {}, name), el("dd", {}, value)])),
    ),
    tools,
  );
}

const datumText = (datum: string) =>
  datum === "wgs84"
    ? "wgs84"
    : `${datum}, shown at its WGS 84 place; standoff and view range 2 m more for the conversion`;

export const driveSummary = ({ name, problem, frames }: DriveOnMap): HTMLElement =>
  problem === null
    ? el(
        "p",
        {},
        el("b", {}, name),
        el("span", { class: "pass" }, `${count(frames.pass, "frame")} passed`),
        el("span", { class: "blur" }, `${frames.blur.toLocaleString("en-US")} blurred`),
        el("span", { class: "drop" }, `${frames.drop.toLocaleString("en-US")} dropped`),
      )
    : el("p", {}, el("b", {}, name), el("span", { class: "drop" }, problem));
