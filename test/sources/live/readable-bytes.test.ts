import { Readable } from "node:stream";
import { asyncScheduler } from "rxjs";
import { expect, test } from "vitest";
import { readableBytes } from "../../../src/sources/live/readable-bytes.ts";
import { sleep } from "./kit.ts";

async function until(holds: () => boolean): Promise<void> {
  const endMs = Date.now() + 30_000;
  while (!holds()) {
    if (Date.now() > endMs) throw new Error("it did not happen in time");
    await sleep(5);
  }
}

/** Gives as much as is taken, and counts it. */
function flood(chunkBytes: number) {
  let givenBytes = 0;
  const readable = new Readable({
    read() {
      givenBytes += chunkBytes;
      this.push(Buffer.alloc(chunkBytes));
    },
  });
  return { readable, given: () => givenBytes };
}

test.each([
  [1000, 100_000],
  [65_536, 1_000_000],
])(
  "a flood in chunks of %i is read at %i bytes a second; the rest stays with the sender",
  async (chunk, rate) => {
    const { readable, given } = flood(chunk);
    let [takenBytes, startMs] = [0, Date.now()];
    const reading = readableBytes(readable, rate, asyncScheduler).subscribe(
      ({ length }) => (takenBytes += length),
    );
    await until(() => takenBytes >= rate);
    const seconds = (Date.now() - startMs) / 1000 + 0.1;
    reading.unsubscribe();
    expect(takenBytes).toBeLessThan(rate * seconds + chunk);
    expect(given() - takenBytes).toBeLessThanOrEqual(chunk + readable.readableHighWaterMark);
  },
);

test("less than the rate is read at once", async () => {
  const { readable } = flood(0);
  let takenBytes = 0;
  const reading = readableBytes(readable, 1e6, asyncScheduler).subscribe(
    ({ length }) => (takenBytes += length),
  );
  readable.push(Buffer.alloc(50_000));
  await until(() => takenBytes >= 50_000);
  expect(takenBytes).toBe(50_000);
  reading.unsubscribe();
  expect(readable.destroyed).toBe(true);
});
