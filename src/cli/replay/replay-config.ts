import { parseDocument } from "yaml";
import * as z from "zod";
import { GuardPolicy } from "../../config.ts";
import type { GuardPolicyInput } from "../../config.ts";
import { CamfenceError } from "../../core/errors.ts";
import { Camera } from "../../sources/camera.ts";
import { readText } from "../read-text.ts";

const ReplayConfig = z.strictObject({
  policy: GuardPolicy.optional(),
  cameras: z.array(Camera).min(1).optional(),
});

/** What `--config FILE` sets for a replay. */
export interface ReplaySettings {
  readonly policy: GuardPolicyInput;
  readonly cameras: readonly Camera[] | null;
}

/** Replays repeat: the random margins come from this seed unless the configuration names another. */
const REPLAY_SEED = 1;

/**
 * Reads a YAML or JSON configuration; without a file, the defaults. `seed` null = a secret one. Throws with every mistake
 * and its line.
 */
export async function readReplayConfig(
  file: string | undefined,
  seed: number | null = REPLAY_SEED,
): Promise<ReplaySettings> {
  const given = file === undefined ? {} : parseConfig(file, await readText(`--config ${file}`, file));
  const policy: GuardPolicyInput = given.policy ?? {};
  return {
    policy: seed === null ? policy : { ...policy, gate: { seed, ...policy.gate } },
    cameras: given.cameras ?? null,
  };
}

function parseConfig(file: string, text: string): z.infer<typeof ReplayConfig> {
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken !== undefined) {
    const line = broken.linePos?.[0].line ?? 1;
    throw new CamfenceError("malformed", `${file}:${line}: ${broken.message.split("\n")[0]}`, { file, line });
  }
  const checked = ReplayConfig.safeParse(document.toJS() ?? {});
  if (checked.success) return checked.data;
  const mistakes = checked.error.issues.map(({ path, message }) => `${path.join(".") || "file"}: ${message}`);
  throw new CamfenceError("malformed", `${file}: ${mistakes.join("; ")}`, { file });
}
