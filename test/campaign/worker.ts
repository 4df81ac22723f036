import { parentPort } from "node:worker_threads";
import { flavourOf, runCampaignDrive } from "./run-drive.ts";

/* A thread of the campaign: seeds come in, what came of their drives goes out. */

parentPort?.on("message", (seeds: readonly number[]) => {
  void work(seeds);
});

async function work(seeds: readonly number[]): Promise<void> {
  const results = [];
  for (const seed of seeds) {
    try {
      results.push(await runCampaignDrive(seed, flavourOf(seed)));
    } catch (thrown) {
      throw new Error(`seed ${seed}: ${String(thrown)}`, { cause: thrown });
    }
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(results);
}
