import { join } from "node:path";
import { CamfenceError } from "../../core/errors.ts";
import type { RoleDraft, TopLevel } from "../../zones/rollout/draft.ts";
import { AREA, TOP_LEVEL, areasOf, newRoot, newTargets, nextTargets } from "../../zones/rollout/draft.ts";
import { makeKey, newKeyPath, openKey, openKeys } from "../../zones/rollout/key-files.ts";
import type { Published } from "../../zones/rollout/published.ts";
import { expiryAfter } from "../../zones/rollout/published.ts";
import type { ReleaseOptions } from "../../zones/rollout/release.ts";
import { release } from "../../zones/rollout/release.ts";
import { openRepositoryFolder } from "../../zones/rollout/repository-folder.ts";
import type { Signer } from "../../zones/rollout/signer.ts";
import { parseOptions } from "../arguments.ts";
import type { ExitCode, Io } from "../io.ts";
import { lifetimesOf, pairsOf } from "./zones-rollout-options.ts";

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
  help: { type: "boolean", short: "h" },
} as const;

export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values } = parseOptions(args, OPTIONS);
  if (values.help === true) {
    io.stdout(HELP);
    return 0;
  }
  const { repo, keys } = values;
  if (repo === undefined || keys === undefined)
    throw new CamfenceError("usage", "expected --repo DIR and --keys DIR; see --help");
  const areas = areasIn(values.areas);
  const wanted: Wanted = {
    keys,
    thresholds: thresholdsOf(values.threshold),
    hardware: await hardwareOf(values.signer ?? []),
  };
  const lifetimes = lifetimesOf(values["expires-days"]);
  const terms = { nowMs: io.nowMs(), lifetimes };
  const folder = openRepositoryFolder(repo);
  const before = await folder.read();
  const next =
    before === null ? await begin(areas, wanted, terms) : await extend(before, areas, wanted, terms);
  const signers = new Map([...(await openKeys([keys])), ...wanted.hardware.map(byId)]);
  const published = await release(before, next, { folder, signers, ...terms });
  io.stdout(
    values.json === true ? `${JSON.stringify(summaryOf(published))}\n` : linesOf(repo, keys, published),
  );
  return 0;
}

type Terms = Pick<ReleaseOptions, "nowMs" | "lifetimes">;

interface Wanted {
  readonly keys: string;
  readonly thresholds: ReadonlyMap<string, readonly [number, number]>;
  readonly hardware: readonly Hardware[];
}
interface Hardware {
  readonly role: string;
  readonly signer: Signer;
}
const byId = ({ signer }: Hardware) => [signer.key.keyID, signer] as const;

async function begin(areas: readonly string[], wanted: Wanted, terms: Terms): Promise<Published> {
  const drafts = new Map<TopLevel, RoleDraft>();
  for (const role of TOP_LEVEL)
    drafts.set(role, await draftOf(role, role === "root" ? "root" : "online", wanted));
  const expires = expiryAfter(terms.nowMs, terms.lifetimes.root);
  const [root, targets] = [
    newRoot(fourOf(drafts), expires),
    newTargets(expiryAfter(terms.nowMs, terms.lifetimes.targets)),
  ];
  const empty = { root, targets, areas: new Map(), snapshot: null, timestamp: null };
  return areas.length === 0 ? empty : extend(empty, areas, wanted, terms);
}

async function extend(
  before: Published,
  areas: readonly string[],
  wanted: Wanted,
  terms: Terms,
): Promise<Published> {
  const known = areas.filter((area) => before.areas.has(area));
  if (areas.length === 0 || known.length > 0)
    throw new CamfenceError(
      "usage",
      `the repository exists${known.length > 0 ? ` and has ${known.join(", ")}` : ""}, expected --areas with new ones`,
    );
  const drafts = new Map(areasOf(before.targets));
  for (const area of areas) drafts.set(area, await draftOf(area, "areas", wanted));
  const expires = expiryAfter(terms.nowMs, terms.lifetimes.targets);
  return {
    ...before,
    targets: nextTargets(before.targets, { areas: drafts }, expires),
    areas: new Map([...before.areas, ...areas.map((area) => [area, newTargets(expires)] as const)]),
  };
}

async function draftOf(
  role: string,
  group: string,
  { keys, thresholds, hardware }: Wanted,
): Promise<RoleDraft> {
  const [threshold, count] = thresholds.get(role) ?? (role === "root" ? [2, 3] : [1, 1]);
  const own = hardware.filter((one) => one.role === role).map(({ signer }) => signer.key);
  const folder = join(keys, group);
  while (own.length < count) own.push((await makeKey(await newKeyPath(folder, role))).key);
  return { keys: own, threshold };
}

function fourOf(drafts: ReadonlyMap<TopLevel, RoleDraft>): Readonly<Record<TopLevel, RoleDraft>> {
  const draft = (role: TopLevel) => drafts.get(role) ?? { keys: [], threshold: 1 };
  return {
    root: draft("root"),
    targets: draft("targets"),
    snapshot: draft("snapshot"),
    timestamp: draft("timestamp"),
  };
}

function areasIn(text = ""): readonly string[] {
  const areas = [...new Set(text.split(",").filter((area) => area !== ""))];
  const wrong = areas.find((area) => !AREA.test(area) || TOP_LEVEL.some((role) => role === area));
  if (wrong === undefined) return areas;
  throw new CamfenceError("usage", `--areas: got "${wrong}", expected small names such as cn,de`);
}

function thresholdsOf(text: string | undefined): ReadonlyMap<string, readonly [number, number]> {
  return new Map(
    pairsOf(text).map(([role, ratio]) => {
      const [threshold = Number.NaN, count = Number.NaN] = ratio.split("/").map(Number);
      if (
        Number.isInteger(threshold) &&
        threshold >= 1 &&
        Number.isInteger(count) &&
        count >= threshold &&
        count <= 20
      )
        return [role, [threshold, count]];
      throw new CamfenceError("usage", `--threshold: got "${role}=${ratio}", expected such as root=2/3`);
    }),
  );
}

async function hardwareOf(texts: readonly string[]): Promise<readonly Hardware[]> {
  const all: Hardware[] = [];
  for (const text of texts) {
    const [role = "", path = ""] = text.split("=");
    const signer = path === "" ? null : await openKey(path);
    if (signer === null)
      throw new CamfenceError("usage", `--signer: got "${text}", expected ROLE=NAME.signer.json`);
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
