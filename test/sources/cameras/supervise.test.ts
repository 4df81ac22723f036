import { NEVER, Observable, VirtualTimeScheduler, concat, interval, map, of, take, throwError } from "rxjs";
import { expect, it } from "vitest";
import { supervise } from "../../../src/sources/cameras/supervise.ts";
import type { FeedState } from "../../../src/sources/cameras/supervise.ts";

const OPTIONS = { startMs: 1000, stallMs: 200, minRetryMs: 100, maxRetryMs: 500 };

function watch(start: (attempt: number) => Observable<number>, untilMs: number) {
  const clock = new VirtualTimeScheduler(undefined, untilMs);
  const states: (FeedState & { atMs: number })[] = [];
  const values: number[] = [];
  let attempts = 0;
  let open = 0;
  const counted = (): Observable<number> =>
    new Observable((subscriber) => {
      open++;
      const inner = start(attempts++).subscribe(subscriber);
      inner.add(() => open--);
      return inner;
    });
  const next = (state: FeedState): void => {
    states.push({ ...state, atMs: clock.now() });
  };
  let ended = false;
  const running = supervise(counted, OPTIONS, { next }, clock).subscribe({
    next: (value) => values.push(value),
    error: () => (ended = true),
    complete: () => (ended = true),
  });
  clock.flush();
  const openAtEnd = open;
  running.unsubscribe();
  return { states, values, attempts, ended, openAtEnd, clock };
}

it("a dead input starts again after waits that double up to the bound", () => {
  const { states, ended } = watch(() => throwError(() => new Error("no such device")), 3000);
  const downs = states.flatMap((state) => (state.kind === "down" ? [[state.atMs, state.retryMs]] : []));
  expect(downs.slice(0, 6)).toEqual([
    [0, 100],
    [100, 200],
    [300, 400],
    [700, 500],
    [1200, 500],
    [1700, 500],
  ]);
  expect(states.find(({ kind }) => kind === "down")).toMatchObject({ why: "no such device" });
  expect(ended).toBe(false);
});

it("one that stalls is ended before it is started again", () => {
  const { states, openAtEnd, attempts } = watch(() => concat(of(1, 2), NEVER), 1000);
  expect(states.slice(0, 4).map(({ kind, atMs }) => [kind, atMs])).toEqual([
    ["starting", 0],
    ["running", 0],
    ["down", 200],
    ["starting", 300],
  ]);
  expect(openAtEnd).toBeLessThanOrEqual(1);
  expect(attempts).toBeGreaterThan(2);
});

it("one that gives nothing from the start has longer", () => {
  const { states } = watch(() => NEVER, 1500);
  expect(states.map(({ kind, atMs }) => [kind, atMs])).toEqual([
    ["starting", 0],
    ["down", 1000],
    ["starting", 1100],
  ]);
});

it("one that ends is started again, and five good seconds reset the waits", () => {
  const clocked = (attempt: number): Observable<number> =>
    attempt < 3 ? of(attempt) : attempt === 3 ? goodFor(6000) : throwError(() => new Error("gone"));
  let clock: VirtualTimeScheduler | null = null;
  const goodFor = (ms: number) =>
    interval(100, clock ?? undefined).pipe(
      take(ms / 100),
      map(() => 9),
    );
  clock = new VirtualTimeScheduler(undefined, 8000);
  const downs: number[] = [];
  let attempts = 0;
  const next = (state: FeedState): void => {
    if (state.kind === "down") downs.push(state.retryMs);
  };
  const running = supervise(() => clocked(attempts++), OPTIONS, { next }, clock).subscribe();
  clock.flush();
  running.unsubscribe();
  expect(downs.slice(0, 5)).toEqual([100, 200, 400, 100, 200]);
});
