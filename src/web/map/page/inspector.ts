import type { Explanation, ZoneDistance } from "../../../cli/explain.ts";
import type { AreaOnMap, DriveOnMap, DrivePiece, MapState } from "../map-state.ts";
import type { Question } from "./api.ts";
import { byId, el } from "./dom.ts";
import { count, fileName, metres, place, reasonText, squareMetres } from "./words.ts";

/** What the inspector shows; null parts are left out. */
export interface Inspected {
  readonly question: Question | null;
  /** The verdict, or why there is none; null while it is asked for. */
  readonly answer: Explanation | string | null;
  readonly area: number | null;
  readonly piece: { readonly drive: DriveOnMap; readonly piece: DrivePiece } | null;
}

export interface InspectorActions {
  readonly onQuestion: (question: Question) => void;
  readonly onArea: (id: string) => void;
  readonly onClose: () => void;
  /** Buttons that belong to an area; null where it has none. */
  readonly tools: (area: number) => HTMLElement | null;
}

export function showInspector(state: MapState, inspected: Inspected, actions: InspectorActions): void {
  const { question, answer, area, piece } = inspected;
  const box = byId("inspector");
  const shown = area === null ? undefined : state.areas[area];
  box.hidden = question === null && shown === undefined && piece === null;
  if (box.hidden) return box.replaceChildren();
  const focused = document.activeElement?.id ?? "";
  box.replaceChildren(
    el("button", { type: "button", class: "close", "aria-label": "Close", click: actions.onClose }, "×"),
    ...(piece === null ? [] : [pieceCard(piece)]),
    ...(question === null ? [] : [verdictCard(question, answer, actions)]),
    ...(shown === undefined || area === null ? [] : [areaCard(state, shown, actions.tools(area))]),
  );
  // Drawn anew under the hands of somebody who drags the heading or types.
  if (focused !== "") document.getElementById(focused)?.focus();
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

const verdictLine = (action: Explanation["action"], reason: Explanation["reason"]) =>
  el(
    "p",
    { class: `verdict ${action}` },
    el("b", {}, action),
    el("span", {}, `${reason}: ${reasonText(reason)}`),
  );

function verdictCard(
  question: Question,
  answer: Inspected["answer"],
  actions: InspectorActions,
): HTMLElement {
  const { latDeg, lonDeg } = question;
  return el(
    "section",
    { class: "card", "aria-live": "polite" },
    el("h2", {}, "A frame taken here"),
    el("p", { class: "place" }, place(latDeg, lonDeg)),
    ...(answer === null
      ? [el("p", { class: "soft" }, "…")]
      : typeof answer === "string"
        ? [el("p", { class: "verdict drop" }, el("b", {}, "drop"), el("span", {}, answer))]
        : answered(answer, actions)),
    headingControl(question, actions.onQuestion),
    accuracyControl(question, actions.onQuestion),
  );
}

function answered(answer: Explanation, { onArea }: InspectorActions): HTMLElement[] {
  const { action, reason, cameras, zones, nearby, clearanceM, region, radiusM } = answer;
  const facts = [
    clearanceM === null ? null : `clear for another ${metres(clearanceM)} all around`,
    `the vehicle may be anywhere within ${metres(radiusM)}`,
    region === null ? "in no region: nothing is uploaded" : `region ${region}`,
  ];
  return [
    verdictLine(action, reason),
    ...(cameras.length > 1
      ? [
          el(
            "ul",
            { class: "cameras" },
            ...cameras.map((camera) =>
              el(
                "li",
                {},
                el("b", {}, camera.id),
                el("span", { class: camera.action }, `${camera.action} (${camera.reason})`),
              ),
            ),
          ),
        ]
      : []),
    el("p", { class: "soft" }, facts.filter((fact) => fact !== null).join("; ")),
    ...distances("Restricted by", zones, onArea),
    ...distances("Also near", nearby, onArea),
  ];
}

function distances(
  title: string,
  zones: readonly ZoneDistance[],
  onArea: (id: string) => void,
): HTMLElement[] {
  if (zones.length === 0) return [];
  const rows = zones.map(({ id, action, distanceM }) =>
    el(
      "li",
      {},
      el(
        "button",
        { type: "button", click: () => onArea(id) },
        el("span", { class: `key key-${action}`, "aria-hidden": "true" }),
        el("span", {}, id),
        el(
          "span",
          { class: "n" },
          distanceM <= 0 ? `${metres(-distanceM)} inside` : `${metres(distanceM)} away`,
        ),
      ),
    ),
  );
  return [el("h3", {}, title), el("ul", { class: "near" }, ...rows)];
}

function headingControl(question: Question, onQuestion: (question: Question) => void): HTMLElement {
  const { headingDeg } = question;
  const text =
    headingDeg === null
      ? "any heading"
      : `heading ${headingDeg}° ${COMPASS[Math.round(headingDeg / 45) % 8]}`;
  const set = (event: Event) =>
    event.target instanceof HTMLInputElement &&
    onQuestion({ ...question, headingDeg: event.target.valueAsNumber });
  const toggle = (event: Event) =>
    event.target instanceof HTMLInputElement &&
    onQuestion({ ...question, headingDeg: event.target.checked ? null : 0 });
  return el(
    "div",
    { class: "control" },
    el("label", { for: "heading" }, text),
    el("input", {
      id: "heading",
      type: "range",
      min: "0",
      max: "359",
      value: String(headingDeg ?? 0),
      input: set,
    }),
    el(
      "label",
      {},
      el("input", { id: "any", type: "checkbox", checked: headingDeg === null, change: toggle }),
      "any",
    ),
  );
}

const COMPASS = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];

function accuracyControl(question: Question, onQuestion: (question: Question) => void): HTMLElement {
  const set = (event: Event) => {
    if (!(event.target instanceof HTMLInputElement)) return;
    const accuracyM = event.target.valueAsNumber;
    onQuestion({ ...question, accuracyM: Number.isFinite(accuracyM) ? accuracyM : null });
  };
  const value = question.accuracyM === null ? "" : String(question.accuracyM);
  return el(
    "div",
    { class: "control" },
    el("label", { for: "accuracy" }, "position good to, m (95 %)"),
    el("input", {
      id: "accuracy",
      type: "number",
      min: "0",
      max: "10000",
      step: "any",
      placeholder: "15",
      value,
      change: set,
    }),
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
