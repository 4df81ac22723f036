import { CamfenceError } from "../../core/errors.ts";
import { formatIso } from "../../core/time.ts";
import { anyone, parseTokens, tokenAccess } from "../../upload/ingest/access.ts";
import type { Access } from "../../upload/ingest/access.ts";
import { parseCentreKey } from "../../upload/ingest/centre-key.ts";
import { sealedRegionBy } from "../../upload/ingest/finish.ts";
import { createReceiver } from "../../upload/ingest/receiver.ts";
import { formatPublicKey, parsePrivateKey } from "../../upload/keys.ts";
import { RegionId } from "../../upload/receipt.ts";
import { parseOptions } from "../arguments.ts";
import { DEPOT_OPTIONS, openDepot } from "./ingest-depot.ts";
import { LIMIT_OPTIONS, limitsOf } from "./ingest-limits.ts";
import type { ExitCode, Io } from "../io.ts";
import { readText } from "../read-text.ts";
import { withHelp } from "../with-help.ts";

/** A command that serves until it is told to stop; without the signal it serves for ever. */
export type ServingIo = Io & { readonly stop?: AbortSignal };

const HELP = `camfence ingest --region ID --dir DIR --receipt-key FILE --tokens FILE

The receiver of a region's data centre: takes sealed segments of this region from vehicles (tus, resumable), checks
hash, size and region, keeps each once and answers with a signed receipt. SIGTERM lets requests under way end.

  --region ID           the region that this data centre is for; may stand in the key file of --key
  --dir DIR             where segments are kept
  --s3 URL --bucket B   keep them in an S3 bucket instead, so that several receivers may share it; keys come from
                        AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. --s3-region R  @default us-east-1
  --receipt-key FILE    Ed25519 private key (PEM) that signs receipts
  --key FILE            the data centre's age identity: also checks the region inside the seal of every segment
  --tokens FILE         access tokens, one a line, of 16 characters or more
  --allow-anyone        no tokens, for tests and behind a proxy that checks access
  --listen HOST:PORT    @default 127.0.0.1:8480; port 0 takes a free one
  --tls-cert FILE --tls-key FILE    serve HTTPS
  --max-bytes N         largest segment, @default 2147483648
  --max-uploads N       uploads under way at once, @default 1000
  --min-free N          bytes of the disk to leave free, @default 1073741824
  --request-seconds N   longest time for one request to come in, @default 300
  --json                JSON Lines on stdout

  camfence ingest keygen --region ID --out DIR    make the keys, and the lines for the vehicles' configuration
  camfence ingest open --key FILE SEGMENT… --out DIR    decrypt, verify, write plain MCAP
  camfence ingest list --dir DIR                  what is held

Example: camfence ingest keygen --region cn --out keys
         camfence ingest --key keys/cn.age-key --receipt-key keys/cn.receipt-key --tokens tokens.txt --dir segments
`;

const OPTIONS = {
  ...DEPOT_OPTIONS,
  ...LIMIT_OPTIONS,
  region: { type: "string" },
  "receipt-key": { type: "string" },
  key: { type: "string" },
  tokens: { type: "string" },
  "allow-anyone": { type: "boolean" },
  listen: { type: "string", default: "127.0.0.1:8480" },
  "tls-cert": { type: "string" },
  "tls-key": { type: "string" },
  json: { type: "boolean" },
} as const;

// Under the 10 s that most service managers wait before they kill.
const GRACE_MS = 8000;

/** Serves until `io.stop`. */
export const run = withHelp(HELP, async (args: readonly string[], io: ServingIo): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (positionals.length > 0)
    throw new CamfenceError(
      "usage",
      `got "${positionals.join(" ")}", expected keygen, open, list or options; see --help`,
    );
  const { host, port } = parseListen(values.listen);
  const options = await receiverOptions(values, io);
  const receiver = createReceiver(options);
  const address = await receiver.listen(host, port);
  const url = `${options.tls === undefined ? "http" : "https"}://${host}:${address.port}/`;
  const receiptKey = formatPublicKey(options.receiptKey);
  const line = { listening: url, region: options.region, receiptKey };
  io.stdout(
    values.json === true
      ? `${JSON.stringify(line)}\n`
      : `camfence ingest: region ${options.region} at ${url}, receipts signed by ${receiptKey}\n`,
  );
  await stopped(io.stop);
  await receiver.stop(GRACE_MS);
  return 0;
});

type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>["values"];

async function receiverOptions(values: Values, io: Io) {
  const { key, "receipt-key": receiptFile = "" } = values;
  if (receiptFile === "")
    throw new CamfenceError("usage", "got no --receipt-key, expected a file; see --help");
  const centre = key === undefined ? null : parseCentreKey(await readText("--key", key), key);
  return {
    region: regionOf(values.region, centre?.region ?? null),
    receiptKey: parsePrivateKey(await readText("--receipt-key", receiptFile), receiptFile),
    ...(centre === null ? {} : { sealedRegion: sealedRegionBy(centre.identity) }),
    access: await accessOf(values),
    limits: limitsOf(values),
    depot: await openDepot(values),
    ...(await tlsOf(values)),
    now: () => formatIso(io.nowMs()),
    onFault: (message: string) => io.stderr(`camfence ingest: ${message}\n`),
  };
}

function regionOf(stated: string | undefined, ofKey: string | null): string {
  if (stated !== undefined && ofKey !== null && stated !== ofKey)
    throw new CamfenceError(
      "usage",
      `got --region ${stated} and a --key of region ${ofKey}, expected one region`,
    );
  const region = RegionId.safeParse(stated ?? ofKey).data;
  if (region === undefined)
    throw new CamfenceError("usage", "got no region, expected --region ID; see --help");
  return region;
}

async function accessOf({ tokens: file, "allow-anyone": allowAnyone }: Values): Promise<Access> {
  if ((file === undefined) === (allowAnyone !== true))
    throw new CamfenceError("usage", "expected one of --tokens FILE and --allow-anyone; see --help");
  if (file === undefined) return anyone;
  const { tokens, badLines } = parseTokens(await readText("--tokens", file));
  if (tokens.length > 0 && badLines.length === 0) return tokenAccess(tokens);
  const what = badLines.length > 0 ? `bad lines ${badLines.join(", ")}` : "no token";
  const message = `${file}: got ${what}, expected tokens of 16 to 1024 characters without spaces, one a line`;
  throw new CamfenceError("malformed", message, { file });
}

async function tlsOf({ "tls-cert": cert, "tls-key": key }: Values) {
  if (cert === undefined && key === undefined) return {};
  if (cert === undefined || key === undefined)
    throw new CamfenceError("usage", "expected --tls-cert and --tls-key together");
  return { tls: { cert: await readText("--tls-cert", cert), key: await readText("--tls-key", key) } };
}

function parseListen(text: string): { readonly host: string; readonly port: number } {
  const [, host = "", port = ""] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  if (host !== "" && Number(port) <= 65_535)
    return { host: host.replace(/^\[(.*)\]$/, "$1"), port: Number(port) };
  throw new CamfenceError("usage", `--listen: got "${text}", expected HOST:PORT such as 127.0.0.1:8480`);
}

function stopped(stop: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (stop?.aborted === true) resolve();
    stop?.addEventListener("abort", () => resolve());
  });
}
