import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run as keygen } from "../ingest/ingest-keygen.ts";
import { run as open } from "../ingest/ingest-open.ts";
import { run as serve } from "../ingest/ingest-serve.ts";
import type { ExitCode, Io } from "../io.ts";
import { capture } from "../replay/capture.ts";

/** A region's data centre on this machine: what `camfence ingest` is elsewhere. */
export interface DemoCentre {
  /** What a vehicle's configuration says of it. */
  readonly region: Readonly<Record<string, string>>;
  /** Sealed segments that it holds, each beside its receipt. */
  segments(): readonly string[];
  /** Opens all of them with the data centre's key; the plain MCAP files of those that open. */
  open(io: Io): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Makes keys and a token in `dir`, and listens on a free port of the loopback. */
export async function startCentre(dir: string, region: string, io: Io): Promise<DemoCentre> {
  const made = await capture(io, (inner) => keygen(["--region", region, "--out", dir, "--json"], inner));
  const tokenFile = join(dir, "token");
  await writeFile(tokenFile, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  const [keyFile, receiptKey] = [join(dir, `${region}.age-key`), join(dir, `${region}.receipt-key`)];
  const stop = new AbortController();
  const args = ["--dir", dir, "--key", keyFile, "--receipt-key", receiptKey, "--tokens", tokenFile];
  const { endpoint, served } = await listening(
    [...args, "--listen", "127.0.0.1:0", "--json"],
    io,
    stop.signal,
  );
  const sealed = join(dir, "segments");
  const segments = (): string[] => {
    const names = readdirSync(sealed).filter((name) => name.endsWith(".mcap.age"));
    return names.toSorted().map((name) => join(sealed, name));
  };
  return {
    region: { ...(JSON.parse(made.text) as Record<string, string>), endpoint, tokenFile },
    segments,
    async open(outer) {
      if (segments().length === 0) return [];
      const openArgs = ["--key", keyFile, ...segments(), "--out", join(dir, "opened")];
      const { text } = await capture(outer, (inner) => open(openArgs, inner));
      return text.split("\n").filter((line) => line !== "");
    },
    async stop() {
      stop.abort();
      await served;
    },
  };
}

/** Runs the receiver; resolves when it listens. Rejects as it does where it cannot. */
function listening(args: readonly string[], io: Io, stop: AbortSignal) {
  return new Promise<{ readonly endpoint: string; readonly served: Promise<ExitCode> }>((resolve, reject) => {
    const stdout = (text: string): void => {
      const { listening: endpoint } = JSON.parse(text) as { readonly listening: string };
      resolve({ endpoint, served });
    };
    const served = serve(args, { ...io, stdout, stop });
    served.catch(reject);
  });
}
