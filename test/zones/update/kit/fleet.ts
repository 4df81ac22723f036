import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach } from "vitest";
import { run as zones } from "../../../../src/cli/zones.ts";
import { runCommand } from "../../../../src/cli/run-command.ts";
import { formatIso } from "../../../../src/core/time.ts";
import { openUpdateParts } from "../../../../src/zones/update/open-updates.ts";
import { ZoneUpdatePolicy } from "../../../../src/zones/update/policy.ts";
import type { ZoneUpdatePolicyInput } from "../../../../src/zones/update/policy.ts";
import type { CliResult } from "../../../kit/cli.ts";
import { tempDir } from "../../../kit/cli.ts";
import { box, feature, zoneText } from "../../../kit/zones.ts";
import type { Files, TufServer } from "./tuf-server.ts";
import { serveTuf } from "./tuf-server.ts";

export const NOW_MS = Date.parse("2026-12-01T08:00:00Z");
export const DAY_MS = 24 * 3600 * 1000;

/** `camfence zones …` in this process, at a time. */
export async function zonesAt(nowMs: number, ...args: readonly string[]): Promise<CliResult> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(zones, args, {
    stdout: (text) => out.push(text),
    stderr: (text) => err.push(text),
    interactive: false,
    colour: false,
    nowMs: () => nowMs,
  });
  return { code, stdout: out.join(""), stderr: err.join("") };
}

/** One military zone somewhere, as a zone file. */
export function setFile(issuedMs: number, id = "site/one", features: readonly unknown[] = []): string {
  const path = join(tempDir(), "zones.geojson");
  const zone = feature({ id, name: "Fort Example", category: "military" }, box(10, 50, 10.01, 50.01));
  writeFileSync(path, zoneText([zone, ...features], { issued: formatIso(issuedMs) }));
  return path;
}

const open: TufServer[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** An admin's repository and keys, made by our commands, behind a web server. */
export class Fleet {
  readonly repo = join(tempDir(), "repo");
  readonly keys = join(tempDir(), "keys");
  readonly server: TufServer;

  private constructor(server: (fleet: Fleet) => TufServer) {
    this.server = server(this);
  }

  static async begin(areas = "cn"): Promise<Fleet> {
    let folder = "";
    const server = await serveTuf(() => filesIn(folder));
    open.push(server);
    const fleet = new Fleet(() => server);
    folder = fleet.repo;
    const made = ["keygen", "--repo", fleet.repo, "--keys", fleet.keys, "--areas", areas];
    mustBeFine(await zonesAt(NOW_MS - 10 * DAY_MS, ...made));
    return fleet;
  }

  root(): string {
    return join(this.repo, "metadata/1.root.json");
  }

  /** Signs a set of one zone, issued at the time. */
  async publish(nowMs: number, ...args: readonly string[]): Promise<CliResult> {
    const options = [
      "--repo",
      this.repo,
      "--keys",
      join(this.keys, "online"),
      "--keys",
      join(this.keys, "areas"),
    ];
    return zonesAt(nowMs, "publish", ...args, ...options);
  }

  async publishSet(nowMs: number, ...args: readonly string[]): Promise<void> {
    mustBeFine(await this.publish(nowMs, `cn=${setFile(nowMs)}`, ...args));
  }

  policy(more: Partial<ZoneUpdatePolicyInput> = {}): ZoneUpdatePolicy {
    const given = {
      url: this.server.url,
      store: join(tempDir(), "store"),
      rootFile: this.root(),
      area: "cn",
    };
    return ZoneUpdatePolicy.parse({ ...given, ...more });
  }

  parts = (policy: ZoneUpdatePolicy) => openUpdateParts(policy);
}

function mustBeFine({ code, stderr }: CliResult): void {
  if (code !== 0 || stderr !== "") throw new Error(`exit ${code}: ${stderr}`);
}

function filesIn(folder: string): Files {
  const below = (part: string) => ({
    get(name: string) {
      const path = join(folder, part, name);
      return existsSync(path) ? readFileSync(path) : undefined;
    },
  });
  return { files: below("metadata"), artifacts: below("targets") };
}
