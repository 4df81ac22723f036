import { createHash } from "node:crypto";
import type { LedgerEvent } from "./ledger-line.ts";
import { LedgerLine, MAGIC, VERSION } from "./ledger-line.ts";

/** The `prev` of the first line of a ledger. */
export const NO_LINE = "0".repeat(64);

export interface Place {
  readonly seq: number;
  readonly time: string;
  readonly prev: string;
}

/** The bytes of a line, without its LF: JSON without white space, `prev` last, then only a checkpoint's `sig`. */
export function lineText(event: LedgerEvent, { seq, time, prev }: Place): string {
  const head = event.event === "header" ? { magic: MAGIC, version: VERSION } : {};
  return JSON.stringify({ ...head, seq, time, ...event, prev });
}

/** A line with the signature of the text before it. */
export function signedText(text: string, sign: (bytes: Uint8Array) => Uint8Array): string {
  const sig = Buffer.from(sign(Buffer.from(text))).toString("hex");
  return `${text.slice(0, -1)}${SIGNATURE_START}${sig}"}`;
}

/** What the signature of a checkpoint is over, given the line's bytes. */
export function unsignedText(text: string): string {
  return `${text.slice(0, text.lastIndexOf(SIGNATURE_START))}}`;
}

const SIGNATURE_START = ',"sig":"';

export function hashOf(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A line read back, or what is wrong with it. */
export type ReadLine =
  { readonly line: LedgerLine; readonly text: string } | { readonly line: null; readonly flaw: string };

/** Reads a line as it was written, byte for byte: another spelling of the same JSON is an edit. */
export function readLine(bytes: Uint8Array): ReadLine {
  let value: unknown;
  let text: string;
  try {
    text = UTF8.decode(bytes);
    value = JSON.parse(text);
  } catch {
    return { line: null, flaw: "not a line of JSON" }; // what JSON.parse says quotes the line
  }
  if (JSON.stringify(value) !== text) return { line: null, flaw: "not JSON as the ledger writes it" };
  const parsed = LedgerLine.safeParse(value);
  if (parsed.success) return { line: parsed.data, text };
  return {
    line: null,
    flaw: versionFlaw(value) ?? `not a line of a ledger: ${placesOf(parsed.error.issues)}`,
  };
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function versionFlaw(value: unknown): string | null {
  const { magic, version } = (value ?? {}) as { magic?: unknown; version?: unknown };
  if (magic !== MAGIC || version === VERSION) return null;
  return `got ledger version ${JSON.stringify(version)}, expected ${VERSION}`;
}

function placesOf(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): string {
  const [first] = issues;
  return first === undefined ? "unknown" : `${first.message} at "${first.path.map(String).join(".")}"`;
}
