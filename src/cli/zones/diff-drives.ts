import { parseCameras } from "../../sources/camera-option.ts";
import { readDrive } from "../../sources/drive.ts";
import type { VerdictRecord } from "../../gate/record.ts";
import type { Action } from "../../gate/verdict.ts";
import { compileZoneSet } from "../../zones/zone-set.ts";
import type { ZoneSetContent } from "../../zones/zone.ts";
import { readReplayConfig } from "../replay/replay-config.ts";
import { replayDrive } from "../replay/replay-drive.ts";
import { framesOf } from "../replay/replay-frames.ts";
import { timeLines } from "../replay/time-lines.ts";

/** What becomes of one drive's frames. */
export interface DriveChange {
  readonly drive: string;
  readonly frames: number;
  /** Frames that would be released, or released less blurred, than before. */
  readonly weaker: number;
  readonly stricter: number;
  /** The zones of the earlier verdicts of weaker frames, or their reasons, with the numbers of frames. */
  readonly zones: Readonly<Record<string, number>>;
}

export interface DriveOptions {
  readonly cameras: string;
  readonly fps: number;
}

const STRENGTH: Readonly<Record<Action, number>> = { pass: 0, blur: 1, drop: 2 };

/** Plays a drive with both sets and compares the verdicts of each frame. */
export async function compareDrive(
  drive: string,
  [before, after]: readonly [ZoneSetContent, ZoneSetContent],
  options: DriveOptions,
): Promise<DriveChange> {
  const [was, is] = [await verdictsOf(drive, before, options), await verdictsOf(drive, after, options)];
  let [weaker, stricter] = [0, 0];
  const zones: Record<string, number> = {};
  for (const [key, record] of was) {
    const change = STRENGTH[is.get(key)?.action ?? "drop"] - STRENGTH[record.action];
    if (change > 0) stricter += 1;
    if (change >= 0) continue;
    weaker += 1;
    for (const id of blamed(record)) zones[id] = (zones[id] ?? 0) + 1;
  }
  return { drive, frames: was.size, weaker, stricter, zones };
}

/** The margin of leaving late is drawn for each crossing: such a frame says nothing about the zone. */
const blamed = ({ reason, zones }: VerdictRecord) =>
  reason === "leaving" || zones.length === 0 ? [reason] : zones;

async function verdictsOf(path: string, content: ZoneSetContent, { cameras, fps }: DriveOptions) {
  const { reports } = await readDrive(path, {});
  const lines = timeLines(reports);
  const mounted = parseCameras(cameras);
  const records = new Map<string, VerdictRecord>();
  await replayDrive({
    lines,
    zones: compileZoneSet(content),
    cameras: mounted,
    framesOf: (line) => framesOf(line, lines, mounted, new Map(), fps),
    policy: (await readReplayConfig(undefined)).policy,
    onOutcome: ({ record }) => void records.set(`${record.timeMs} ${record.camera} ${record.seq}`, record),
    onRevocation: ({ afterMs, untilMs }) => revoke(records, afterMs, untilMs),
    onProgress: () => undefined,
  });
  return records;
}

/** What was released and then taken back is as good as dropped. */
function revoke(records: Map<string, VerdictRecord>, afterMs: number, untilMs: number): void {
  for (const [key, record] of records)
    if (record.action !== "drop" && record.timeMs > afterMs && record.timeMs <= untilMs)
      records.set(key, { ...record, action: "drop" });
}
