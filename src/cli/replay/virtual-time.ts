import { setImmediate } from "node:timers/promises";
import type { VirtualTimeScheduler } from "rxjs";
import type { Redactor } from "../../redaction/redactor.ts";

/** Lets time pass: what is due by then happens at its own time. Time never goes back. */
export function advance(clock: VirtualTimeScheduler, untilMs: number): void {
  clock.maxFrames = untilMs;
  clock.flush();
  clock.frame = Math.max(clock.frame, untilMs);
}

/** Follows the work that goes on outside of virtual time. */
export interface UnderWay {
  add<T>(work: T | Promise<T>): T | Promise<T>;
  any(): boolean;
  done(): Promise<void>;
  watch(redactor: Redactor): Redactor;
}

export function createUnderWay(): UnderWay {
  let running: Promise<unknown>[] = [];
  const add = <T>(work: T | Promise<T>): T | Promise<T> => {
    if (work instanceof Promise) running.push(work);
    return work;
  };
  return {
    add,
    any: () => running.length > 0,
    async done() {
      while (running.length > 0) {
        const current = running;
        running = [];
        await Promise.all(current);
        // What was redacted is on its way through the guard's own promises; it may yet be written.
        await setImmediate();
      }
    },
    watch: (redactor) => ({
      ...redactor,
      release: (frame) => add(redactor.release(frame)),
      blur: (frame) => add(redactor.blur(frame)),
    }),
  };
}
