import { parentPort } from "node:worker_threads";
import type { PixelSource, Scenario } from "../../simulator/index.ts";
import { CamfenceError, messageOf } from "../core/errors.ts";
import { simulateOne } from "./simulate/simulate-one.ts";
import { pixelsFor } from "./simulate/simulate-pixels.ts";
import type { RunAnswer, RunRequest } from "./simulate-threads.ts";

/* A thread of `camfence simulate`: a scenario and a seed come in, what came of the drive goes out. */

const pixels = new Map<string, PixelSource>();

async function answerTo({ scenario, seed }: RunRequest): Promise<RunAnswer> {
  try {
    return { result: await simulateOne(scenario, seed, { pixels: await known(scenario) }) };
  } catch (thrown) {
    const code = thrown instanceof CamfenceError ? thrown.code : "fault";
    return { error: { code, message: messageOf(thrown) } };
  }
}

async function known(scenario: Scenario): Promise<PixelSource> {
  const key = JSON.stringify(scenario.cameras);
  const source = pixels.get(key) ?? (await pixelsFor(scenario));
  pixels.set(key, source);
  return source;
}

parentPort?.on("message", (request: RunRequest) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  void answerTo(request).then((answer) => parentPort?.postMessage(answer));
});
