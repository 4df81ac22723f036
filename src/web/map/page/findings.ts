import type { Mistake } from "../../../zones/check/mistake.ts";
import type { MapState } from "../map-state.ts";
import { byId, el } from "./dom.ts";
import { count, fileName } from "./words.ts";

const MAX_ROWS = 100;

/** How good the set is, in a line. */
export function showSet({ set, problem, files, revision }: MapState, isThere: boolean): void {
  const errors = files.reduce((sum, { errorCount }) => sum + errorCount, 0);
  const box = byId("set");
  box.dataset["revision"] = String(revision);
  const say = (mood: string, text: string, title: string): void => {
    box.replaceChildren(el("span", { class: `chip ${mood}`, title }, text));
  };
  if (!isThere) return say("bad", "The server has ended: this page no longer follows the files", "");
  if (problem !== null) return say("bad", problem, "");
  if (set?.isExpired === true)
    return say("bad", `Expired ${set.expires.slice(0, 10)}: vehicles drop every frame`, "");
  if (set === null) return say("bad", `${count(errors, "error")}: no vehicle would load this set`, "");
  const until = `Good until ${set.expires.slice(0, 10)}`;
  return say("good", `${until} · set ${set.hash.slice(0, 8)}`, `issued ${set.issued}, set ${set.hash}`);
}

/** All that `zones check` would say; clicking one goes to its feature. */
export function showFindings({ files }: MapState, onFinding: (mistake: Mistake) => void): void {
  const all = files.flatMap(({ mistakes }) => mistakes);
  const box = byId("findings");
  if (all.length === 0) return box.replaceChildren();
  const [errors, warnings] = [all.filter(isError), all.filter((mistake) => !isError(mistake))];
  const rows = [...errors, ...warnings].slice(0, MAX_ROWS).map((mistake) => row(mistake, onFinding));
  const errorCount = files.reduce((sum, file) => sum + file.errorCount, 0);
  const warningCount = files.reduce((sum, file) => sum + file.warningCount, 0);
  const title = [
    ...(errorCount > 0 ? [count(errorCount, "error")] : []),
    ...(warningCount > 0 ? [count(warningCount, "warning")] : []),
    ...(errorCount + warningCount > rows.length ? [`the first ${rows.length}`] : []),
  ].join(", ");
  box.replaceChildren(
    el(
      "details",
      { open: errors.length > 0 },
      el("summary", {}, title),
      el("ol", { class: "findings" }, ...rows),
    ),
  );
}

const isError = ({ severity }: Mistake) => severity === "error";

function row(mistake: Mistake, onFinding: (mistake: Mistake) => void) {
  const { file, line, rule, got, expected, advice, severity } = mistake;
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: severity, click: () => onFinding(mistake) },
      el("b", {}, rule),
      el("span", { class: "where" }, `${fileName(file)}:${line}`),
      el("span", {}, `got ${got}, expected ${expected}; ${advice}`),
    ),
  );
}

/** The number of the feature that a finding is about; null where it is about the whole file. */
export function featureOf({ path }: Mistake): number | null {
  const [, number] = /^features\[(\d+)\]/.exec(path) ?? [];
  return number === undefined ? null : Number(number);
}
