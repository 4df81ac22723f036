import type { Step } from "./mistake.ts";

/** A node of the tree of paths that are looked for. */
interface Wanted {
  /** Which of the paths end here. */
  readonly here: number[];
  readonly below: Map<Step, Wanted>;
}

/**
 * Offsets of values in a JSON text that `JSON.parse` accepts, all in one pass; nothing is built for what is not
 * asked for. The offset is that of the member's name, or of the element. Where a path leads nowhere (a missing
 * member) it is that of the deepest value that exists.
 */
export function locate(text: string, paths: readonly (readonly Step[])[]): readonly number[] {
  const offsets = paths.map(() => 0);
  const root = treeOf(paths);
  const start = skipBlank(text, 0);
  place(root, start, offsets);
  visit(text, start, root, offsets);
  return offsets;
}

function treeOf(paths: readonly (readonly Step[])[]): Wanted {
  const root = newWanted();
  for (const [index, path] of paths.entries()) {
    let node = root;
    for (const step of path) {
      const next = node.below.get(step) ?? newWanted();
      node.below.set(step, next);
      node = next;
    }
    node.here.push(index);
  }
  return root;
}

const newWanted = (): Wanted => ({ here: [], below: new Map() });

/** Puts a node and, until they are found themselves, all below it at `offset`. */
function place(node: Wanted, offset: number, offsets: number[]): void {
  for (const index of node.here) offsets[index] = offset;
  for (const next of node.below.values()) place(next, offset, offsets);
}

/** Walks the value at `start`; returns the offset after it. Its depth is that of the paths, not of the text. */
function visit(text: string, start: number, node: Wanted, offsets: number[]): number {
  const opening = text[start];
  if (node.below.size === 0 || (opening !== "{" && opening !== "[")) return skipValue(text, start);
  let at = skipBlank(text, start + 1);
  for (let index = 0; text[at] !== "}" && text[at] !== "]"; index++) {
    const member = opening === "{" ? memberAt(text, at) : { step: index, valueAt: at };
    const next = node.below.get(member.step);
    if (next) place(next, at, offsets);
    at = skipBlank(text, next ? visit(text, member.valueAt, next, offsets) : skipValue(text, member.valueAt));
    if (text[at] === ",") at = skipBlank(text, at + 1);
  }
  return at + 1;
}

function memberAt(text: string, at: number): { readonly step: string; readonly valueAt: number } {
  const end = skipString(text, at);
  const step = String(JSON.parse(text.slice(at, end)));
  return { step, valueAt: skipBlank(text, skipBlank(text, end) + 1 /* colon */) };
}

function skipValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      at = skipString(text, at) - 1;
    } else if (char === OPEN_BRACE || char === OPEN_BRACKET) depth += 1;
    else if (depth === 0 && (char === COMMA || isBlank(char))) return at;
    else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) {
      if (depth === 0) return at;
      depth -= 1;
    }
    at += 1;
  }
  return at;
}

function skipString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at + 1;
}

function skipBlank(text: string, start: number): number {
  let at = start;
  while (isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

const isBlank = (char: number) => char === 32 || char === 10 || char === 13 || char === 9;

const QUOTE = 34;
const COMMA = 44;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
