import { CATEGORIES } from "../../../zones/zone.ts";
import type { EditProperties } from "../edit/edit-request.ts";
import type { AreaOnMap } from "../map-state.ts";
import { el } from "./dom.ts";

/** The properties of a zone as somebody types them. */
export interface EditForm {
  readonly element: HTMLElement;
  properties(): EditProperties;
  /** Of a circle; null where there is no such field. */
  radiusM(): number | null;
  setRadius(radiusM: number): void;
}

export interface EditFormOptions {
  /** null: a new one. */
  readonly area: AreaOnMap | null;
  /** What the properties are now, as they are written. */
  readonly written: EditProperties;
  readonly isCircle: boolean;
  readonly onChange: () => void;
}

export function createEditForm({ area, written, isCircle, onChange }: EditFormOptions): EditForm {
  const text = (name: string, value: string | null, attributes = {}) =>
    el("input", { id: `edit-${name}`, type: "text", value: value ?? "", input: onChange, ...attributes });
  const number = (name: string, value: number | null, placeholder: string) =>
    text(name, value === null ? "" : String(value), {
      type: "number",
      min: "0",
      max: "10000",
      step: "any",
      placeholder,
    });
  const id = text("id", written.id, { required: true, placeholder: "area/site" });
  const name = text("name", written.name, { placeholder: "for people only" });
  const category = select("category", CATEGORIES, written.category, onChange);
  const action = select("action", ["drop", "blur"], written.action ?? "drop", onChange);
  const standoff = number("standoff", written.standoffM, "25");
  const view = number("view", written.viewM, "by category: 250 or 100");
  const radius = number("radius", area?.radiusM ?? null, "");
  const rows: readonly (readonly [string, HTMLElement])[] = [
    ["id", id],
    ["name", name],
    ["category", category],
    ["action", action],
    ["standoff, m", standoff],
    ["view range, m", view],
    ...(isCircle ? [["radius, m", radius] as const] : []),
  ];
  return {
    element: el(
      "div",
      { class: "fields" },
      ...rows.flatMap(([label, field]) => [el("label", { for: field.id }, label), field]),
    ),
    properties: () => ({
      id: id.value.trim(),
      name: name.value.trim() === "" ? null : name.value.trim(),
      category: CATEGORIES.find((each) => each === category.value) ?? written.category,
      // A default that was not written stays unwritten.
      action: action.value === "blur" ? "blur" : written.action === null ? null : "drop",
      standoffM: valueOf(standoff),
      viewM: valueOf(view),
    }),
    radiusM: () => (isCircle ? valueOf(radius) : null),
    setRadius(radiusM) {
      radius.value = String(radiusM);
    },
  };
}

const valueOf = (field: HTMLInputElement) => (field.value.trim() === "" ? null : Number(field.value));

function select(
  name: string,
  values: readonly string[],
  value: string,
  onChange: () => void,
): HTMLSelectElement {
  const field = el(
    "select",
    { id: `edit-${name}`, change: onChange },
    ...values.map((each) => el("option", { value: each, selected: each === value }, each)),
  );
  return field;
}
