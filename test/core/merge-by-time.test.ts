import { expect, test } from "vitest";
import { mergeByTime } from "../../src/core/merge-by-time.ts";

const item = (name: string) => ({ name, timeMs: Number(name.slice(1)) });

async function* later(names: readonly string[]) {
  for (const name of names) yield await Promise.resolve(item(name));
}

async function merged(sources: Parameters<typeof mergeByTime<ReturnType<typeof item>>>[0]): Promise<string> {
  const names: string[] = [];
  for await (const { name } of mergeByTime(sources)) names.push(name);
  return names.join(" ");
}

test("sources in time order become one, at equal times in the order of the sources", async () => {
  expect(await merged([["a1", "a3", "a3"].map(item), later(["b0", "b3", "b9"]), []])).toBe(
    "b0 a1 a3 a3 b3 b9",
  );
});

test("no sources are an empty one", async () => {
  expect(await merged([])).toBe("");
});

test("sources are closed when the reader stops", async () => {
  let closed = 0;
  async function* endless() {
    try {
      for (let timeMs = 0; ; timeMs += 1) yield await Promise.resolve({ timeMs });
    } finally {
      closed += 1;
    }
  }
  for await (const { timeMs } of mergeByTime([endless(), endless()])) if (timeMs > 3) break;
  expect(closed).toBe(2);
});
