import { CamfenceError } from "../core/errors.ts";
import { formatIso, parseIsoMs } from "../core/time.ts";
import { nodeFiles } from "../buffer/disk/node-files.ts";
import type { KeyProvider } from "../buffer/key-provider.ts";
import { KEY_VARIABLE, environmentKey, keyFile, systemdCredential } from "../buffer/key-provider.ts";
import { totalOf } from "../buffer/counts.ts";
import type { Segment } from "../buffer/segment-store.ts";
import type { SegmentVault } from "../buffer/segment-vault.ts";
import { openVault } from "../buffer/segment-vault.ts";
import { verifyBuffer } from "../buffer/verify.ts";
import { statSync } from "node:fs";
import { parseOptions } from "./arguments.ts";
import type { ExitCode, Io } from "./io.ts";
import { withHelp } from "./with-help.ts";

const HELP = `camfence buffer COMMAND DIR [--key-file FILE]

  ls       the finished segments, oldest first
  verify   compare every segment with its sidecar and its hash; name what a crash or another hand left
  purge    destroy segments: what opens them is overwritten, then they are removed

  --key-file FILE    device key, 64 hexadecimal digits, mode 0600; without it: the systemd credential
                     camfence-device-key, or the variable ${KEY_VARIABLE}
  --before ISO       purge: segments whose last frame is older than this
  --region ID        purge: segments of this region; "none" for those that are held
  --all              purge: all of them
  --json             one JSON document on stdout
  --help             this text

Example: camfence buffer ls /var/lib/camfence --key-file /etc/camfence/device.key

A running daemon is not disturbed: what it is writing is left alone.
Exit code: 0 fine, 1 something is wrong with a segment, 2 wrong usage.
`;

const OPTIONS = {
  "key-file": { type: "string" },
  before: { type: "string" },
  region: { type: "string" },
  all: { type: "boolean" },
  json: { type: "boolean" },
} as const;
type Options = ReturnType<typeof parseOptions<typeof OPTIONS>>["values"];
export type Environment = Readonly<Record<string, string | undefined>>;

type Action = (vault: SegmentVault, dir: string, options: Options, io: Io) => Promise<ExitCode>;

/** `camfence buffer …`. Throws CamfenceError for wrong usage, and for a key or a folder that cannot be read. */
export const run = withHelp(
  HELP,
  async (args: readonly string[], io: Io, environment: Environment = {}): Promise<ExitCode> => {
    const { values, positionals } = parseOptions(args, OPTIONS);
    const [name = "", dir, ...more] = positionals;
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (action === undefined)
      throw usage(`got ${name === "" ? "no command" : `command ${name}`}, expected ls, verify or purge`);
    if (dir === undefined || more.length > 0) throw usage("expected one buffer folder");
    if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw new CamfenceError("unreadable", `${dir} is no folder`, { file: dir });
    }
    const deviceKey = await keyProvider(values["key-file"], environment).key();
    const { vault } = await openVault({ files: await nodeFiles(dir), deviceKey, start: "look" });
    return action(vault, dir, values, io);
  },
);

const ACTIONS: Readonly<Record<string, Action>> = { ls, verify, purge };

function keyProvider(path: string | undefined, environment: Environment): KeyProvider {
  if (path !== undefined) return keyFile(path);
  return environment["CREDENTIALS_DIRECTORY"] === undefined
    ? environmentKey(environment)
    : systemdCredential(environment);
}

async function ls(vault: SegmentVault, _dir: string, { json }: Options, io: Io): Promise<ExitCode> {
  const segments = vault.list();
  if (json === true) io.stdout(`${JSON.stringify(segments, null, 2)}\n`);
  else io.stdout(`${segments.map((segment) => `${line(segment)}\n`).join("")}${summaryLine(segments)}\n`);
  return 0;
}

async function verify(vault: SegmentVault, dir: string, { json }: Options, io: Io): Promise<ExitCode> {
  const report = await verifyBuffer(await nodeFiles(dir), vault);
  if (json === true) io.stdout(`${JSON.stringify(report, null, 2)}\n`);
  else {
    io.stdout(report.findings.map(({ name, what }) => `${name}: ${what}\n`).join(""));
    io.stdout(
      `${report.good} segment${report.good === 1 ? "" : "s"} good, ${report.findings.length} findings\n`,
    );
  }
  return report.findings.some(({ isWrong }) => isWrong) ? 1 : 0;
}

async function purge(vault: SegmentVault, _dir: string, options: Options, io: Io): Promise<ExitCode> {
  const isChosen = chooser(options);
  const destroyed: Segment[] = [];
  let failures = 0;
  for (const { id } of vault.list().filter(isChosen)) {
    const outcome = await vault.destroy(id, "purged");
    if (outcome.kind === "destroyed") destroyed.push(outcome.segment);
    if (outcome.kind === "failed") io.stderr(`camfence buffer purge: ${id}: ${outcome.detail}\n`);
    if (outcome.kind === "failed") failures++;
  }
  if (options.json === true) io.stdout(`${JSON.stringify({ destroyed, failures }, null, 2)}\n`);
  else io.stdout(`destroyed ${summaryLine(destroyed)}\n`);
  return failures === 0 ? 0 : 1;
}

/** Destroying has no default: what goes is said. */
function chooser({ before, region, all }: Options): (segment: Segment) => boolean {
  if (before === undefined && region === undefined && all !== true) {
    throw usage("purge: expected --before, --region or --all");
  }
  const beforeMs = before === undefined ? Infinity : parseIsoMs(before);
  if (Number.isNaN(beforeMs))
    throw usage(`got --before ${before}, expected a time such as 2027-01-01T00:00:00Z`);
  return (segment) =>
    segment.lastMs < beforeMs && (region === undefined || (segment.region ?? "none") === region);
}

function line({ id, region, firstMs, lastMs, bytes, counts, ending }: Segment): string {
  const seconds = ((lastMs - firstMs) / 1000).toFixed(1);
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  const flags = ending === "recovered" ? "  recovered" : "";
  return `${id}  ${region ?? "(held)"}  ${formatIso(firstMs)}  ${seconds} s  ${totalOf(counts)} frames  ${size}${flags}`;
}

function summaryLine(segments: readonly Segment[]): string {
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const frames = segments.reduce((sum, segment) => sum + totalOf(segment.counts), 0);
  return `${segments.length} segment${segments.length === 1 ? "" : "s"}, ${frames} frames, ${(bytes / 1e6).toFixed(1)} MB`;
}

function usage(message: string): CamfenceError {
  return new CamfenceError("usage", `${message}; see camfence buffer --help`);
}
