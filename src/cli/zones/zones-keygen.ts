import { join } from "node:path";
import { CamfenceError } from "../../core/errors.ts";
import { AREA, TOP_LEVEL } from "../../zones/rollout/draft.ts";
import { openKey, openKeys } from "../../zones/rollout/key-files.ts";
import { begin, extend } from "../../zones/rollout/new-roles.ts";
import type { HardwareKey, NewRoles, Ratio } from "../../zones/rollout/new-roles.ts";
import type { Published } from "../../zones/rollout/published.ts";
import { release } from "../../zones/rollout/release.ts";
import { openRepositoryFolder } from "../../zones/rollout/repository-folder.ts";
import { parseOptions } from "../arguments.ts";
import type { ExitCode, Io } from "../io.ts";
import { lifetimesOf, pairsOf } from "./zones-rollout-options.ts";
import { withHelp } from "../with-help.ts";

const HELP = `camfence zones keygen --repo DIR --keys DIR [--areas cn,de] [--threshold root=2/3]

Makes the keys of a signed roll-out (Ed25519, PEM) and a repository that they sign. Vehicles are given
DIR/metadata/1.root.json of the repository, and trust nothing else. Keys go to three folders below --keys:

  root/     sign for other keys. Take them off line now: only rotate-key and revoke need them
  online/   targets, snapshot and timestamp: what \`zones publish\` signs with
  areas/    one for each area, for whoever may publish that area's zones and no other

With a repository that exists, --areas adds areas to it; that needs the targets key.

  --threshold LIST      how many of how many keys sign for a role, such as root=2/3,targets=1/1 (the defaults are 2/3
                        for root and 1/1 for the others)
  --signer ROLE=FILE    a key in hardware instead of a new one, repeatable: FILE is NAME.signer.json with
                        {"public": PEM, "command": ["PROGRAM", …]}; the command gets bytes on stdin and writes the signature
  --expires-days LIST   such as root=365,targets=90,snapshot=30,timestamp=7, which are the defaults
  --json                one JSON document on stdout

Example: camfence zones keygen --repo repo --keys keys --areas cn,de
`;

const OPTIONS = {
  repo: { type: "string" },
  keys: { type: "string" },
  areas: { type: "string" },
  threshold: { type: "string" },
  signer: { type: "string", multiple: true },
  "expires-days": { type: "string" },
  json: { type: "boolean" },
} as const;

export const run = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values } = parseOptions(args, OPTIONS);
  const { repo, keys } = values;
  if (repo === undefined || keys === undefined)
    throw new CamfenceError("usage", "expected --repo DIR and --keys DIR; see --help");
  const areas = areasIn(values.areas);
  const roles = [...TOP_LEVEL, ...areas];
  const wanted: NewRoles = {
    areas,
    keys,
    thresholds: thresholdsOf(values.threshold, roles),
    hardware: await hardwareOf(values.signer ?? [], roles),
  };
  const lifetimes = lifetimesOf(values["expires-days"]);
  const terms = { nowMs: io.nowMs(), lifetimes };
  const folder = openRepositoryFolder(repo);
  const before = await folder.read();
  const next = before === null ? await begin(wanted, terms) : await extend(before, wanted, terms);
  const own = wanted.hardware.map(({ signer }) => [signer.key.keyID, signer] as const);
  const signers = new Map([...(await openKeys([keys])), ...own]);
  const published = await release(before, next, { folder, signers, ...terms });
  io.stdout(
    values.json === true ? `${JSON.stringify(summaryOf(published))}\n` : linesOf(repo, keys, published),
  );
  return 0;
});

function areasIn(text = ""): readonly string[] {
  const areas = [...new Set(text.split(",").filter((area) => area !== ""))];
  const wrong = areas.find((area) => !AREA.test(area) || TOP_LEVEL.some((role) => role === area));
  if (wrong === undefined) return areas;
  throw new CamfenceError("usage", `--areas: got "${wrong}", expected small names such as cn,de`);
}

function thresholdsOf(text: string | undefined, roles: readonly string[]): ReadonlyMap<string, Ratio> {
  return new Map(
    pairsOf(text).map(([role, ratio]) => {
      const [threshold = Number.NaN, count = Number.NaN] = ratio.split("/").map(Number);
      const isRatio = [threshold, count].every(Number.isInteger) && threshold >= 1 && count >= threshold;
      if (isRatio && count <= MAX_KEYS && roles.includes(role)) return [role, [threshold, count]];
      throw new CamfenceError(
        "usage",
        `--threshold: got "${role}=${ratio}", expected such as root=2/3, of one of ${roles.join(", ")}`,
      );
    }),
  );
}

const MAX_KEYS = 20;

async function hardwareOf(texts: readonly string[], roles: readonly string[]) {
  const all: HardwareKey[] = [];
  for (const text of texts) {
    const [role = "", path = ""] = text.split("=");
    const signer = path === "" || !roles.includes(role) ? null : await openKey(path);
    if (signer === null)
      throw new CamfenceError(
        "usage",
        `--signer: got "${text}", expected ROLE=NAME.signer.json, ROLE one of ${roles.join(", ")}`,
      );
    all.push({ role, signer });
  }
  return all;
}

function summaryOf({ root, areas }: Published) {
  const roles = Object.entries(root.roles).map(([role, { keyIDs, threshold }]) => ({
    role,
    threshold,
    keyIds: keyIDs,
  }));
  return { rootVersion: root.version, roles, areas: [...areas.keys()] };
}

function linesOf(repo: string, keys: string, { root, areas }: Published): string {
  const roles = Object.entries(root.roles).map(
    ([role, { keyIDs, threshold }]) => `${role} ${threshold}/${keyIDs.length}`,
  );
  return [
    `keys: ${roles.join(", ")}${areas.size > 0 ? `; areas ${[...areas.keys()].join(", ")}` : ""}`,
    `vehicles trust: ${join(repo, "metadata", `${root.version}.root.json`)}`,
    `take off line:  ${join(keys, "root")}`,
    "",
  ].join("\n");
}
