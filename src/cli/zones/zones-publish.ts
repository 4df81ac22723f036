import { CamfenceError } from "../../core/errors.ts";
import type { SetToPublish } from "../../zones/rollout/add-set.ts";
import { addSet, targetFilePath } from "../../zones/rollout/add-set.ts";
import type { Published } from "../../zones/rollout/published.ts";
import { release } from "../../zones/rollout/release.ts";
import { sealSet } from "../../zones/update/sealed-set.ts";
import type { VehicleRange } from "../../zones/update/set-target.ts";
import { parseOptions } from "../arguments.ts";
import type { ExitCode, Io } from "../io.ts";
import { readSet } from "./zones-read-set.ts";
import { earlierSet, refuseWeaker } from "./zones-compare.ts";
import type { CompareOptions } from "./zones-compare.ts";
import { SIGNING_HELP, SIGNING_OPTIONS, publishedIn, signingOptions } from "./zones-rollout-options.ts";
import { withHelp } from "../with-help.ts";

const HELP = `camfence zones publish [AREA=PATH…] --repo DIR --keys PATH

Checks zone sets, signs them, and writes them into a repository: static files for any web server. PATH is a zone file or a
folder of them, or a set that \`zones build\` made; several PATHs of one AREA are one set. Without a set, the timestamp is
signed anew: do that daily, since vehicles count the age of their zones from it.

A set is compared with the one that is published for all: what \`zones check --previous\` finds, and what \`zones diff\` calls
weaker, is refused.

${SIGNING_HELP}  --canary FROM..TO     only for vehicles with ids from FROM to TO; a later set without it is for all
  --recipient AGE       encrypt to an age recipient (age1…), of the fleet or of a vehicle; repeatable
  --strip               leave out names, categories and x- members; no verdict changes
  --allow-weaker ID     a change that is meant to weaken the protection; repeatable
  --allow-shift ID      a zone that did move as a wrong datum moves it; repeatable
  --identity FILE       age identities that open the published set, where that is encrypted; repeatable
  --previous AREA=PATH  compare with this set instead of the published one; repeatable

Example: camfence zones publish cn=geofences/cn --repo repo --keys keys/online --keys keys/areas/cn-1.pem

Exit code: 0 published, 1 a set has mistakes, or is older or weaker than the published one, 2 wrong usage.
`;

const OPTIONS = {
  ...SIGNING_OPTIONS,
  canary: { type: "string" },
  recipient: { type: "string", multiple: true },
  strip: { type: "boolean" },
  "allow-weaker": { type: "string", multiple: true },
  "allow-shift": { type: "string", multiple: true },
  identity: { type: "string", multiple: true },
  previous: { type: "string", multiple: true },
} as const;

export const run = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const options = await signingOptions(values, io);
  const before = await publishedIn(options);
  const canary = values.canary === undefined ? null : rangeOf(values.canary);
  const recipients = values.recipient ?? [];
  const compare: CompareOptions = {
    previous: pathsByArea(values.previous ?? []),
    identityFiles: values.identity ?? [],
    allowWeaker: values["allow-weaker"] ?? [],
  };
  const { nowMs } = options;
  const allowShift = values["allow-shift"] ?? [];
  let next: Published = before;
  const sets: { readonly area: string; readonly target: string; readonly bytes: number }[] = [];
  for (const [area, paths] of pathsByArea(positionals)) {
    const earlier = await earlierSet(before, area, compare, options);
    const read = await readSet(paths, { nowMs, earlier, allowShift, strip: values.strip === true }, io);
    refuseWeaker(area, earlier, read.content, { ...compare, nowMs, io });
    const bytes = recipients.length === 0 ? read.bytes : await sealSet(read.bytes, recipients);
    const set: SetToPublish = { area, bytes, issuedMs: read.content.issuedMs, canary };
    const added = addSet(next, set, options);
    await options.folder.write(targetFilePath(added.target), bytes);
    next = added.next;
    sets.push({ area, target: added.target.path, bytes: bytes.length });
  }
  const published = await release(before, next, options);
  const { version = 0, expires = "" } = published.timestamp ?? {};
  io.stdout(
    values.json === true
      ? `${JSON.stringify({ sets, timestamp: { version, expires } })}\n`
      : [
          ...sets.map(({ target, bytes }) => `published ${target}, ${bytes} bytes\n`),
          `timestamp ${version}, good until ${expires}\n`,
        ].join(""),
  );
  return 0;
});

function pathsByArea(texts: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, string[]>();
  for (const text of texts) {
    const [, area, path] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (area === undefined || path === undefined)
      throw new CamfenceError("usage", `got "${text}", expected AREA=PATH such as cn=geofences/cn`);
    paths.set(area, [...(paths.get(area) ?? []), path]);
  }
  return paths;
}

function rangeOf(text: string): VehicleRange {
  const [from = "", to = "", ...more] = text.split("..");
  if (from !== "" && to !== "" && more.length === 0) return { from, to };
  throw new CamfenceError("usage", `--canary: got "${text}", expected FROM..TO such as 0000..0499`);
}
