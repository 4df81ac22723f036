import { expect, it, describe } from "vitest";
import { seededRandom } from "../../../src/core/random.ts";
import { CAPTURE_ERROR_MS, createCaptureClock } from "../../../src/sources/cameras/capture-clock.ts";
import type { CaptureTime } from "../../../src/sources/cameras/capture-clock.ts";

const T0 = 1_800_000_000_000;
const timeOf = (captured: CaptureTime): number => (captured.known ? captured.timeMs : Number.NaN);

describe("a device's clock is mapped by its promptest pictures", () => {
  it("a second after the start, and not before", () => {
    const clock = createCaptureClock({ latencyMs: 30, deviceTime: "clock" });
    const known = Array.from({ length: 60 }, (_, i) => clock.capturedAt(7 + i * 25, T0 + i * 25).known);
    expect(known.indexOf(true)).toBe(40);
    expect(known.slice(40)).not.toContain(false);
  });

  it("a picture that waited is dated when it was taken", () => {
    const clock = createCaptureClock({ latencyMs: 30, deviceTime: "clock" });
    for (let i = 0; i < 100; i++) clock.capturedAt(i * 25, T0 + i * 25);
    expect(timeOf(clock.capturedAt(2500, T0 + 2500 + 200))).toBe(T0 + 2500 - 30);
  });

  it("what waited before the start sets no time: the burst makes the mapping begin anew", () => {
    const clock = createCaptureClock({ latencyMs: 0, deviceTime: "clock" });
    // Thirty pictures of one second come at once, then one every 33 ms.
    const captured = Array.from({ length: 90 }, (_, i) =>
      clock.capturedAt(i * 33, T0 + Math.max(i * 33, 990)),
    );
    captured.forEach((time, i) => {
      if (time.known) expect(Math.abs(time.timeMs - (T0 + i * 33))).toBeLessThanOrEqual(CAPTURE_ERROR_MS);
    });
    expect(captured.some(({ known }) => known)).toBe(true);
  });

  it("a device clock that jumps back, stands still or says nothing is another clock", () => {
    for (const next of [5, 2475, Number.NaN]) {
      const clock = createCaptureClock({ latencyMs: 0, deviceTime: "clock" });
      for (let i = 0; i < 100; i++) clock.capturedAt(i * 25, T0 + i * 25);
      expect(clock.capturedAt(next, T0 + 2500).known).toBe(false);
    }
  });

  it("a device clock that runs at another rate is not believed", () => {
    for (const stepMs of [1, 15, 20, 24, 24.9, 25.1, 26, 30, 100]) {
      const clock = createCaptureClock({ latencyMs: 0, deviceTime: "clock" });
      let worstMs = 0;
      for (let i = 0; i < 2000; i++) {
        const captured = clock.capturedAt(i * stepMs, T0 + i * 25);
        if (captured.known) worstMs = Math.max(worstMs, Math.abs(captured.timeMs - (T0 + i * 25)));
      }
      // A quarter of a second passes before the pictures that are no longer prompt are noticed.
      expect(worstMs, `${stepMs} for 25`).toBeLessThanOrEqual(1.5 * CAPTURE_ERROR_MS);
    }
  });

  it("the shared clock that is set makes times unknown, or old", () => {
    for (const stepMs of [3_600_000, -3_600_000]) {
      const clock = createCaptureClock({ latencyMs: 0, deviceTime: "clock" });
      for (let i = 0; i < 100; i++) clock.capturedAt(i * 25, T0 + i * 25);
      const fresh = Array.from({ length: 39 }, (_, n) => n + 100).filter((i) => {
        const nowMs = T0 + i * 25 + stepMs;
        const captured = clock.capturedAt(i * 25, nowMs);
        return captured.known && nowMs - captured.timeMs < 3_600_000;
      });
      expect(fresh).toEqual([]);
    }
  });

  it("clocks that drift apart by 100 ppm stay mapped", () => {
    const clock = createCaptureClock({ latencyMs: 0, deviceTime: "clock" });
    const errorsMs = Array.from({ length: 40_000 }, (_, i) =>
      Math.abs(timeOf(clock.capturedAt(i * 25 * 1.0001, T0 + i * 25)) - (T0 + i * 25)),
    );
    expect(Math.max(...errorsMs.slice(60))).toBeLessThanOrEqual(5);
  });
});

it("with nothing but the count, what comes late has no time, and what is prompt has", () => {
  const random = seededRandom(7);
  const clock = createCaptureClock({ latencyMs: 10, deviceTime: "count" });
  let known = 0;
  let arrivalMs = 0;
  for (let i = 0; i < 3000; i++) {
    const takenMs = T0 + i * 25;
    const waitedMs = random() < 0.02 ? 50 + random() * 1500 : random() * 4;
    arrivalMs = Math.max(arrivalMs, takenMs + 10 + waitedMs); // nothing overtakes
    const captured = clock.capturedAt(i * 25, arrivalMs);
    if (!captured.known) continue;
    known++;
    expect(Math.abs(captured.timeMs - takenMs)).toBeLessThanOrEqual(CAPTURE_ERROR_MS + 4);
  }
  expect(known).toBeGreaterThan(500);
});
