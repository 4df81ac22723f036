import { CamfenceError } from "../core/errors.ts";
import { formatIso, parseIsoMs } from "../core/time.ts";
import { parseCameras } from "../sources/camera-option.ts";
import { numberOption, isZonePath, parseOptions } from "./arguments.ts";
import type { ExitCode, Io } from "./io.ts";
import { loadZoneSet } from "./load-zone-set.ts";
import { explanationText } from "./explain.ts";
import { judgePlace } from "./judge-place.ts";
import { withHelp } from "./with-help.ts";

const HELP = `camfence verdict --zones PATH… --at LAT,LON

What would happen to a frame taken here, and why: the action and its reason, the zones with their
distances, how far the next restriction is, and the region.

  --zones PATH…    zone files, or folders of .geojson files
  --at LAT,LON     the position, WGS 84 degrees
  --accuracy M     95 % radius of the position                    [15]
  --heading D      where the vehicle points, degrees from north   [unknown: any]
  --cameras LIST   id:yaw:hfov of each camera, degrees            [front:0:100]
  --time ISO       when                                           [now]
  --json           one JSON document on stdout
  --help           this text

Example: camfence verdict --zones geofences/ --at 37.4217,-122.0846 --heading 90

Exit code: 0 judged, 1 a zone file is wrong, 2 wrong usage or a file that cannot be read.
`;

const OPTIONS = {
  zones: { type: "string", multiple: true },
  at: { type: "string" },
  accuracy: { type: "string" },
  heading: { type: "string" },
  cameras: { type: "string" },
  time: { type: "string" },
  json: { type: "boolean" },
} as const;

export const verdict = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(joinedNegatives(args), OPTIONS);
  const stray = positionals.find((path) => !isZonePath(path));
  if (stray !== undefined)
    throw new CamfenceError("usage", `got "${stray}", expected only options; see --help`);
  const timeMs = timeOf(values.time, io);
  const { accuracy, heading } = values;
  const at = {
    ...positionOf(values.at),
    accuracyM: accuracy === undefined ? null : numberOption("accuracy", accuracy, 0, 1e6),
    headingDeg: heading === undefined ? null : numberOption("heading", heading, -360, 360),
    timeMs,
  };
  const cameras = parseCameras(values.cameras ?? "front:0:100");
  const set = await loadZoneSet([...(values.zones ?? []), ...positionals], timeMs, io);
  const explanation = judgePlace(set, at, cameras);
  io.stdout(
    values.json === true ? `${JSON.stringify(explanation, null, 2)}\n` : explanationText(explanation),
  );
  return 0;
});

/** `--at -33.9,18.4` looks like two options: the value is joined to its option. */
function joinedNegatives(args: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const option = joined.at(-1);
    if (option !== undefined && /^--(at|heading)$/.test(option) && /^-\d/.test(arg)) {
      joined[joined.length - 1] = `${option}=${arg}`;
    } else joined.push(arg);
  }
  return joined;
}

function positionOf(text: string | undefined): { readonly latDeg: number; readonly lonDeg: number } {
  const [lat, lon, ...more] = (text ?? "").split(",");
  if (lat === undefined || lon === undefined || more.length > 0) {
    throw new CamfenceError(
      "usage",
      `--at: got "${text ?? "nothing"}", expected LAT,LON, such as 37.4217,-122.0846`,
    );
  }
  return { latDeg: numberOption("at", lat, -90, 90), lonDeg: numberOption("at", lon, -180, 180) };
}

function timeOf(text: string | undefined, io: Io): number {
  const timeMs = text === undefined ? io.nowMs() : parseIsoMs(text);
  if (Number.isFinite(timeMs)) return timeMs;
  throw new CamfenceError("usage", `--time: got "${text}", expected a time such as ${formatIso(io.nowMs())}`);
}
