import { randomBytes } from "node:crypto";
import { VirtualTimeScheduler } from "rxjs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../src/core/random.ts";
import { backOffMs } from "../../src/upload/back-off.ts";
import type { Ending } from "../../src/upload/outcome.ts";
import { createPace } from "../../src/upload/pace.ts";
import { createPatience } from "../../src/upload/patience.ts";
import { createQueue } from "../../src/upload/queue.ts";
import { createVehicle } from "./kit/uploading.ts";

const BACK_OFF = { firstMs: 1000, capMs: 8000 };
const later: Ending = { kind: "retry-later", why: "busy", detail: "" };
const faulty: Ending = { kind: "retry-later", why: "receiver-fault", detail: "" };
const tooLarge: Ending = { kind: "refused", why: "too-large", detail: "" };
const gone: Ending = { kind: "gone" };

test.each([
  [0, 0, 0],
  [1, 500, 1000],
  [2, 1000, 2000],
  [3, 2000, 4000],
  [4, 4000, 8000],
  [5, 4000, 8000],
  [2000, 4000, 8000],
])("after %i failures in a row the wait is from %i to %i ms", (failures, leastMs, mostMs) => {
  expect(backOffMs(failures, BACK_OFF, () => 0)).toBe(leastMs);
  expect(backOffMs(failures, BACK_OFF, () => 1)).toBe(mostMs);
  const random = seededRandom(1);
  const waits = new Set(Array.from({ length: 10 }, () => backOffMs(failures, BACK_OFF, random)));
  expect(waits.size).toBe(failures === 0 ? 1 : 10);
});

/** A queue of segments a, b, c on a clock that stands until it is moved. */
function queueOf(...ids: readonly string[]) {
  const vehicle = createVehicle();
  for (const id of ids) vehicle.put(id, randomBytes(10));
  let nowMs = 0;
  const queue = createQueue({
    store: vehicle.store,
    region: "cn",
    backOff: BACK_OFF,
    random: () => 1,
    pollMs: 77,
    nowMs: () => nowMs,
  });
  const next = (): string | undefined => queue.next()?.segment.id;
  const note = (id: string, ending: Ending): void => {
    const segment = vehicle.store.list().find((each) => each.id === id);
    if (segment !== undefined) queue.note(segment, ending);
  };
  return { queue, next, note, vehicle, passMs: (ms: number) => (nowMs += ms) };
}

describe("the queue", () => {
  test("begins with the oldest, and looks again after a while when it is empty", () => {
    const { next, queue } = queueOf("a", "b");
    expect(next()).toBe("a");
    expect(queue.waitMs()).toBe(0);
    const empty = queueOf();
    expect(empty.next()).toBeUndefined();
    expect(empty.queue.waitMs()).toBe(77);
  });

  test("stays with the oldest while its endpoint fails, waiting longer and longer", () => {
    const { next, note, queue } = queueOf("a", "b");
    const waits = [1, 2, 3].map(() => {
      expect(next()).toBe("a");
      note("a", later);
      return queue.waitMs();
    });
    expect(waits).toEqual([1000, 2000, 4000]);
  });

  test("passes over a segment that the endpoint fails at again and again, and comes back to it", () => {
    const { next, note, passMs } = queueOf("a", "b");
    for (let i = 0; i < 4; i++) {
      expect(next()).toBe("a");
      note("a", later);
    }
    expect(next()).toBe("b");
    passMs(8000);
    expect(next()).toBe("a");
  });

  test("passes at once over a segment that failed by itself, without a wait", () => {
    const { next, note, queue, passMs } = queueOf("a", "b");
    expect(next()).toBe("a");
    note("a", tooLarge);
    expect(queue.waitMs()).toBe(0);
    expect(next()).toBe("b");
    passMs(999);
    expect(next()).toBe("b");
    passMs(1);
    expect(next()).toBe("a");
  });

  test("begins a segment anew when the receiver fails again and again at what is there of it", () => {
    const { note, queue, passMs } = queueOf("a");
    const starts = Array.from({ length: 6 }, () => {
      const startOver = queue.next()?.startOver;
      note("a", faulty);
      passMs(10_000);
      return startOver;
    });
    expect(starts).toEqual([false, false, false, false, true, true]);
  });

  test("does not begin anew for failures that say nothing of what is there", () => {
    const { note, queue, passMs } = queueOf("a");
    for (let i = 0; i < 6; i++) {
      note("a", later);
      passMs(10_000);
    }
    expect(queue.next()?.startOver).toBe(false);
  });

  test("forgets what failed once it went well", () => {
    const { note, queue } = queueOf("a");
    note("a", later);
    note("a", later);
    note("a", gone);
    queue.next();
    expect(queue.waitMs()).toBe(0);
    note("a", later);
    expect(queue.waitMs()).toBe(1000);
  });
});

test("a bandwidth limit holds over any second, whoever sends", () => {
  const pieces = fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 60 });
  return fc.assert(
    fc.asyncProperty(pieces, async (sizes) => {
      const scheduler = new VirtualTimeScheduler();
      const pace = createPace(100_000, scheduler);
      const sent: { readonly atMs: number; readonly bytes: number }[] = [];
      const sending = sizes.map((bytes) =>
        pace(bytes).then(() => sent.push({ atMs: scheduler.now(), bytes })),
      );
      // Virtual time goes on when every promise so far has had its turn.
      for (let i = 0; i < sizes.length; i++) {
        await Promise.resolve();
        scheduler.flush();
        await new Promise((resolve) => setImmediate(resolve));
      }
      await Promise.all(sending);
      const largest = Math.max(...sizes);
      const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
      // All that is sent but the last piece, at the rate, less the quarter of a second that may go at once.
      const leastMs = ((total - largest) / 100_000) * 1000 - 250;
      expect(scheduler.now()).toBeGreaterThanOrEqual(leastMs - 1);
      expect(scheduler.now()).toBeLessThanOrEqual((total / 100_000) * 1000);
    }),
    { numRuns: process.env["SLOW"] === "1" ? 500 : 30 },
  );
});

test("patience ends after a silence, begins anew with every byte, and stands while we are the ones who wait", () => {
  const scheduler = new VirtualTimeScheduler();
  const ends: number[] = [];
  const patience = createPatience(100, scheduler);
  patience.onEnd(() => ends.push(scheduler.now()));
  scheduler.schedule(() => patience.renew(), 90);
  scheduler.schedule(() => patience.pause(), 150);
  scheduler.schedule(() => patience.renew(), 1000);
  scheduler.flush();
  expect(ends).toEqual([1100]);
});
