import { expect, it } from "vitest";
import { createReusedMemory } from "../../../src/cli/filter/reused-memory.ts";

const CHUNK_BYTES = 100_000;

function memoryWith() {
  const held = new Set<ArrayBufferLike>();
  return { held, memory: createReusedMemory((each) => held.has(each)) };
}

it("memory in which nothing waits serves for the next record", () => {
  const { memory } = memoryWith();
  const first = memory.take(CHUNK_BYTES);
  expect(memory.take(CHUNK_BYTES + 5000).buffer).toBe(first.buffer);
});

it("memory in which a message waits is not written over, until it has gone", () => {
  const { memory, held } = memoryWith();
  const first = memory.take(CHUNK_BYTES);
  held.add(first.buffer);
  const second = memory.take(CHUNK_BYTES);
  expect(second.buffer).not.toBe(first.buffer);
  held.add(second.buffer);
  expect([first.buffer, second.buffer]).not.toContain(memory.take(CHUNK_BYTES).buffer);
  held.delete(first.buffer);
  memory.maybeIdle(first.buffer);
  held.add(first.buffer);
  expect(memory.take(CHUNK_BYTES).buffer).not.toBe(first.buffer);
  held.delete(first.buffer);
  memory.maybeIdle(first.buffer);
  expect([memory.take(CHUNK_BYTES), memory.take(CHUNK_BYTES)].map(({ buffer }) => buffer)).toContain(
    first.buffer,
  );
});

it("memory that the gate may still read is never used again", () => {
  const { memory } = memoryWith();
  const first = memory.take(CHUNK_BYTES);
  memory.abandon(first.buffer);
  memory.maybeIdle(first.buffer);
  for (let i = 0; i < 5; i++) expect(memory.take(CHUNK_BYTES).buffer).not.toBe(first.buffer);
});

it("a small record does not get the memory of a large one, and what is too much is let go", () => {
  const { memory, held } = memoryWith();
  const large = Array.from({ length: 40 }, () => {
    const { buffer } = memory.take(4_000_000);
    held.add(buffer);
    return buffer;
  });
  held.clear();
  for (const each of large) memory.maybeIdle(each);
  expect(large).not.toContain(memory.take(CHUNK_BYTES).buffer);
  const again = new Set(
    large.map(() => {
      const { buffer } = memory.take(4_000_000);
      held.add(buffer);
      return buffer;
    }),
  );
  // 64 MiB are kept, but for the one that was taken.
  expect(large.filter((each) => again.has(each)).length).toBeLessThanOrEqual(17);
  expect(large.filter((each) => again.has(each)).length).toBeGreaterThan(10);
});
