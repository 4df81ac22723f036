import { CamfenceError } from "../core/errors.ts";
import type { ByteSource } from "../sources/mcap/byte-source.ts";
import { parseCameras } from "../sources/camera-option.ts";
import { isZonePath, numberOption, parseOptions } from "./arguments.ts";
import { matchCameras, parseTopics } from "./filter/camera-match.ts";
import { filterRecording } from "./filter/filter-recording.ts";
import type { FilterOptions } from "./filter/filter-recording.ts";
import { OutputMcap } from "./filter/output-mcap.ts";
import type { Write } from "./filter/output-mcap.ts";
import { packingOf } from "./filter/packing.ts";
import { filterSummary, summaryJson } from "./filter/summary.ts";
import { createTally } from "./filter/tally.ts";
import type { ExitCode, Io } from "./io.ts";
import { loadZoneSet } from "./load-zone-set.ts";
import { brokenRuleLines } from "./zones/broken-rules.ts";
import { readReplayConfig } from "./replay/replay-config.ts";
import { withHelp } from "./with-help.ts";

const HELP = `camfence filter --zones PATH… < in.mcap > out.mcap

Copies a recording without what must not be kept: restricted frames are dropped or blurred, positions inside zones
are left out, and everything else goes on as it is. Reads and writes a stream, in bounded memory.

  --zones PATH…          zone files, or folders of .geojson files
  --cameras LIST         id:yaw:hfov of each camera, degrees       [each image topic looks all around]
  --topics ID=TOPIC,…    the image topics of a camera; others are matched by /camera/ID and by frame id
  --positions TOPIC,…    the vehicle's own positions               [all LocationFix and NavSatFix topics]
  --accuracy M           95 % radius of positions for which the recording states none
  --keep-positions       leave positions inside zones where they are
  --log-times            a message without a time of its own was true when it was recorded
  --config FILE          policy and cameras, YAML or JSON
  --compression HOW      none, zstd, or like-input                 [like-input; LZ4 comes out as none]
  --memory MIB           messages may wait in so much              [256]
  --json                 the summary on stderr as one JSON document
  --help                 this text

Example: camfence filter --zones geofences/ --cameras front:0:100 < in.mcap > out.mcap

Images that match no camera, or that cannot be read, are left out, which is said on stderr. Reads
foxglove.CompressedImage, RawImage, CompressedVideo and LocationFix, and ROS's Image, CompressedImage, NavSatFix
and GPSFix, in JSON, protobuf, ROS 1 and ROS 2 (CDR).

Exit code: 0 filtered, 1 the recording is damaged (what comes out is whole) or a zone file is wrong, 2 wrong usage.
`;

const OPTIONS = {
  zones: { type: "string", multiple: true },
  cameras: { type: "string" },
  topics: { type: "string", multiple: true },
  positions: { type: "string", multiple: true },
  accuracy: { type: "string" },
  "keep-positions": { type: "boolean" },
  "log-times": { type: "boolean" },
  config: { type: "string" },
  compression: { type: "string" },
  memory: { type: "string" },
  json: { type: "boolean" },
} as const;
type Options = ReturnType<typeof parseOptions<typeof OPTIONS>>["values"];

/** A command that reads and writes bytes. */
export interface StreamIo extends Io {
  /** null where stdin is a terminal. */
  readonly input: ByteSource | null;
  /** null where stdout is a terminal. */
  readonly output: Write | null;
}

/** `camfence filter`. Throws CamfenceError for wrong usage, wrong zone files and what is no recording. */
export const run = withHelp(HELP, async (args: readonly string[], io: StreamIo): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const stray = positionals.find((path) => !isZonePath(path));
  if (stray !== undefined)
    throw new CamfenceError(
      "usage",
      `got "${stray}", expected the recording on stdin: camfence filter … < ${stray}`,
    );
  if (io.input === null || io.output === null)
    throw new CamfenceError(
      "usage",
      "expected a recording on stdin and stdout: camfence filter … < in.mcap > out.mcap",
    );
  const zonePaths = [...(values.zones ?? []), ...positionals];
  const options = await optionsOf(values, zonePaths, io, {
    input: io.input,
    output: new OutputMcap(io.output),
  });
  const tally = createTally();
  const result = await filterRecording(options, tally);
  io.stderr(values.json === true ? summaryJson(tally, result) : filterSummary(tally, result));
  return result.losses.length === 0 && result.revokedTooLate === 0 ? 0 : 1;
});

async function optionsOf(
  values: Options,
  zonePaths: readonly string[],
  io: Io,
  streams: Pick<FilterOptions, "input" | "output">,
): Promise<FilterOptions> {
  const { policy, cameras: configured } = await readReplayConfig(values.config, null);
  const cameras = values.cameras === undefined ? configured : parseCameras(values.cameras);
  const concerned = cameras === null ? "all" : "as-stated";
  const zones = await loadZoneSet(zonePaths, io.nowMs(), io, concerned, brokenRuleLines);
  return {
    ...streams,
    zones,
    policy,
    packing: packingOf(compressionOf(values.compression)),
    cameras: matchCameras(cameras, parseTopics(values.topics ?? [])),
    positionTopics: values.positions?.flatMap((text) => text.split(",")) ?? null,
    keepPositions: values["keep-positions"] === true,
    logTimes: values["log-times"] === true,
    accuracyM: values.accuracy === undefined ? null : numberOption("accuracy", values.accuracy, 0.001, 1e6),
    maxWaitingBytes: numberOption("memory", values.memory ?? "256", 1, 65_536) * 1024 * 1024,
    say: (line) => io.stderr(`camfence: ${line}\n`),
  };
}

function compressionOf(text: string | undefined): "like-input" | "none" | "zstd" {
  if (text === undefined || text === "like-input") return "like-input";
  if (text === "none" || text === "zstd") return text;
  throw new CamfenceError("usage", `--compression: got "${text}", expected none, zstd or like-input`);
}
