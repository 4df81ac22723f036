import { realpath } from "node:fs/promises";
import { formatIso } from "../../core/time.ts";
import { readOrNull } from "../../core/atomic-file.ts";
import { CamfenceError } from "../../core/errors.ts";
import type { EditAnswer } from "../../web/map/edit/edit-answer.ts";
import { EditRequest } from "../../web/map/edit/edit-request.ts";
import { makeEdit } from "../../web/map/edit/make-edit.ts";
import type { SourceFile } from "../../web/map/read-zones.ts";
import { readZones } from "../../web/map/read-zones.ts";
import { writeWhole } from "../write-file.ts";
import { lineOf } from "../zones/zones-change-line.ts";
import type { MapSession } from "./map-session.ts";

/** Writes edits of the page to their files, one at a time. */
export function mapSave(session: MapSession, nowMs: () => number): (body: unknown) => Promise<EditAnswer> {
  let before: Promise<unknown> = Promise.resolve();
  return (body) => {
    const mine = before.then(async () => saved(session, requestOf(body), nowMs()));
    before = mine.catch(() => undefined);
    return mine;
  };
}

function requestOf(body: unknown): EditRequest {
  const parsed = EditRequest.safeParse(body);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new CamfenceError("malformed", `that is no edit: ${issues.slice(0, 5).join("; ")}`);
}

async function saved(session: MapSession, request: EditRequest, nowMs: number): Promise<EditAnswer> {
  // Anew from the disk: what the page drew may be long ago.
  const { state, files } = await readZones(session.pathsNow(), nowMs);
  const shown = state.files.findIndex(({ file }) => file === request.file);
  const readOnly = state.files[shown]?.readOnly ?? null;
  if (readOnly !== null) return { outcome: "refused", why: readOnly, mistakes: [] };
  const target = files[shown] ?? (await newFile(session, request.file, state.set?.expires, nowMs));
  if (target === null)
    return {
      outcome: "refused",
      why: `${request.file} is none of the files on the map, nor --save-to`,
      mistakes: [],
    };
  const { answer, bytes } = makeEdit(request, {
    files,
    target,
    nowMs,
    lineOf: (change) => lineOf(change, new Set(request.confirmed)),
  });
  if (answer.outcome !== "allowed" || bytes === null || request.action === "preview") return answer;
  await writeWhole(await realPathOf(target.file), bytes.toString("utf8"));
  await session.refresh();
  return { ...answer, outcome: "saved" };
}

/** Through links, so that the file is replaced and not the link. */
async function realPathOf(file: string): Promise<string> {
  return (await readOrNull(file)) === null ? file : realpath(file);
}

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** The first text of the file that new zones go to. */
async function newFile(
  { saveTo }: MapSession,
  file: string,
  expires: string | undefined,
  nowMs: number,
): Promise<SourceFile | null> {
  if (saveTo === null || file !== saveTo || (await readOrNull(saveTo)) !== null) return null;
  const camfence = {
    version: 1,
    datum: "wgs84",
    issued: formatIso(nowMs),
    expires: expires ?? formatIso(nowMs + YEAR_MS),
    issuer: "drawn with camfence map",
  };
  const text = `${JSON.stringify({ type: "FeatureCollection", camfence, features: [] }, null, 2)}\n`;
  return { file, bytes: Buffer.from(text) };
}
