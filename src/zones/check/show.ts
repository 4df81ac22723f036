/** A value of the file for a message: short, on one line. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  // JSON has no infinities, yet 1e999 reads as one.
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return showList(value);
  return typeof value === "object" && value !== null ? "an object" : shortened(JSON.stringify(value));
}

// Only lists as short as a position are worth showing, and one that nests deep would overflow the stack.
function showList(list: readonly unknown[]): string {
  const isFlat = list.every((item) => typeof item !== "object" || item === null);
  return isFlat && list.length <= 3 ? shortened(`[${list.map(show).join(",")}]`) : `a list of ${list.length}`;
}

const shortened = (text: string) => (text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text);

const MAX_CHARS = 60;

/** Text that may hold parts of a file, fit for a terminal: without control characters and marks that turn the direction. */
export function printable(text: string): string {
  return text.replaceAll(CONTROL, "?");
}

// oxlint-disable-next-line no-control-regex -- they are what must not reach a terminal
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
