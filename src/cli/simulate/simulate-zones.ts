import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DriveEvent, Scenario, ZoneSetTruth } from "../../../simulator/index.ts";
import { zoneFilesOf } from "../../../simulator/index.ts";
import { CamfenceError } from "../../core/errors.ts";
import { compiledFile } from "../../zones/compiled/write-compiled.ts";
import { loadZoneBytes, loadZones } from "../../zones/load-zones.ts";
import type { ZoneLoad } from "../../zones/load-zones.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import { compileZoneSet } from "../../zones/zone-set.ts";

type Text = ReturnType<typeof zoneFilesOf>[number];
type Given = Scenario["zones"]["given"];

/** The compiled set of the drive's zones, by way of their zone files. Throws `zones-invalid` for what is none. */
export function compiledZones(set: ZoneSetTruth, nowMs: number): ZoneSet {
  return setOf(loadTexts(zoneFilesOf(set), nowMs));
}

/** How the zones of a drive come to its guard: as texts, or by way of a folder on the disk. */
export interface ZoneReader {
  /** What is in force. Throws `zones-invalid` for what no vehicle would take. */
  read(set: ZoneSetTruth, nowMs: number): ZoneSet | Promise<ZoneSet>;
  /** What a vehicle gets out of files that arrive in mid-drive; null where they are refused as files. */
  arrived(
    event: Extract<DriveEvent, { kind: "zones" }>,
    nowMs: number,
  ): ZoneSet | null | Promise<ZoneSet | null>;
  close(): Promise<void>;
}

export function createZoneReader(given: Given): ZoneReader {
  return given === "text" ? textReader : createDiskReader(given);
}

const textReader: ZoneReader = {
  read: compiledZones,
  arrived: (event, nowMs) => setOrNone(loadTexts(arrivedTexts(event), nowMs)),
  close: async () => {},
};

/** What the files were is replaced as a whole, in the one folder that the vehicle looks at. */
function createDiskReader(given: "files" | "compiled"): ZoneReader {
  let folder: string | null = null;
  const load = async (texts: readonly Text[], nowMs: number): Promise<ZoneLoad> => {
    if (folder !== null) await rm(folder, { recursive: true });
    folder = await mkdtemp(join(tmpdir(), "camfence-simulated-"));
    for (const { file, text } of texts) await writeFile(join(folder, file), text);
    const loaded = await loadZones([folder], { nowMs, expired: "accept" });
    if (given === "files" || loaded.outcome === "refused") return loaded;
    const path = join(folder, "simulated.zoneset");
    await writeFile(path, Buffer.concat(compiledFile(loaded.content)));
    return loadZones([path], { nowMs, expired: "accept" });
  };
  return {
    read: async (set, nowMs) => setOf(await load(zoneFilesOf(set), nowMs)),
    arrived: async (event, nowMs) => setOrNone(await load(arrivedTexts(event), nowMs)),
    async close() {
      if (folder !== null) await rm(folder, { recursive: true });
      folder = null;
    },
  };
}

/** A broken file was cut off on its way. */
function arrivedTexts({ set, is }: Extract<DriveEvent, { kind: "zones" }>): readonly Text[] {
  const texts = zoneFilesOf(set);
  return is === "broken" ? texts.map(({ file, text }) => ({ file, text: cutOff(text) })) : texts;
}

function cutOff(text: string): string {
  return text.slice(0, Math.floor(text.length * 0.7));
}

function loadTexts(texts: readonly Text[], nowMs: number): ZoneLoad {
  const files = texts.map(({ file, text }) => ({ file, bytes: Buffer.from(text) }));
  return loadZoneBytes(files, { nowMs, expired: "accept" });
}

function setOrNone(load: ZoneLoad): ZoneSet | null {
  return load.outcome === "loaded" ? compileZoneSet(load.content) : null;
}

function setOf(load: ZoneLoad): ZoneSet {
  const set = setOrNone(load);
  if (set !== null) return set;
  const mistakes = load.reports.flatMap((report) =>
    report.mistakes.filter(({ severity }) => severity === "error"),
  );
  const lines = mistakes.map(({ file, line, path, got, expected }) => {
    return `the scenario's zones: ${file}:${line}: ${path}: got ${got}, expected ${expected}`;
  });
  throw new CamfenceError("zones-invalid", lines.join("\n"));
}
