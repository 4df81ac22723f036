import { parentPort } from "node:worker_threads";
import { messageOf } from "../core/errors.ts";
import { createJobRunner } from "./impact/job-runner.ts";
import type { ImpactJob } from "./impact/job.ts";

/* A thread of `camfence impact`: one job at a time comes in as a message, its result or what went wrong goes out. */

const run = createJobRunner();

parentPort?.on("message", (job: ImpactJob) => {
  run(job).then(
    (result) => answer({ result }),
    (thrown: unknown) => answer({ error: messageOf(thrown) }),
  );
});

function answer(message: unknown): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(message);
}
