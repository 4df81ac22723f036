import type { EditAnswer } from "../edit/edit-answer.ts";
import type { EditChange, EditProperties, EditRequest } from "../edit/edit-request.ts";
import type { AreaOnMap, FileOnMap, MapState } from "../map-state.ts";
import { Refusal, sendEdit } from "./api.ts";
import { byId, el } from "./dom.ts";
import { createEditForm } from "./edit-form.ts";
import type { EditForm } from "./edit-form.ts";
import type { MapView } from "./map-view.ts";
import { notByHand, openShapeEditor } from "./shape-editor.ts";
import type { ShapeEditor } from "./shape-editor.ts";
import { fileName } from "./words.ts";

/** What is edited: an area of the map, or a shape that is yet to be drawn. */
export type EditWhat =
  | { readonly kind: "area"; readonly area: AreaOnMap; readonly isRemoval: boolean }
  | { readonly kind: "new"; readonly what: "polygon" | "circle" };

export interface EditorOptions {
  readonly view: MapView;
  readonly state: MapState;
  readonly edited: EditWhat;
  readonly onEnd: (savedId: string | null) => void;
}

/** A file that new zones may go to; its hash is empty where it is not there yet. */
type Target = Pick<FileOnMap, "file" | "hash">;

export function targetsIn({ files, saveTo }: MapState): readonly Target[] {
  const known = files.filter(({ readOnly, file }) => readOnly === null && file !== saveTo);
  if (saveTo === null) return known;
  const there = files.find(({ file }) => file === saveTo);
  if (there === undefined) return [{ file: saveTo, hash: "" }, ...known];
  return there.readOnly === null ? [there, ...known] : known;
}

/** Edits in the inspector and on the map until somebody saves or cancels. Ends by `onEnd`; the result gives it up. */
export function openEditor({ view, state, edited, onEnd }: EditorOptions): () => void {
  const targets = targetsIn(state);
  const shape = openShape(view, edited, touched);
  const form = openForm(edited, touched);
  const file = fileChoice(edited, targets, state, touched);
  const outcome = el("div", { "aria-live": "polite" });
  const confirm = el("input", {
    type: "text",
    id: "confirm",
    autocomplete: "off",
    input: () => updateSave(),
  });
  const save = el(
    "button",
    { type: "button", class: "main", disabled: true, click: () => void send("save") },
    "Save",
  );
  const look = el("button", { type: "button", click: () => void send("preview") }, "Preview");
  let confirming: readonly string[] = [];
  const confirmed = () => (confirming.includes(confirm.value.trim()) ? [confirm.value.trim()] : []);
  let isLooked = false;

  /** Whatever was looked at is no longer what would be saved. */
  function touched(): void {
    const drawn = shape?.geometry();
    if (form !== null && drawn?.kind === "circle" && form.radiusM() !== drawn.radiusM) {
      const typed = form.radiusM();
      if (typed === null || document.activeElement?.id !== "edit-radius") form.setRadius(drawn.radiusM);
      else shape?.setRadius(typed);
    }
    [isLooked, confirming] = [false, []];
    outcome.replaceChildren();
    updateSave();
  }

  function updateSave(): void {
    const isOpen = confirming.length > 0 && confirmed().length === 0;
    save.disabled = !isLooked || isOpen;
  }

  async function send(action: EditRequest["action"]): Promise<void> {
    const change = changeOf(edited, form, shape);
    if (change === null) return show({ outcome: "refused", why: "draw the shape first", mistakes: [] });
    const target = file.value();
    const hash = target?.hash ?? "";
    try {
      const answer = await sendEdit({
        action,
        file: target?.file ?? "",
        hash,
        change,
        confirmed: confirmed(),
      });
      if (answer.outcome === "saved") return end(form?.properties().id ?? null);
      return show(answer);
    } catch (thrown) {
      if (!(thrown instanceof Refusal || thrown instanceof TypeError)) throw thrown;
      return show({ outcome: "refused", why: thrown.message, mistakes: [] });
    }
  }

  function show(answer: EditAnswer): void {
    isLooked = answer.outcome !== "refused";
    confirming = answer.outcome === "confirm" ? answer.weaker : [];
    confirm.value = "";
    outcome.replaceChildren(...outcomeParts(answer, confirm));
    updateSave();
    if (confirming.length > 0) confirm.focus();
  }

  function end(savedId: string | null): void {
    stop();
    onEnd(savedId);
  }

  function stop(): void {
    shape?.stop();
    box.replaceChildren();
    box.hidden = true;
  }

  const box = byId("inspector");
  box.hidden = false;
  box.replaceChildren(
    el(
      "section",
      { class: "card", "aria-label": "Edit" },
      el("h2", {}, titleOf(edited)),
      el("p", { class: "soft" }, hintOf(edited)),
      form?.element ?? null,
      file.element,
      outcome,
      el(
        "div",
        { class: "buttons" },
        look,
        save,
        el("button", { type: "button", click: () => end(null) }, "Cancel"),
      ),
    ),
  );
  document.getElementById("edit-id")?.focus({ preventScroll: true });
  if (edited.kind === "area" && edited.isRemoval) void send("preview");
  return stop;
}

