import type { AreaOnMap, MapState } from "../map-state.ts";
import { byId, el, inputById } from "./dom.ts";
import { count, fileName, placeIn } from "./words.ts";

const MAX_ROWS = 200;

export interface AreaListOptions {
  readonly onArea: (number: number) => void;
  readonly onPlace: (place: { readonly latDeg: number; readonly lonDeg: number }) => void;
}

export interface AreaList {
  show(state: MapState): void;
  mark(number: number | null): void;
}

/** The list of areas under the search field; Enter there goes to the first, or to a place. */
export function createAreaList({ onArea, onPlace }: AreaListOptions): AreaList {
  const search = inputById("search");
  let state: MapState | null = null;
  let marked: number | null = null;
  const draw = (): void => {
    if (state === null) return;
    const found = matching(state, search.value);
    const rows = found
      .slice(0, MAX_ROWS)
      .map(({ area, number }) => row(area, number, number === marked, onArea));
    byId("list").replaceChildren(...rows);
    byId("more").textContent =
      found.length > MAX_ROWS
        ? `and ${(found.length - MAX_ROWS).toLocaleString("en-US")} more: search for less`
        : found.length === 0
          ? "nothing of that kind"
          : "";
    const zones = state.areas.filter(({ kind }) => kind === "zone").length;
    const label = document.querySelector(".find label");
    if (label !== null) label.textContent = count(zones, "zone");
  };
  search.addEventListener("input", draw);
  search.addEventListener("keydown", ({ key }) => {
    if (key !== "Enter" || state === null) return;
    const place = placeIn(search.value);
    if (place !== null) return onPlace(place);
    const [first] = matching(state, search.value);
    return first === undefined ? undefined : onArea(first.number);
  });
  return {
    show(next) {
      state = next;
      draw();
    },
    mark(number) {
      marked = number;
      draw();
    },
  };
}

const KINDS = { zone: 0, coverage: 1, region: 2 } as const;

function matching({ areas, files }: MapState, text: string) {
  const words = placeIn(text) !== null ? [] : text.toLowerCase().split(/\s+/).filter(Boolean);
  return areas
    .map((area, number) => ({ area, number }))
    .filter(({ area }) => {
      if (words.length === 0) return true;
      const { id, name, category, action, kind, region, file } = area;
      const all = [id, name, category, action, kind, region, files[file]?.file].join(" ").toLowerCase();
      return words.every((word) => all.includes(word));
    })
    .toSorted((a, b) => KINDS[a.area.kind] - KINDS[b.area.kind]);
}

function row(area: AreaOnMap, number: number, isMarked: boolean, onArea: (number: number) => void) {
  const what = area.category ?? (area.region === null ? area.kind : `region ${area.region}`);
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", click: () => onArea(number), ...(isMarked && { "aria-current": "true" }) },
      el("span", { class: `key key-${area.action ?? area.kind}`, "aria-hidden": "true" }),
      el(
        "span",
        { class: "who" },
        el("b", {}, area.name ?? area.id),
        el("span", {}, area.name === null ? what : `${area.id} · ${what}`),
      ),
    ),
  );
}

/** The files, each with its datum and whether it can be edited. */
export function showFiles({ files }: MapState): void {
  const rows = files.map(({ file, datum, readOnly }) =>
    el(
      "div",
      { class: "file" },
      el("b", { title: file }, fileName(file)),
      datum === null ? null : el("span", { class: "tag" }, datum),
      readOnly === null ? null : el("p", {}, `Read-only here: ${readOnly}.`),
    ),
  );
  const [summary, holder] = [document.querySelector("#files summary"), document.querySelector("#files div")];
  if (summary !== null) summary.textContent = count(files.length, "file");
  holder?.replaceChildren(...rows);
}
