/** A member name that an object has twice. */
export interface DuplicateKey {
  readonly name: string;
  /** Offset of the later one in the text. */
  readonly offset: number;
}

/**
 * Whether any object of a JSON text has a name twice: then the text has more names than its value has members.
 * `JSON.parse` keeps the last one without a word: a second `"action": "blur"` would weaken a zone unseen. May say
 * true of a text without any, never false of a text with one.
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

/**
 * Counts the colons that follow a quote. Outside of strings these are the names; inside, a string that begins with a colon
 * or has an escaped quote before one makes it too many, never too few.
 */
function countNames(bytes: Buffer): number {
  let names = 0;
  for (let at = 1; at < bytes.length; at++) {
    if (bytes[at] !== COLON) continue;
    let before = at - 1;
    while (isBlank(bytes[before])) before -= 1;
    if (bytes[before] === QUOTE) names += 1;
  }
  return names;
}

const isBlank = (byte: number | undefined) => byte === 32 || byte === 10 || byte === 13 || byte === 9;

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

const QUOTE = 34;
const COLON = 58;
