import type { Explanation, ZoneDistance } from "../../../cli/explain.ts";
import type { Question } from "./api.ts";
import { el } from "./dom.ts";
import { metres, place, reasonText } from "./words.ts";

/** The verdict, or why there is none; null while it is asked for. */
export type Answer = Explanation | string | null;

export interface VerdictActions {
  readonly onQuestion: (question: Question) => void;
  readonly onArea: (id: string) => void;
}

/** What happens to a frame of a place; its controls stay under the hand while answers come. */
export interface VerdictCard {
  readonly element: HTMLElement;
  update(question: Question, answer: Answer): void;
}

export function createVerdictCard(actions: VerdictActions): VerdictCard {
  let asked: Question | null = null;
  const ask = (change: Partial<Question>) => asked !== null && actions.onQuestion({ ...asked, ...change });
  const where = el("p", { class: "place" });
  const told = el("div", { "aria-live": "polite" });
  const label = el("label", { for: "heading" });
  const heading = el("input", { id: "heading", type: "range", min: "0", max: "359" });
  const any = el("input", { id: "any", type: "checkbox" });
  const accuracy = el("input", {
    id: "accuracy",
    type: "number",
    min: "0",
    max: "10000",
    step: "any",
    placeholder: "15",
  });
  heading.addEventListener("input", () => ask({ headingDeg: heading.valueAsNumber }));
  any.addEventListener("change", () => ask({ headingDeg: any.checked ? null : heading.valueAsNumber }));
  accuracy.addEventListener("change", () => {
    const accuracyM = accuracy.valueAsNumber;
    ask({ accuracyM: Number.isFinite(accuracyM) ? accuracyM : null });
  });
  return {
    element: el(
      "section",
      { class: "card" },
      el("h2", {}, "A frame taken here"),
      where,
      told,
      el("div", { class: "control" }, label, heading, el("label", {}, any, "any")),
      el(
        "div",
        { class: "control" },
        el("label", { for: "accuracy" }, "position good to, m (95 %)"),
        accuracy,
      ),
    ),
    update(question, answer) {
      asked = question;
      const { latDeg, lonDeg, headingDeg, accuracyM } = question;
      where.textContent = place(latDeg, lonDeg);
      label.textContent = headingText(headingDeg);
      any.checked = headingDeg === null;
      if (headingDeg !== null) heading.value = String(headingDeg);
      if (document.activeElement !== accuracy) accuracy.value = accuracyM === null ? "" : String(accuracyM);
      told.replaceChildren(...answerParts(answer, actions));
    },
  };
}

const COMPASS = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];

const headingText = (headingDeg: number | null) =>
  headingDeg === null ? "any heading" : `heading ${headingDeg}° ${COMPASS[Math.round(headingDeg / 45) % 8]}`;

export const verdictLine = (action: Explanation["action"], reason: Explanation["reason"]) =>
  el(
    "p",
    { class: `verdict ${action}` },
    el("b", {}, action),
    el("span", {}, `${reason}: ${reasonText(reason)}`),
  );

function answerParts(answer: Answer, actions: VerdictActions): readonly HTMLElement[] {
  if (answer === null) return [el("p", { class: "soft" }, "…")];
  if (typeof answer !== "string") return answered(answer, actions);
  return [el("p", { class: "verdict drop" }, el("b", {}, "drop"), el("span", {}, answer))];
}

function answered(answer: Explanation, { onArea }: VerdictActions): HTMLElement[] {
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
