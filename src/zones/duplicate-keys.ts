/** A member name that an object has twice. */
export interface DuplicateKey {
  readonly name: string;
  /** Offset of the later one in the text. */
  readonly offset: number;
}

/**
 * Whether any object of a JSON text has a name twice: then the text has more names than its value has members.
 * `JSON.parse` keeps the last one without a word: a second `"action": "blur"` would weaken a zone unseen. May say
 * true of a text without any (odd lists of numbers are not counted), never false of a text with one.
 */
export function mayHaveDuplicateKeys(bytes: Buffer, value: unknown): boolean {
  return countNames(bytes) !== countMembers(value);
}

/** All of them, one by one, in a JSON text that `JSON.parse` accepts. Several times slower than the question above. */
export function findDuplicateKeys(text: string, report: (duplicate: DuplicateKey) => void): void {
  const open: Set<string>[] = [];
  for (const token of text.matchAll(TOKEN)) {
    const [, string, colon] = token;
    if (token[0] === "{") open.push(new Set());
    else if (token[0] === "}") open.pop();
    else if (string !== undefined && colon !== undefined) {
      const name = String(JSON.parse(string));
      if (open.at(-1)?.has(name)) report({ name, offset: token.index });
      open.at(-1)?.add(name);
    }
  }
}

const TOKEN = /[{}]|("(?:[^"\\]|\\.)*")(\s*:)?/g;

/** Counts the strings that a colon follows. */
function countNames(bytes: Buffer): number {
  let names = 0;
  let at = bytes.indexOf(QUOTE);
  while (at >= 0 && at < bytes.length) {
    for (at += 1; bytes[at] !== QUOTE && at < bytes.length; at++) if (bytes[at] === BACKSLASH) at += 1;
    do at += 1;
    while (bytes[at] === SPACE || bytes[at] === LINE_FEED || bytes[at] === RETURN || bytes[at] === TAB);
    if (bytes[at] === COLON) names += 1;
    at = nextQuote(bytes, at);
  }
  return names;
}

/** The next string is either close by or behind a list of coordinates, which `indexOf` crosses faster. */
function nextQuote(bytes: Buffer, start: number): number {
  for (let at = start; at < start + 8; at++) if (bytes[at] === QUOTE) return at;
  return bytes.indexOf(QUOTE, start);
}

/** Counts the members of all objects, without recursion: a text may nest deeper than the stack. */
function countMembers(value: unknown): number {
  let members = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (Array.isArray(next)) {
      if (!isPositions(next)) for (const item of next) if (isNested(item)) open.push(item);
    } else if (isNested(next)) {
      for (const name in next) {
        members += 1;
        const item = next[name];
        if (isNested(item)) open.push(item);
      }
    }
  }
  return members;
}

const isPositions = (list: readonly unknown[]) =>
  typeof list[0] === "number" || (Array.isArray(list[0]) && typeof list[0][0] === "number");

const isNested = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

const TAB = 9;
const LINE_FEED = 10;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;
