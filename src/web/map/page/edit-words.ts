import type { EditAnswer } from "../edit/edit-answer.ts";
import type { AreaOnMap } from "../map-state.ts";
import { el } from "./dom.ts";
import { notByHand } from "./shape-editor.ts";

/** What is edited: an area of the map, or a shape that is yet to be drawn. */
export type EditWhat =
  | { readonly kind: "area"; readonly area: AreaOnMap; readonly isRemoval: boolean }
  | { readonly kind: "new"; readonly what: "polygon" | "circle" };

export function titleOf(edited: EditWhat): string {
  if (edited.kind === "new") return edited.what === "circle" ? "A new circle" : "A new zone";
  return `${edited.isRemoval ? "Remove" : "Edit"} ${edited.area.id}`;
}

export function hintOf(edited: EditWhat): string {
  if (edited.kind === "new")
    return edited.what === "circle"
      ? "Click its middle, then its edge. Afterwards drag the middle, or type the radius."
      : "Click each corner, and the first again to close. Afterwards drag corners.";
  if (edited.isRemoval) return "Takes the feature out of its file.";
  const why = notByHand(edited.area);
  if (why !== null) return `The shape stays: ${why}.`;
  return "Drag corners, or the dots between them for new ones; a right click takes a corner away.";
}

export function outcomeParts(answer: EditAnswer, confirm: HTMLInputElement): readonly HTMLElement[] {
  if (answer.outcome === "refused") {
    const rows = answer.mistakes.map(({ rule, got, expected, advice }) =>
      el("li", {}, el("b", {}, rule), ` got ${got}, expected ${expected}; ${advice}`),
    );
    return [
      el("p", { class: "verdict drop" }, el("b", {}, "no"), el("span", {}, answer.why)),
      el("ul", { class: "effects" }, ...rows),
    ];
  }
  const lines = answer.changes.length === 0 ? ["nothing changes for any frame"] : answer.changes;
  const warnings = answer.warnings.map(({ rule, got, line }) => `warning: line ${line}, ${rule}: ${got}`);
  return [
    el("ul", { class: "effects" }, ...[...lines, ...warnings].map((line) => el("li", {}, line))),
    ...(answer.outcome === "confirm"
      ? [
          el(
            "p",
            { class: "weaker" },
            "This protects less. If that is meant, type ",
            el("b", {}, answer.weaker.join(" ")),
            ":",
          ),
          confirm,
        ]
      : []),
  ];
}
