/** Text that is HTML already. A plain string is not: it is escaped wherever it is put in. */
export interface Markup {
  readonly html: string;
}

export type Part = string | number | Markup | readonly Markup[] | null;

/** `` markup`<b>${name}</b>` ``: strings and numbers are escaped, markup and lists of it go in as they are, null as nothing. */
export function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { html: texts.reduce((whole, text, i) => whole + markupOf(parts[i - 1] ?? null) + text) };
}

/** For text that this project wrote, never for anything that came in. */
export function trusted(html: string): Markup {
  return { html };
}

/** A name that somebody else chose: its writing direction cannot turn round what stands beside it. */
export function isolated(name: string): Markup {
  return markup`<bdi>${name}</bdi>`;
}

function markupOf(part: Part): string {
  if (part === null) return "";
  if (typeof part === "string") return escaped(part);
  if (typeof part === "number") return String(part);
  return "html" in part ? part.html : part.map(({ html }) => html).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? "").replaceAll("\0", "\uFFFD");
}
