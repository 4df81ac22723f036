import type { MapState } from "../map-state.ts";
import { byId, el } from "./dom.ts";
import type { EditWhat } from "./edit-words.ts";
import { targetsIn } from "./editor.ts";

/** What can be done with an area; or why nothing can. */
export function areaTools(
  { areas, files }: MapState,
  number: number,
  edit: (edited: EditWhat) => void,
): HTMLElement | null {
  const area = areas[number];
  const file = area === undefined ? undefined : files[area.file];
  if (area === undefined || file === undefined) return null;
  if (file.readOnly !== null) return el("p", { class: "soft" }, `Read-only here: ${file.readOnly}.`);
  const button = (text: string, isRemoval: boolean) =>
    el("button", { type: "button", click: () => edit({ kind: "area", area, isRemoval }) }, text);
  return el("div", { class: "buttons" }, button("Edit", false), button("Remove", true));
}

/** The buttons for new zones. */
export function showDrawTools(state: MapState, edit: (edited: EditWhat) => void): void {
  const none = targetsIn(state).length === 0;
  const title = none ? "No file here can be edited; name one for new zones with --save-to" : null;
  const button = (text: string, what: "polygon" | "circle") =>
    el("button", { type: "button", disabled: none, title, click: () => edit({ kind: "new", what }) }, text);
  byId("tools").replaceChildren(button("Draw a zone", "polygon"), button("Draw a circle", "circle"));
}
