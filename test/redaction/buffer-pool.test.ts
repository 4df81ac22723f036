import { expect, test } from "vitest";
import { createBufferPool } from "../../src/redaction/buffer-pool.ts";
import { createRedactor } from "../../src/redaction/redactor.ts";
import { frameOf, released } from "./frames.ts";

test("a buffer comes back zeroed, whatever was in it", () => {
  const pool = createBufferPool();
  const first = pool.take(100).fill(7);
  pool.giveBack(first);
  const second = pool.take(100);
  expect(second).toBe(first);
  expect(second.every((byte) => byte === 0)).toBe(true);
});

test("two takers never share a buffer, even when one gives it back twice", () => {
  const pool = createBufferPool();
  const buffer = pool.take(10);
  pool.giveBack(buffer);
  pool.giveBack(buffer);
  expect(pool.take(10)).not.toBe(pool.take(10));
});

test("a buffer of somebody else's is left alone", () => {
  const pool = createBufferPool();
  const foreign = new Uint8Array(10).fill(7);
  pool.giveBack(foreign);
  expect(foreign[0]).toBe(7);
  expect(pool.take(10)).not.toBe(foreign);
});

test("no more is kept than stated, and what is let go is zeroed all the same", () => {
  const pool = createBufferPool({ keptBytes: 15 });
  const [one, other] = [pool.take(10).fill(1), pool.take(10).fill(2)];
  pool.giveBack(one);
  pool.giveBack(other);
  expect(other.every((byte) => byte === 0)).toBe(true);
  expect([pool.take(10), pool.take(10)]).not.toContain(other);
});

test("blurred copies come from the pool that is given", async () => {
  const pool = createBufferPool();
  const redactor = createRedactor({}, pool);
  const size = { width: 16, height: 16 };
  const original = new Uint8Array(256).fill(99);
  const one = await released(redactor.blur(frameOf("gray8", size, original)));
  pool.giveBack(one.frame.data);
  const other = await released(redactor.blur(frameOf("gray8", size, original)));
  expect(other.frame.data).toBe(one.frame.data);
});
