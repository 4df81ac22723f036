import type { EditChange, EditProperties } from "../edit/edit-request.ts";
import type { FileOnMap, MapState } from "../map-state.ts";
import { byId, el } from "./dom.ts";
import { createEditForm } from "./edit-form.ts";
import type { EditForm } from "./edit-form.ts";
import type { MapView } from "./map-view.ts";
import { createSaver } from "./edit-saver.ts";
import { hintOf, titleOf } from "./edit-words.ts";
import type { EditWhat } from "./edit-words.ts";
import { notByHand, openShapeEditor } from "./shape-editor.ts";
import type { ShapeEditor } from "./shape-editor.ts";
import { fileName } from "./words.ts";

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
  const shape = openShape(view, edited, touched);
  const form = openForm(edited, touched);
  const file = fileChoice(edited, targetsIn(state), state, touched);
  const saver = createSaver({
    ask() {
      const change = changeOf(edited, form, shape);
      const { file: name = "", hash = "" } = file.value() ?? {};
      return change === null ? null : { file: name, hash, change };
    },
    onSaved: () => end(form?.properties().id ?? null),
    onCancel: () => end(null),
  });

  function touched(): void {
    if (form !== null && shape !== null) agreeOnRadius(form, shape);
    saver.forget();
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
      saver.element,
    ),
  );
  document.getElementById("edit-id")?.focus({ preventScroll: true });
  if (edited.kind === "area" && edited.isRemoval) saver.preview();
  return stop;
}

/** What is being typed counts; otherwise what is drawn. */
function agreeOnRadius(form: EditForm, shape: ShapeEditor): void {
  const [typed, drawn] = [form.radiusM(), shape.geometry()];
  if (drawn?.kind !== "circle" || typed === drawn.radiusM) return;
  if (typed === null || document.activeElement?.id !== "edit-radius") form.setRadius(drawn.radiusM);
  else shape.setRadius(typed);
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
