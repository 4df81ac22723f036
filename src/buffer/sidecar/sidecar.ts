import { CamfenceError } from "../../core/errors.ts";
import type { Files } from "../disk/files.ts";
import { readUpTo, withFile, writeAll } from "../disk/files.ts";
import { createRecordSealer, openRecords } from "./sealed-records.ts";
import { Summary } from "./summary.ts";

/** Of a sidecar that says nothing but its summary; far more than any summary takes. */
const SUMMARY_READ_BYTES = 8 * 1024;

/** Writes a sidecar durably: its summary, then the notes of its frames. Nothing is there under `name` until it is whole. */
export async function writeSidecar(
  files: Files,
  deviceKey: Buffer,
  name: string,
  { summary, notes }: { readonly summary: Summary; readonly notes: Uint8Array },
): Promise<number> {
  const sealer = createRecordSealer("sidecar", summary.id, deviceKey);
  const first = sealer.seal(Buffer.from(JSON.stringify(summary)));
  const bytes = Buffer.concat([sealer.head, first, sealer.seal(notes)]);
  const partial = `${name}.partial`;
  await files.remove(partial);
  await withFile(files, partial, "create", async (file) => {
    await writeAll(file, bytes, 0);
    await file.sync();
  });
  await files.rename(partial, name);
  return bytes.length;
}

/** The summary of a sidecar and the file's size; throws what `openRecords` does, or the disk's error. */
export async function readSummary(
  files: Files,
  deviceKey: Buffer,
  name: string,
  id: string,
): Promise<{ readonly summary: Summary; readonly bytes: number }> {
  return withFile(files, name, "read", async (file) => {
    const bytes = await file.size();
    const start = await readUpTo(file, Math.min(bytes, SUMMARY_READ_BYTES), 0);
    const [first] = openRecords("sidecar", id, deviceKey, start);
    const whole = first ?? openRecords("sidecar", id, deviceKey, await readUpTo(file, bytes, 0))[0];
    return { summary: parseSummary(whole, id), bytes };
  });
}

/** The packed notes of a sidecar's frames. Throws as `readSummary`. */
export async function readNotes(files: Files, deviceKey: Buffer, name: string, id: string): Promise<Buffer> {
  const bytes = await withFile(files, name, "read", async (file) => readUpTo(file, await file.size(), 0));
  const [, notes] = openRecords("sidecar", id, deviceKey, bytes);
  if (notes === undefined) throw new CamfenceError("cut-off", `sidecar of ${id} ends before its frames`);
  return notes;
}

function parseSummary(record: Buffer | undefined, id: string): Summary {
  if (record === undefined) throw new CamfenceError("cut-off", `sidecar of ${id} ends before its summary`);
  return Summary.parse(JSON.parse(record.toString("utf8")));
}
