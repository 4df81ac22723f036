import type { EditAnswer } from "../edit/edit-answer.ts";
import type { EditRequest } from "../edit/edit-request.ts";
import { Refusal, sendEdit } from "./api.ts";
import { el } from "./dom.ts";
import { outcomeParts } from "./edit-words.ts";

/** The way from an edit to its file: first what it does, then, where that is weaker, the ids, then the save. */
export interface Saver {
  readonly element: HTMLElement;
  preview(): void;
  /** The edit is another one: what was looked at is no longer what would be saved. */
  forget(): void;
}

export interface SaverOptions {
  /** null while there is nothing to save yet. */
  readonly ask: () => Pick<EditRequest, "file" | "hash" | "change"> | null;
  readonly onSaved: () => void;
  readonly onCancel: () => void;
}

export function createSaver({ ask, onSaved, onCancel }: SaverOptions): Saver {
  let [isLooked, weaker] = [false, [] as readonly string[]];
  const outcome = el("div", { "aria-live": "polite" });
  const confirm = el("input", {
    type: "text",
    id: "confirm",
    autocomplete: "off",
    input: () => updateSave(),
  });
  confirm.setAttribute("aria-label", "Ids of the zones that are meant to be protected less");
  const button = (text: string, click: () => void) => el("button", { type: "button", click }, text);
  const save = button("Save", () => void send("save"));
  save.className = "main";
  const confirmed = () => confirm.value.split(/\s+/).filter((id) => weaker.includes(id));

  function updateSave(): void {
    save.disabled = !isLooked || weaker.some((id) => !confirmed().includes(id));
  }

  async function send(action: EditRequest["action"]): Promise<void> {
    const asked = ask();
    const answer =
      asked === null
        ? refusal("draw the shape first")
        : await answerTo({ action, ...asked, confirmed: confirmed() });
    if (answer.outcome === "saved") return onSaved();
    isLooked = answer.outcome !== "refused";
    weaker = answer.outcome === "confirm" ? answer.weaker : [];
    confirm.value = "";
    outcome.replaceChildren(...outcomeParts(answer, confirm));
    updateSave();
    return weaker.length > 0 ? confirm.focus() : undefined;
  }

  updateSave();
  const preview = () => void send("preview");
  const buttons = el(
    "div",
    { class: "buttons" },
    button("Preview", preview),
    save,
    button("Cancel", onCancel),
  );
  return {
    element: el("div", {}, outcome, buttons),
    preview,
    forget() {
      [isLooked, weaker] = [false, []];
      outcome.replaceChildren();
      updateSave();
    },
  };
}

const refusal = (why: string): EditAnswer => ({ outcome: "refused", why, mistakes: [] });

async function answerTo(request: EditRequest): Promise<EditAnswer> {
  try {
    return await sendEdit(request);
  } catch (thrown) {
    if (thrown instanceof Refusal || thrown instanceof TypeError) return refusal(thrown.message);
    throw thrown;
  }
}