function openShape(view: MapView, edited: EditWhat, onChange: () => void): ShapeEditor | null {
  if (edited.kind === "new") return openShapeEditor(view, { kind: "draw", what: edited.what }, onChange);
  const { area, isRemoval } = edited;
  return isRemoval || notByHand(area) !== null
    ? null
    : openShapeEditor(view, { kind: "edit", area }, onChange);
}

function openForm(edited: EditWhat, onChange: () => void): EditForm | null {
  if (edited.kind === "new")
    return createEditForm({ area: null, written: NEW_ZONE, isCircle: edited.what === "circle", onChange });
  const { area, isRemoval } = edited;
  if (isRemoval || area.kind !== "zone" || area.written === null) return null;
  return createEditForm({ area, written: area.written, isCircle: area.radiusM !== null, onChange });
}

const NEW_ZONE: EditProperties = {
  id: "",
  name: null,
  category: "other",
  action: null,
  standoffM: null,
  viewM: null,
};

function fileChoice(edited: EditWhat, targets: readonly Target[], { files }: MapState, onChange: () => void) {
  if (edited.kind === "area") {
    const own = files[edited.area.file];
    return { element: null, value: (): Target | undefined => own };
  }
  const field = el(
    "select",
    { id: "edit-file", change: onChange },
    ...targets.map(({ file }) => el("option", { value: file }, fileName(file))),
  );
  return {
    element: el("div", { class: "fields" }, el("label", { for: "edit-file" }, "file"), field),
    value: () => targets[field.selectedIndex],
  };
}

/** null while nothing is drawn. A shape that is as it was is not written again. */
function changeOf(edited: EditWhat, form: EditForm | null, shape: ShapeEditor | null): EditChange | null {
  const geometry = shape?.geometry() ?? null;
  if (edited.kind === "new")
    return geometry === null || form === null
      ? null
      : { kind: "add", properties: form.properties(), geometry };
  const feature = edited.area.feature ?? -1;
  if (edited.isRemoval) return { kind: "remove", feature };
  return {
    kind: "change",
    feature,
    properties: form?.properties() ?? null,
    geometry: shape?.isMoved() === true ? geometry : null,
  };
}

function titleOf(edited: EditWhat): string {
  if (edited.kind === "new") return edited.what === "circle" ? "A new circle" : "A new zone";
  return `${edited.isRemoval ? "Remove" : "Edit"} ${edited.area.id}`;
}

function hintOf(edited: EditWhat): string {
  if (edited.kind === "new")
    return edited.what === "circle"
      ? "Click its middle, then its edge. Afterwards drag the middle, or type the radius."
      : "Click each corner, and the first again to close. Afterwards drag corners.";
  if (edited.isRemoval) return "Takes the feature out of its file.";
  const why = notByHand(edited.area);
  if (why !== null) return `The shape stays: ${why}.`;
  return "Drag corners, or the dots between them for new ones; a right click takes a corner away.";
}

function outcomeParts(answer: EditAnswer, confirm: HTMLInputElement): readonly HTMLElement[] {
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
            el("b", {}, answer.weaker.join(" or ")),
            ":",
          ),
          confirm,
        ]
      : []),
  ];
}
