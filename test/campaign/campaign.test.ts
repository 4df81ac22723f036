import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { simulateDrive } from "../../simulator/index.ts";
import { randomScenario } from "../../simulator/campaign/random-scenario.ts";
import { createLeastJudge } from "../../simulator/truth/least-judge.ts";
import { createOracle } from "../../simulator/truth/oracle.ts";
import { createQuickOracle } from "../../simulator/truth/quick-oracle.ts";
import { tempDir } from "../kit/cli.ts";
import { runCampaign } from "./campaign.ts";
import type { CampaignOptions } from "./campaign.ts";
import { campaignPage, campaignTable, reportOf } from "./report.ts";

/** The short form; `SLOW=1` drives the million. */
const FRAMES = process.env["SLOW"] === "1" ? 1_000_000 : 24_000;
const options = (changes: Partial<CampaignOptions> = {}): CampaignOptions => ({
  frames: FRAMES,
  firstSeed: 0,
  threads: 2,
  stateFile: null,
  onProgress: () => {},
  ...changes,
});

it("no frame leaks while what the guard assumes holds, and every pass that is checked is proven", async () => {
  const totals = await runCampaign(options());
  expect(totals.firstLeaks).toEqual([]);
  expect(totals.leaks).toBe(0);
  expect(totals.unproven).toBe(0);
  expect(totals.frames).toBeGreaterThanOrEqual(FRAMES);
  // It proves something only where frames are released, and where many must not be.
  expect(totals.released).toBeGreaterThan(FRAMES / 10);
  expect(totals.restricted).toBeGreaterThan(FRAMES / 10);
  expect(totals.early.length).toBeGreaterThan(2);
  // The guard may not close later than the least that any sound judge must.
  expect(totals.early.filter(([guardM, leastM]) => guardM < leastM)).toEqual([]);
  const report = reportOf(totals, [], 1);
  expect(campaignTable(report)).toContain("early closing, guard");
  expect(campaignPage(report)).toContain("<h1>0 leaks in");
  if (process.env["SLOW"] !== "1") return;
  expect(report.early.guardM.p50 / report.early.leastM.p50).toBeLessThanOrEqual(1.3);
  expect(report.early.guardM.p95 / report.early.leastM.p95).toBeLessThanOrEqual(2);
}, 1_200_000);

it("a campaign that is interrupted goes on, and gives what one at a stretch gives", async () => {
  const dir = tempDir();
  const stateFile = join(dir, "state.json");
  const whole = await runCampaign(options({ frames: 6000, threads: 1 }));
  await runCampaign(options({ frames: 2000, stateFile }));
  expect(existsSync(stateFile)).toBe(true);
  const resumed = await runCampaign(options({ frames: 6000, stateFile }));
  expect(resumed).toEqual(whole);
  const state = JSON.parse(readFileSync(stateFile, "utf8")) as object;
  writeFileSync(stateFile, JSON.stringify({ ...state, version: 0 }));
  expect((await runCampaign(options({ frames: 1000, stateFile }))).drives).toBe(4);
});

it("the quick oracle says what the oracle says", async () => {
  let asked = 0;
  let forbidden = 0;
  for (let seed = 1000; seed < 1012; seed++) {
    const drive = simulateDrive(await randomScenario(seed, "within"));
    const [exact, quick] = [createOracle(), createQuickOracle(drive.truthAt(drive.startMs))];
    for (const camera of drive.cameras) {
      for (let atMs = drive.startMs; atMs < drive.endMs; atMs += 170) {
        const truth = drive.truthAt(atMs);
        const zones = drive.zonesAt(atMs);
        const leak = exact.leak(zones, truth, camera, "pass");
        expect(quick.restricts(zones, truth, camera), `seed ${seed} at ${atMs}`).toBe(leak !== null);
        expect(quick.leak(zones, truth, camera, "blur")).toEqual(exact.leak(zones, truth, camera, "blur"));
        asked++;
        if (leak !== null) forbidden++;
      }
    }
  }
  expect(forbidden).toBeGreaterThan(500);
  expect(asked - forbidden).toBeGreaterThan(500);
});

it("the least that any judge must do holds all that is truly restricted, and more the less is known", async () => {
  const drive = simulateDrive(await randomScenario(1003, "within"));
  const [told, untold] = [createLeastJudge(drive), createLeastJudge(drive)];
  const oracle = createOracle();
  const [camera] = drive.cameras;
  if (camera === undefined) throw new Error("a drive without cameras");
  let more = 0;
  for (let atMs = drive.startMs + 3000; atMs < drive.endMs; atMs += 100) {
    told.arrive(atMs);
    const must = told.mustRestrict(drive.zonesAt(atMs), camera, atMs, 0)();
    const truly = oracle.leak(drive.zonesAt(atMs), drive.truthAt(atMs), camera, "pass") !== null;
    if (truly) expect(must).toBe(true);
    if (must && !truly) more++;
    // Who was told nothing assumes nothing here: what is possible is then not known, and only the truth is held.
    if (truly) expect(untold.mustRestrict(drive.zonesAt(atMs), camera, atMs, 50)()).toBe(true);
  }
  expect(more).toBeGreaterThan(0);
});
