import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import { parseCentreKey } from "../../upload/ingest/centre-key.ts";
import type { CentreKey } from "../../upload/ingest/centre-key.ts";
import { openSegment } from "../../upload/ingest/open-segment.ts";
import { parseOptions } from "../arguments.ts";
import type { ExitCode, Io } from "../io.ts";
import { readText } from "../read-text.ts";
import { withHelp } from "../with-help.ts";

const HELP = `camfence ingest open --key FILE SEGMENT… --out DIR

Decrypts segments with the data centre's age identity, verifies each to its end, and writes it as plain MCAP. A segment
of another region is refused, as is one that was changed, cut off or sealed to another key; nothing is written then.

  --key FILE    the age identity, as of \`camfence ingest keygen\`
  --region ID   the region that segments must be of; needed where the key file does not say it
  --json        one JSON object a segment on stdout

Example: camfence ingest open --key keys/cn.age-key segments/segments/*.mcap.age --out opened

Exit code: 0 all were opened, 1 some were refused, 2 wrong usage or a file that cannot be read.
`;

const OPTIONS = {
  key: { type: "string" },
  out: { type: "string" },
  region: { type: "string" },
  json: { type: "boolean" },
} as const;

export const run = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const { key: keyFile, out } = values;
  if (keyFile === undefined || out === undefined || positionals.length === 0)
    throw new CamfenceError("usage", "expected --key FILE, segments and --out DIR; see --help");
  const key = parseCentreKey(await readText("--key", keyFile), keyFile);
  const region = expectedRegion(values.region, key);
  await mkdir(out, { recursive: true });
  let refused = 0;
  for (const file of positionals) {
    const opened = await openOne(file, { identity: key.identity, region, out });
    if (opened.error !== null) refused++;
    report(opened, values.json === true, io);
  }
  return refused === 0 ? 0 : 1;
});

/** Not knowing the region would mean refusing none. */
function expectedRegion(stated: string | undefined, key: CentreKey): string {
  const region = stated ?? key.region;
  if (region !== null && (key.region === null || key.region === region)) return region;
  throw new CamfenceError(
    "usage",
    region === null
      ? "the key file does not say its region, expected --region ID"
      : `got --region ${region} and a key of region ${key.region}, expected one region`,
  );
}

interface Opening {
  readonly identity: string;
  readonly region: string;
  readonly out: string;
}

interface Opened {
  readonly file: string;
  readonly mcap: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** Under a temporary name until all of it has proved right. */
async function openOne(file: string, { identity, region, out }: Opening): Promise<Opened> {
  const mcap = join(out, `${basename(file).replace(/(\.mcap)?\.age$/, "")}.mcap`);
  const partial = `${mcap}.partial`;
  try {
    await writeOpened(file, partial, identity, region);
    await rename(partial, mcap);
    return { file, mcap, error: null };
  } catch (thrown) {
    await rm(partial, { force: true });
    const code = thrown instanceof CamfenceError ? thrown.code : "unreadable";
    return { file, mcap: null, error: { code, message: messageOf(thrown) } };
  }
}

async function writeOpened(file: string, to: string, identity: string, region: string): Promise<void> {
  const target = await open(to, "w", 0o600);
  try {
    const sealed = createReadStream(file) as AsyncIterable<Uint8Array>;
    const found = await openSegment(sealed, identity, (piece) => target.appendFile(piece));
    if (found.region !== region) {
      const got = found.region ?? "no region";
      throw new CamfenceError("wrong-region", `got a segment of ${got}, expected region ${region}`, { file });
    }
    await target.sync();
  } finally {
    await target.close();
  }
}

function report(opened: Opened, json: boolean, io: Io): void {
  if (json) io.stdout(`${JSON.stringify(opened)}\n`);
  else if (opened.error === null) io.stdout(`${opened.mcap}\n`);
  if (opened.error !== null) io.stderr(`camfence ingest open: ${opened.file}: ${opened.error.message}\n`);
}
