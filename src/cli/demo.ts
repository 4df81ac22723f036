import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CamfenceError } from "../core/errors.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import { parseOptions } from "./arguments.ts";
import type { DemoCentre } from "./demo/demo-centre.ts";
import { startCentre } from "./demo/demo-centre.ts";
import { demoEnd, demoTable } from "./demo/demo-end.ts";
import { makeVehicle } from "./demo/demo-vehicle.ts";
import type { ExitCode, Io } from "./io.ts";
import { JOB_HELP, JOB_OPTIONS, replayJob } from "./replay/replay-job.ts";
import { replayOne } from "./replay/replay-one.ts";
import { summaryTable } from "./replay/summary-table.ts";
import { withHelp } from "./with-help.ts";

const HELP = `camfence demo DRIVE --zones PATH… --out DIR

The whole way on one machine: plays a drive through the gate as \`camfence replay\` does, seals what is released, sends
it to a data centre of its own on the loopback, opens there what arrived, and verifies the ledger.

${JOB_HELP}
  --region ID        the data centre's region                        [the first of the zone files]
  --out DIR          the files of a replay, and vehicle/ and data-centre/ with all their keys
  --json             one JSON document on stdout
  --help             this text

Example: camfence demo drive.nmea --zones geofences/ --cameras front:0:100 --out out/demo

Exit code: 0 all that was sealed for the region arrived and opens, and the ledger is sound; 1 not so, or a drive or a
zone file is wrong; 2 wrong usage or a file that cannot be read.
`;

const OPTIONS = {
  ...JOB_OPTIONS,
  region: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean" },
} as const;

/** The `camfence demo` command. */
export const demo = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const job = await replayJob(values, positionals);
  const [drive = "", ...more] = job.drives;
  const { out } = values;
  if (out === undefined || more.length > 0)
    throw new CamfenceError("usage", "expected one drive and --out DIR; see --help");
  const folders = await makeFolders(out);
  const vehicle = await makeVehicle(folders.vehicle, io);
  const centres: DemoCentre[] = [];
  try {
    const summary = await replayOne(drive, job, out, io, {
      async open(options, clock, zones) {
        const centre = await startCentre(folders.centre, values.region ?? regionOf(zones), io);
        centres.push(centre);
        return vehicle.open(options, clock, [centre.region]);
      },
      idle: () => vehicle.idle(),
    });
    await vehicle.close();
    const end = await demoEnd(vehicle, centres, io);
    if (values.json === true) io.stdout(`${JSON.stringify({ ...summary, ...end }, null, 2)}\n`);
    else io.stdout(summaryTable(summary, out, io.colour) + demoTable(end));
    return end.isFine ? 0 : 1;
  } finally {
    await vehicle.close();
    for (const centre of centres) await centre.stop();
  }
});

function regionOf({ regions }: ZoneSet): string {
  const [first] = regions;
  if (first !== undefined) return first.region;
  throw new CamfenceError(
    "usage",
    "got zone files without a region, expected a feature of kind region, or --region ID",
  );
}

const MARK = ".camfence-demo";

/** A demo before this one left its folders: they make place, but nobody else's do. */
async function makeFolders(out: string): Promise<{ readonly vehicle: string; readonly centre: string }> {
  const folders = { vehicle: join(out, "vehicle"), centre: join(out, "data-centre") };
  for (const folder of Object.values(folders)) {
    if (existsSync(folder) && !existsSync(join(folder, MARK)))
      throw new CamfenceError("usage", `--out: got ${folder}, which is no demo's, expected another folder`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(join(folder, MARK), "");
  }
  return folders;
}
