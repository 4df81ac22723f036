import { byId, el } from "./dom.ts";
import type { Group } from "./layers.ts";
import type { MapView } from "./map-view.ts";

const ROWS: readonly { readonly group: Group; readonly text: string; readonly title: string }[] = [
  { group: "drop", text: "frames dropped", title: "Zones inside which frames are dropped" },
  { group: "blur", text: "frames blurred", title: "Zones inside which frames are blurred beyond recovery" },
  { group: "standoff", text: "standoff", title: "Within the dashes a vehicle counts as inside" },
  {
    group: "view",
    text: "view range",
    title: "Within the dots a camera that looks at the zone is restricted",
  },
  { group: "coverage", text: "coverage", title: "Outside, the set knows nothing and every frame is dropped" },
  { group: "region", text: "region", title: "Whose data stays in it" },
  { group: "drive", text: "drive", title: "What happened to the frames of a drive" },
];

/** The legend is also the switch of each layer. `withDrive` false leaves out what there is not. */
export function showLegend(view: MapView, withDrive: boolean): void {
  const rows = ROWS.filter(({ group }) => group !== "drive" || withDrive).map(({ group, text, title }) => {
    const toggle = (event: Event) =>
      event.target instanceof HTMLInputElement && view.setVisible(group, event.target.checked);
    return el(
      "label",
      { title },
      el("input", { type: "checkbox", checked: true, change: toggle }),
      el("span", { class: `key key-${group}`, "aria-hidden": "true" }),
      text,
    );
  });
  const note = el(
    "p",
    {},
    "Standoff and view range are drawn to within 1 %; the guard measures exactly. Coasts and borders: Natural Earth, 1 : 50 million. ",
    el("a", { href: "licences.txt", target: "_blank", rel: "noreferrer" }, "Licences"),
  );
  byId("legend").replaceChildren(...rows, note);
}
