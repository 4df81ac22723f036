import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { openDiskParts } from "../../zones/update/disk/disk-parts.ts";
import { readOrNull, sweep, writeAtomically } from "../../core/atomic-file.ts";
import { openDiskTrustStore } from "../../zones/update/disk/disk-trust-store.ts";
import { createHttpRepository } from "../../zones/update/http-repository.ts";
import { encodeName } from "../../zones/update/repository.ts";
import { trustedMs } from "../../zones/update/trusted-time.ts";
import { fetchTarget } from "../../zones/update/tuf/fetch-target.ts";
import { findTarget } from "../../zones/update/tuf/find-target.ts";
import { refresh } from "../../zones/update/tuf/refresh.ts";
import type { TufPorts } from "../../zones/update/tuf/refresh.ts";
import { isTarget } from "../../zones/update/tuf/target-file.ts";
import { UpdateError } from "../../zones/update/update-error.ts";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import { parseOptions } from "../arguments.ts";
import type { ExitCode, Io } from "../io.ts";
import { withHelp } from "../with-help.ts";

const HELP = `camfence zones tuf-client OPTIONS init ROOT | refresh | download

The vehicle's client of The Update Framework as the public tuf-conformance suite calls it:

  --metadata-dir DIR      where trusted metadata is kept
  --metadata-url URL      the repository's metadata
  --target-base-url URL   the repository's targets
  --target-name PATH      a target to download; repeatable
  --target-dir DIR        where downloaded targets go

Example: camfence zones tuf-client --metadata-dir md init root.json

Exit code: 0 done, 1 any part of it failed, 2 wrong usage.
`;

const OPTIONS = {
  "metadata-dir": { type: "string" },
  "metadata-url": { type: "string" },
  "target-base-url": { type: "string" },
  "target-name": { type: "string", multiple: true },
  "target-dir": { type: "string" },
} as const;

export const run = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const [command, root] = positionals;
  const metadataDir = given(values["metadata-dir"], "metadata-dir");
  if (command === "init") {
    const path = given(root, "ROOT after init");
    return orFailed(() => init(metadataDir, path));
  }
  if (command !== "refresh" && command !== "download")
    throw new CamfenceError(
      "usage",
      `got "${command ?? ""}", expected init, refresh or download; see --help`,
    );
  const names = command === "download" ? (values["target-name"] ?? []) : [];
  if (command === "download" && names.length === 0) given(undefined, "target-name");
  const urls = {
    metadataUrl: given(values["metadata-url"], "metadata-url"),
    targetsUrl: command === "download" ? given(values["target-base-url"], "target-base-url") : "",
  };
  const ports = await openPorts(metadataDir, urls, io);
  return orFailed(async () => {
    const trusted = await refresh(ports);
    if (names.length === 0) return;
    const targetDir = given(values["target-dir"], "target-dir");
    for (const name of names) await download(name, targetDir, ports, trusted);
  });
});

function given(value: string | undefined, name: string): string {
  if (value !== undefined) return value;
  throw new CamfenceError("usage", `got no --${name}; see --help`);
}

async function init(metadataDir: string, root: string): Promise<void> {
  await mkdir(metadataDir, { recursive: true });
  await writeAtomically(join(metadataDir, "root.json"), await readFile(root));
}

async function openPorts(
  metadataDir: string,
  urls: { readonly metadataUrl: string; readonly targetsUrl: string },
  io: Io,
): Promise<TufPorts> {
  await sweep(metadataDir);
  const store = await openDiskTrustStore(metadataDir);
  const nowMs = trustedMs(io.nowMs(), await store.floor());
  return { store, repository: createHttpRepository(urls), nowMs, tags: new Map() };
}

async function download(
  name: string,
  targetDir: string,
  ports: TufPorts,
  trusted: Awaited<ReturnType<typeof refresh>>,
): Promise<void> {
  const found = await findTarget(ports, trusted, name);
  if (found === null) throw new UpdateError("no-target", `no role that may has a target "${name}"`);
  const path = join(targetDir, encodeName(name));
  const kept = await readOrNull(path);
  if (kept !== null && isTarget(kept, found.target)) return;
  const parts = await openDiskParts(join(targetDir, ".parts"));
  try {
    await writeAtomically(path, await fetchTarget(found.target, trusted, { ...ports, parts }));
  } finally {
    await parts.keepOnly(null);
  }
}

/** The suite asks for 1 whatever failed. */
async function orFailed(work: () => Promise<void>): Promise<ExitCode> {
  try {
    await work();
    return 0;
  } catch (thrown) {
    if (thrown instanceof CamfenceError && thrown.code === "usage") throw thrown;
    throw new CamfenceError("tampered", messageOf(thrown), { cause: thrown });
  }
}
