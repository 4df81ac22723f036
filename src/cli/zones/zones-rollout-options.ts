import { CamfenceError } from "../../core/errors.ts";
import { openKeys } from "../../zones/rollout/key-files.ts";
import type { Lifetimes, Published } from "../../zones/rollout/published.ts";
import { LIFETIMES } from "../../zones/rollout/published.ts";
import type { ReleaseOptions } from "../../zones/rollout/release.ts";
import { openRepositoryFolder } from "../../zones/rollout/repository-folder.ts";
import type { Io } from "../io.ts";

/** What all commands that sign take. */
export const SIGNING_OPTIONS = {
  repo: { type: "string" },
  keys: { type: "string", multiple: true },
  "expires-days": { type: "string" },
  json: { type: "boolean" },
} as const;

export const SIGNING_HELP = `  --repo DIR            the repository: metadata/ and targets/, for any web server
  --keys PATH           a key (NAME.pem, NAME.signer.json), or a folder of them with its folders; repeatable
  --expires-days LIST   such as root=365,targets=90,snapshot=30,timestamp=7, which are the defaults
  --json                one JSON document on stdout
`;

export interface SigningValues {
  readonly repo?: string | undefined;
  readonly keys?: readonly string[] | undefined;
  readonly "expires-days"?: string | undefined;
}

/** Throws a `usage` error where an option is missing. */
export async function signingOptions(values: SigningValues, io: Io): Promise<ReleaseOptions> {
  const { repo, keys = [] } = values;
  if (repo === undefined || keys.length === 0)
    throw new CamfenceError("usage", "expected --repo DIR and --keys PATH; see --help");
  return {
    folder: openRepositoryFolder(repo),
    signers: await openKeys(keys),
    nowMs: io.nowMs(),
    lifetimes: lifetimesOf(values["expires-days"]),
  };
}

/** What is published. Throws `usage` where there is nothing yet. */
export async function publishedIn({ folder }: ReleaseOptions): Promise<Published> {
  const published = await folder.read();
  if (published !== null) return published;
  throw new CamfenceError("usage", "nothing is published there yet; begin with: camfence zones keygen");
}

export function lifetimesOf(text: string | undefined): Lifetimes {
  const lifetimes: Record<keyof Lifetimes, number> = { ...LIFETIMES };
  for (const [role, days] of pairsOf(text)) {
    if (!isRole(role) || !(Number(days) > 0 && Number(days) <= 3650))
      throw new CamfenceError(
        "usage",
        `--expires-days: got "${role}=${days}", expected such as timestamp=7 (up to 3650)`,
      );
    lifetimes[role] = Number(days);
  }
  return lifetimes;
}

const isRole = (name: string): name is keyof Lifetimes => Object.hasOwn(LIFETIMES, name);

/** `a=1,b=2` */
export function pairsOf(text: string | undefined): readonly (readonly [string, string])[] {
  if (text === undefined || text === "") return [];
  return text.split(",").map((pair) => {
    const [name = "", value = ""] = pair.split("=");
    return [name.trim(), value.trim()] as const;
  });
}
