import { CamfenceError } from "../../core/errors.ts";
import { compiledFile } from "../../zones/compiled/write-compiled.ts";
import { loadZones } from "../../zones/load-zones.ts";
import { stripContent } from "../../zones/rollout/strip-content.ts";
import { sealSet } from "../../zones/update/sealed-set.ts";
import { parseOptions } from "../arguments.ts";
import type { ExitCode, Io } from "../io.ts";
import { formatReports } from "./zones-report.ts";
import { describeContent } from "./zones-summary.ts";
import { writeFileInPieces } from "../write-file.ts";
import { withHelp } from "../with-help.ts";

const HELP = `camfence zones build PATH… --out FILE

Compiles zone files, and the .geojson files of folders, to one file that loads by one read, without
parsing; it is accepted wherever zone files are. Equal files give equal bytes.

  --out FILE        where to write it; an older one is replaced as a whole
  --strip           leave out the categories of the zones, and so what its places are; names, notes and file names are in
                    no compiled set. No verdict changes: the view distance of a category is kept. Ids stay, since verdicts
                    and ledgers name them
  --recipient AGE   encrypt to an age recipient (age1…), of the fleet or of a vehicle; repeatable. To open it:
                    age -d -i KEY FILE
  --json            one JSON document on stdout
  --help            this text

Example: camfence zones build geofences/ --strip --out out/geofences.zoneset

Exit code: 0 built, 1 the zone files have mistakes, 2 wrong usage or a file that cannot be read.
`;

const OPTIONS = {
  out: { type: "string" },
  strip: { type: "boolean" },
  recipient: { type: "string", multiple: true },
  json: { type: "boolean" },
} as const;

export const run = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const { out, recipient = [] } = values;
  if (out === undefined || positionals.length === 0) {
    throw new CamfenceError("usage", "expected zone files or folders, and --out FILE; see --help");
  }
  const load = await loadZones(positionals, { nowMs: io.nowMs() });
  io.stderr(formatReports(load.reports, false));
  if (load.outcome === "refused") return 1;
  const content = values.strip === true ? stripContent(load.content) : load.content;
  const pieces = compiledFile(content);
  const sealed = recipient.length > 0 ? [await sealSet(Buffer.concat(pieces), recipient)] : pieces;
  const bytes = await writeFileInPieces(out, sealed);
  io.stdout(
    values.json === true
      ? `${JSON.stringify({ file: out, bytes, hash: content.hash, zones: content.zones.length }, null, 2)}\n`
      : `${describeContent(content)}\n${out}: ${(bytes / 1e6).toFixed(1)} MB\n`,
  );
  return 0;
});
