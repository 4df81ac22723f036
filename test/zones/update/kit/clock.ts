import { VirtualTimeScheduler } from "rxjs";

/** A vehicle's clock and timers, moved by the test; the clock may be set apart from the timers. */
export class Clock extends VirtualTimeScheduler {
  setByMs = 0;

  constructor(startMs: number) {
    super();
    this.frame = startMs;
    this.now = () => this.frame + this.setByMs;
  }

  /** Runs the timers that are due within this time. */
  advance(ms: number): void {
    const untilMs = this.frame + ms;
    this.maxFrames = untilMs;
    this.flush();
    this.frame = untilMs;
  }
}

/** Resolves when it is so; the test's own time limit ends it otherwise. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
}
