import * as z from "zod";
import { messageOf } from "../../core/errors.ts";
import { loadZoneBytes } from "../load-zones.ts";
import type { FileReport } from "../load-zones.ts";
import { compileZoneSet } from "../zone-set.ts";
import { UpdateError } from "./update-error.ts";
import type { ZoneFormat } from "./zone-format.ts";

const MAGIC = "camfence zone pack 1\n";
const MAX_LIST_BYTES = 1_000_000;
const List = z
  .array(z.strictObject({ name: z.string().min(1).max(255), bytes: z.int().min(0) }))
  .min(1)
  .max(10_000);

/** A file of a pack: its name is for messages only. */
export interface PackedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Zone files, as they are, behind a line that lists them: equal files give equal bytes, whatever their order. */
export function packZoneFiles(files: readonly PackedFile[]): Buffer {
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const list = sorted.map(({ name, bytes }) => ({ name, bytes: bytes.length }));
  return Buffer.concat([
    Buffer.from(`${MAGIC}${JSON.stringify(list)}\n`),
    ...sorted.map(({ bytes }) => bytes),
  ]);
}

export const packFormat: ZoneFormat = {
  name: "camfence zone pack 1",
  claims: (bytes) => bytes.toString("latin1", 0, MAGIC.length) === MAGIC,
  load(bytes, options) {
    const files = unpack(bytes).map(({ name, bytes: content }) => ({ file: name, bytes: content }));
    const load = loadZoneBytes(files, options);
    if (load.outcome === "loaded") return compileZoneSet(load.content);
    throw new UpdateError("zones-invalid", `the set has mistakes: ${rulesOf(load.reports)}`);
  },
};

function unpack(bytes: Buffer): readonly PackedFile[] {
  const end = bytes.subarray(0, MAGIC.length + MAX_LIST_BYTES).indexOf("\n", MAGIC.length);
  if (end < 0) throw new UpdateError("malformed", "the zone pack has no list of its files");
  const files: PackedFile[] = [];
  let at = end + 1;
  for (const { name, bytes: length } of listOf(bytes.toString("utf8", MAGIC.length, end))) {
    files.push({ name, bytes: bytes.subarray(at, at + length) });
    at += length;
  }
  if (at === bytes.length) return files;
  throw new UpdateError("malformed", `the zone pack lists ${at} bytes and has ${bytes.length}`);
}

function listOf(text: string): z.infer<typeof List> {
  try {
    return List.parse(JSON.parse(text));
  } catch (thrown) {
    throw new UpdateError("malformed", `the zone pack's list: ${messageOf(thrown)}`, thrown);
  }
}

/** The rules that were broken, and how often: what was got may be a coordinate, and stays in the file. */
function rulesOf(reports: readonly FileReport[]): string {
  const counts = new Map<string, number>();
  const errors = reports.flatMap(({ mistakes }) => mistakes).filter(({ severity }) => severity === "error");
  for (const { rule } of errors) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts].map(([rule, count]) => `${rule} × ${count}`).join(", ");
}
