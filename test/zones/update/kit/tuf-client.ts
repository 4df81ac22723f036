import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../../src/cli/zones/zones-tuf-client.ts";
import { runCommand } from "../../../../src/cli/run-command.ts";
import { camfence, tempDir } from "../../../kit/cli.ts";
import type { TufServer } from "./tuf-server.ts";

/** `SLOW=1`: every call is a process of its own, as the public suite does it; else a call in this process. */
const AS_PROCESS = process.env["SLOW"] === "1";

/** A client as the public conformance suite drives one. */
export class TufClient {
  readonly metadataDir: string;
  readonly targetDir: string;
  readonly #server: TufServer;
  readonly #folder = tempDir();
  said = "";

  constructor(server: TufServer) {
    this.#server = server;
    this.metadataDir = join(this.#folder, "metadata");
    this.targetDir = join(this.#folder, "targets");
  }

  async init(root: Buffer | undefined): Promise<number | null> {
    await mkdir(this.metadataDir, { recursive: true });
    await mkdir(this.targetDir, { recursive: true });
    const file = join(this.#folder, "initial_root.json");
    writeFileSync(file, root ?? "");
    return this.#call(["--metadata-dir", this.metadataDir, "init", file]);
  }

  refresh(nowMs?: number): Promise<number | null> {
    const { metadataUrl } = this.#server;
    return this.#call(["--metadata-url", metadataUrl, "--metadata-dir", this.metadataDir, "refresh"], nowMs);
  }

  download(names: string | readonly string[], nowMs?: number): Promise<number | null> {
    const { metadataUrl, targetsUrl } = this.#server;
    const targets = [names].flat().flatMap((name) => ["--target-name", name]);
    const urls = ["--metadata-url", metadataUrl, "--target-base-url", targetsUrl];
    const folders = ["--metadata-dir", this.metadataDir, "--target-dir", this.targetDir];
    return this.#call([...urls, ...folders, ...targets, "download"], nowMs);
  }

  version(role: string): number | null {
    const path = join(this.metadataDir, `${role}.json`);
    if (!existsSync(path)) return null;
    return (JSON.parse(readFileSync(path, "utf8")) as { signed: { version: number } }).signed.version;
  }

  bytes(role: string): Buffer {
    return readFileSync(join(this.metadataDir, `${role}.json`));
  }

  roles(): string[] {
    return readdirSync(this.metadataDir)
      .filter((name) => name.endsWith(".json"))
      .map((name) => name.slice(0, -".json".length))
      .toSorted();
  }

  downloaded(): string[] {
    return readdirSync(this.targetDir, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(this.targetDir, entry.name), "utf8"))
      .toSorted();
  }

  /** Only a call in this process can be given another time. */
  async #call(args: readonly string[], nowMs?: number): Promise<number | null> {
    if (AS_PROCESS && nowMs === undefined) {
      const { code, stderr } = await camfence("zones", "tuf-client", ...args);
      this.said = stderr;
      return code;
    }
    this.said = "";
    return runCommand(run, args, {
      stdout: () => {},
      stderr: (text) => (this.said += text),
      interactive: false,
      colour: false,
      nowMs: () => nowMs ?? Date.now(),
    });
  }
}
