import { setImmediate } from "node:timers/promises";
import { VirtualTimeScheduler } from "rxjs";
import { describe, expect, it } from "vitest";
import { createLane } from "../../src/gate/lane.ts";
import type { LaneOptions } from "../../src/gate/lane.ts";

function create(changes: Partial<LaneOptions<number, string>> = {}) {
  const clock = new VirtualTimeScheduler();
  const done: string[] = [];
  const lane = createLane<number, string>(
    {
      capacity: 3,
      holdMs: 0,
      maxWorkMs: 100,
      isReady: () => false,
      work: (item) => `${item}`,
      giveUp: (item, why) => `${item} ${why}`,
      done: (result) => done.push(result),
      ...changes,
    },
    clock,
  );
  const pass = (ms: number) => {
    clock.maxFrames = clock.frame + ms;
    clock.flush();
    clock.frame = clock.maxFrames;
  };
  return { lane, done, pass, clock };
}

describe("holding", () => {
  it.each([
    [49, []],
    [50, ["1"]],
    [51, ["1"]],
  ])("for 50 ms; after %i ms: %j", (ms, expected) => {
    const { lane, done, pass } = create({ holdMs: 50 });
    lane.push(1);
    pass(ms);
    expect(done).toEqual(expected);
  });

  it("ends when an item becomes ready, in order", () => {
    const ready = new Set<number>();
    const { lane, done, pass } = create({ holdMs: 50, isReady: (item) => ready.has(item) });
    lane.push(1);
    lane.push(2);
    ready.add(2);
    lane.pump();
    expect(done).toEqual([]);
    ready.add(1);
    lane.pump();
    expect(done).toEqual(["1", "2"]);
    pass(1000);
    expect(done).toHaveLength(2);
  });

  it("counts from each item's own arrival", () => {
    const { lane, done, pass } = create({ holdMs: 50 });
    lane.push(1);
    pass(30);
    lane.push(2);
    pass(20);
    expect(done).toEqual(["1"]);
    pass(30);
    expect(done).toEqual(["1", "2"]);
  });

  it("is over when the clock went back", () => {
    const { lane, done, clock } = create({ holdMs: 50 });
    clock.frame = 10_000;
    lane.push(1);
    clock.frame = 1000;
    lane.pump();
    expect(done).toEqual(["1"]);
  });
});

describe("work", () => {
  it("has its whole time, whatever became of the work before it", async () => {
    const ends: ((result: string) => void)[] = [];
    const { lane, done, pass } = create({ work: () => new Promise((resolve) => ends.push(resolve)) });
    lane.push(1);
    pass(50);
    ends[0]?.("1");
    await setImmediate();
    pass(10);
    lane.push(2);
    pass(99);
    expect(done).toEqual(["1"]);
    pass(1);
    expect(done).toEqual(["1", "2 unfinished"]);
  });

  it("has no more than that when the clock went back", () => {
    const { lane, done, pass, clock } = create({ holdMs: 50, work: () => new Promise(() => {}) });
    clock.frame = 10_000;
    lane.push(1);
    clock.frame = 1000;
    lane.pump();
    pass(100);
    expect(done).toEqual(["1 unfinished"]);
  });
});

describe("a full lane", () => {
  it.each([
    [2, ["1", "2"]],
    [3, ["1", "2", "3"]],
    [4, ["1", "2", "3", "4 full"]],
    [5, ["1", "2", "3", "4 full", "5 full"]],
  ])("of three, %i items: %j", (items, expected) => {
    const { lane, done, pass } = create({ holdMs: 50 });
    for (let item = 1; item <= items; item++) lane.push(item);
    expect(done).toEqual([]);
    pass(50);
    expect(done).toEqual(expected);
  });

  it("has room again for what comes after", () => {
    const { lane, done, pass } = create({ holdMs: 50 });
    for (let item = 1; item <= 4; item++) lane.push(item);
    pass(50);
    lane.push(5);
    pass(50);
    expect(done.at(-1)).toBe("5");
  });

  it("takes results that are there already, in their turn", () => {
    const { lane, done, pass } = create({ holdMs: 50 });
    lane.follow("first");
    lane.push(1);
    lane.follow("second");
    expect(done).toEqual(["first"]);
    pass(50);
    expect(done).toEqual(["first", "1", "second"]);
  });
});

describe("from within `done`", () => {
  it("pushing keeps the order", () => {
    const done: string[] = [];
    const { lane } = create({
      done: (result) => {
        done.push(result);
        if (done.length < 4) lane.push(done.length + 1);
      },
    });
    lane.push(1);
    expect(done).toEqual(["1", "2", "3", "4"]);
  });

  it("closing gives up the rest", () => {
    const done: string[] = [];
    const { lane, pass } = create({
      holdMs: 50,
      done: (result) => {
        done.push(result);
        lane.close();
      },
    });
    for (let item = 1; item <= 3; item++) lane.push(item);
    pass(1000);
    lane.push(4);
    expect(done).toEqual(["1", "2 closed", "3 closed", "4 closed"]);
  });
});
