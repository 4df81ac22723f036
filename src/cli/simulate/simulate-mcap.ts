import jsonSchemas from "@foxglove/schemas/jsonschema.js";
import type { FrameArrival, SimulatedDrive } from "../../../simulator/index.ts";
import { createImageMessages } from "../../buffer/mcap/image-messages.ts";
import { createJsonMessages } from "../../buffer/mcap/json-messages.ts";
import { McapFile } from "../../buffer/mcap/mcap-file.ts";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import { CIRCULAR_95_PER_SIGMA } from "../../sources/accuracy.ts";
import type { Fix, GnssReport } from "../../sources/fix.ts";
import { isBroken } from "../../sources/frame.ts";
import type { PixelSource } from "../../../simulator/index.ts";

/** The whole of a report, as no standard message holds it. */
const REPORT_SCHEMA = {
  name: "camfence.GnssReport",
  schema: {
    title: "camfence.GnssReport",
    description: "What the receiver said, as the guard had it; quality none: that it has no position.",
    type: "object",
    properties: {
      timeMs: { type: "number" },
      arrivedMs: { type: "number" },
      quality: { type: "string" },
      latDeg: { type: "number" },
      lonDeg: { type: "number" },
      accuracyM: { type: ["number", "null"] },
      speedMps: { type: ["number", "null"] },
      courseDeg: { type: ["number", "null"] },
    },
    required: ["timeMs", "arrivedMs", "quality"],
  },
};

/**
 * Writes a simulated drive as MCAP: `foxglove.LocationFix` on `/gnss/fix` and the whole report on `/gnss/report`, at the
 * times of their arrival; images on `/camera/<id>` at the frames' times. Broken frames have no image. Throws `usage` where
 * the file cannot be written.
 */
export async function writeDriveMcap(
  path: string,
  drive: SimulatedDrive,
  pixels?: PixelSource,
): Promise<void> {
  const file = await openMcap(path);
  const { writer } = file;
  const image = createImageMessages(writer);
  const fixes = createJsonMessages(writer, { name: "foxglove.LocationFix", schema: jsonSchemas.LocationFix });
  const reports = createJsonMessages(writer, REPORT_SCHEMA);
  const add = async (message: Parameters<typeof writer.addMessage>[0]): Promise<void> => {
    if (!writer.fits(message)) await file.flush();
    writer.addMessage(message);
  };
  let seq = 0;
  for (const next of inOrder(drive, pixels)) {
    if ("frame" in next) {
      if (!isBroken(next.frame) && next.frame.timeMs >= 0) await add(image(next.frame));
      continue;
    }
    const arrivedMs = drive.clockAt(next.arrivedMs);
    const at = { timeMs: arrivedMs, seq: seq++ };
    await add(reports("/gnss/report", at, { ...next.report, arrivedMs }));
    if (next.report.quality !== "none") await add(fixes("/gnss/fix", at, locationFix(next.report)));
  }
  await file.close();
}

async function openMcap(path: string): Promise<McapFile> {
  try {
    return await McapFile.create(path);
  } catch (cause) {
    throw new CamfenceError("usage", `--out ${path}: cannot be written to: ${messageOf(cause)}`, { cause });
  }
}

type Arrived = FrameArrival | { readonly arrivedMs: number; readonly report: GnssReport };

function* inOrder(drive: SimulatedDrive, pixels: PixelSource | undefined): Generator<Arrived> {
  let next = 0;
  for (const frame of drive.frames(pixels)) {
    for (let report = drive.reports[next]; report !== undefined && report.arrivedMs <= frame.arrivedMs;) {
      yield report;
      report = drive.reports[++next];
    }
    yield frame;
  }
  yield* drive.reports.slice(next);
}

function locationFix(fix: Fix): object {
  const sec = Math.floor(fix.timeMs / 1000);
  const variance = fix.accuracyM === null ? 0 : (fix.accuracyM / CIRCULAR_95_PER_SIGMA) ** 2;
  return {
    timestamp: { sec, nsec: Math.round((fix.timeMs - 1000 * sec) * 1e6) % 1e9 },
    frame_id: "gnss",
    latitude: fix.latDeg,
    longitude: fix.lonDeg,
    altitude: 0,
    position_covariance: [variance, 0, 0, 0, variance, 0, 0, 0, 4 * variance],
    // 2: the diagonal is known; 0: nothing is.
    position_covariance_type: fix.accuracyM === null ? 0 : 2,
  };
}
