import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCampaign } from "./campaign.ts";
import { campaignPage, campaignTable, reportOf } from "./report.ts";
import { measureUnseen } from "./thresholds.ts";

const HELP = `npm run campaign -- --frames N

Drives made-up vehicles past made-up zones, under faults and attacks, through the real guard, and holds every released frame
against the truth.

  --frames N     frames to judge                     [1000000]
  --seed N       first seed                          [0]
  --threads N                                        [one per processor]
  --out DIR      campaign.json, campaign.html, and state.json, from which a campaign that was killed goes on  [out/campaign]

Exit code: 0 no leak, 1 leaks, or released frames that are neither stored nor counted as lost.
`;

/** From so many frames on, how far each lie must go to be seen is measured, too. */
const LARGE = 100_000;

const { values } = parseArgs({
  options: {
    frames: { type: "string", default: "1000000" },
    seed: { type: "string", default: "0" },
    threads: { type: "string", default: String(availableParallelism()) },
    out: { type: "string", default: "out/campaign" },
    help: { type: "boolean", default: false },
  },
});

async function main(): Promise<number> {
  const frames = Number(values.frames);
  mkdirSync(values.out, { recursive: true });
  const beganMs = Date.now();
  let [before, shownMs] = [-1, 0];
  const totals = await runCampaign({
    frames,
    firstSeed: Number(values.seed),
    threads: Number(values.threads),
    stateFile: join(values.out, "state.json"),
    onProgress({ frames: done, leaks, drives }) {
      if (before < 0) before = done;
      if (!process.stderr.isTTY || Date.now() - shownMs < 200) return;
      shownMs = Date.now();
      const bar = "█".repeat(Math.round(32 * Math.min(1, done / frames))).padEnd(32, "░");
      process.stderr.write(`\r${bar} ${done} frames in ${drives} drives, ${leaks} leaks `);
    },
  });
  const perSecond = ((totals.frames - Math.max(0, before)) * 1000) / (Date.now() - beganMs);
  // A minute's work, and the same whatever the frames were.
  const unseen = frames >= LARGE ? await measureUnseen() : [];
  const report = reportOf(totals, unseen, perSecond);
  writeFileSync(join(values.out, "campaign.json"), `${JSON.stringify(report, null, 1)}\n`);
  writeFileSync(join(values.out, "campaign.html"), campaignPage(report));
  process.stdout.write(`\n${campaignTable(report)}\noutput: ${values.out}\n`);
  return totals.leaks === 0 && totals.wrongAccounts.length === 0 ? 0 : 1;
}

if (values.help) process.stdout.write(HELP);
else process.exitCode = await main();
