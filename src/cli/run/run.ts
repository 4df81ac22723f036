import type { Readable } from "node:stream";
import type { Observable } from "rxjs";
import { CamfenceError } from "../../core/errors.ts";
import { parseOptions } from "../arguments.ts";
import type { ServingIo } from "../ingest/ingest-serve.ts";
import type { ExitCode } from "../io.ts";
import { letHeapGrow } from "./heap-growth.ts";
import { readDaemonConfig } from "./read-config.ts";
import { startVehicle } from "./start.ts";
import { withHelp } from "../with-help.ts";

/** What the daemon needs of its process beyond other commands. */
export type DaemonIo = ServingIo & {
  /** Somebody asks to read the zone files again (SIGHUP). */
  readonly reload: Observable<unknown>;
  readonly stdin: Readable;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

const HELP = `camfence run --config camfence.yaml

Guards a vehicle: positions and cameras in, sealed segments out. Runs until SIGTERM or SIGINT, which close the gate at once,
seal what is released and sign the ledger within the configuration's stop.withinMs. SIGHUP reads the zone files again; changed
files are read by themselves, and a broken one keeps the last good set in force. Logs are JSON lines on stdout.

  --config FILE   the configuration; camfence init writes a sample with every setting explained
  --check         only check the configuration and the self-test, and end

Example: camfence init vehicle && camfence run --config vehicle/camfence.yaml
`;

const OPTIONS = {
  config: { type: "string" },
  check: { type: "boolean" },
  json: { type: "boolean" },
} as const;

/** Runs until `io.stop`. */
export const run = withHelp(HELP, async (args: readonly string[], io: DaemonIo): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (values.config === undefined || positionals.length > 0)
    throw new CamfenceError("usage", "expected --config FILE and nothing else; see --help");
  const config = await readDaemonConfig(values.config, io.stderr);
  if (values.check === true) {
    const { checkVehicle } = await import("./check-vehicle.ts");
    await checkVehicle(config, io);
    io.stdout(
      values.json === true ? '{"checked":"good"}\n' : "camfence: configuration and self-test are good\n",
    );
    return 0;
  }
  letHeapGrow();
  const vehicle = await startVehicle(config, io);
  await stopped(io.stop);
  return (await vehicle.stop()) === "in-time" ? 0 : 3;
});

function stopped(stop: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (stop?.aborted === true) resolve();
    stop?.addEventListener("abort", () => resolve());
  });
}
