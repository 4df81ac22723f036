import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { platform } from "node:os";
import { asyncScheduler } from "rxjs";
import { CamfenceError } from "../core/errors.ts";
import { parseCameras } from "../sources/camera-option.ts";
import { serveMap } from "../web/map/map-server.ts";
import { readPageFiles } from "../web/map/page-files.ts";
import { numberOption, isZonePath, parseOptions } from "./arguments.ts";
import type { ExitCode, Io } from "./io.ts";
import { judgeDrives } from "./map/map-drives.ts";
import { mapQuestions } from "./map/map-questions.ts";
import { mapSave } from "./map/map-save.ts";
import { openMapSession } from "./map/map-session.ts";
import { openBrowser } from "./map/open-browser.ts";
import { withHelp } from "./with-help.ts";

const HELP = `camfence map ZONES…

A map of zone files in your browser, to look at and to edit: zones with how far they restrict, what is wrong with the
files, and what would happen at any place. Served on this machine only, to whoever has the printed address; nothing is
fetched from elsewhere, and nothing leaves. The page follows the files as they change. What is edited is written to its
file only where zones check finds the whole set good, and what protects less only when the zone's id was typed.

  ZONES              zone files, folders of .geojson files, or one compiled set
  --drive DRIVE…     drives as replay takes them, coloured by what happens to their frames; or a replay's verdicts.jsonl
  --cameras LIST     id:yaw:hfov of each camera, degrees      [the drive's own, or front:0:100]
  --save-to FILE     a zone file for zones that are drawn, made when it is not there
  --port N           where to listen                          [any that is free]
  --open             open the browser, too
  --help             this text

Example: camfence map geofences/ --drive drive.nmea --cameras front:0:100,rear:180:120 --open

Ends by Ctrl-C or SIGTERM. Exit code: 0 served, 1 a zone file or a drive is wrong beyond showing, 2 wrong usage, a file
that cannot be read, or a port that is taken. Zone files with mistakes are shown with them.
`;

const OPTIONS = {
  drive: { type: "string", multiple: true },
  cameras: { type: "string" },
  "save-to": { type: "string" },
  port: { type: "string" },
  open: { type: "boolean" },
} as const;

export interface MapIo extends Io {
  /** Ends the command. */
  readonly stop: AbortSignal;
}

/** `camfence map`. Throws CamfenceError for wrong usage, and for files that cannot be read. */
export const run = withHelp(HELP, async (args: readonly string[], io: MapIo): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const { paths, drives } = sorted(positionals, values.drive ?? []);
  const port = numberOption("port", values.port ?? "0", 0, 65_535);
  const cameras = values.cameras === undefined ? null : parseCameras(values.cameras);
  const page = await readPageFiles();
  const warn = (line: string) => io.stderr(`camfence: warning: ${line}\n`);
  const session = await openMapSession(
    {
      paths,
      saveTo: values["save-to"] ?? null,
      cameras: cameras ?? parseCameras("front:0:100"),
      nowMs: io.nowMs,
      judge: (zones) => judgeDrives({ drives, cameras, warn }, zones),
    },
    asyncScheduler,
  );
  const server = await serveMap({
    port,
    token: randomBytes(16).toString("base64url"),
    page,
    answers: { questions: mapQuestions(session, io.nowMs), save: mapSave(session, io.nowMs) },
    events: session.events,
  });
  io.stdout(`${server.url}\n`);
  io.stderr("camfence: the map is served to whoever has this address, on this machine only; Ctrl-C ends\n");
  if (values.open === true && !(await openBrowser(server.url, platform())))
    warn("no browser could be asked to open it; open the address yourself");
  if (!io.stop.aborted) await once(io.stop, "abort");
  session.close();
  server.close();
  return 0;
});

/** Several drives may follow one `--drive`. */
function sorted(positionals: readonly string[], named: readonly string[]) {
  const more = named.length === 0 ? [] : positionals.filter((path) => !isZonePath(path));
  const paths = positionals.filter((path) => !more.includes(path));
  if (paths.length === 0)
    throw new CamfenceError("usage", "got no zone files, expected files or folders of them; see --help");
  return { paths, drives: [...named, ...more] };
}
