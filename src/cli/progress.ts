import type { Io } from "./io.ts";

/** A bar on stderr that shows how far long work has come; nothing where stderr is no terminal. */
export interface Progress {
  /** `share` from 0 to 1. */
  update(share: number): void;
  /** Clears the bar. */
  end(): void;
}

const WIDTH = 32;
const MIN_REDRAW_MS = 80;

export function createProgress(io: Io, label: string): Progress {
  let drawnMs = -Infinity;
  if (!io.interactive) return { update: () => {}, end: () => {} };
  return {
    update(share) {
      const nowMs = io.nowMs();
      if (nowMs - drawnMs < MIN_REDRAW_MS) return;
      drawnMs = nowMs;
      const done = Math.round(Math.min(1, Math.max(0, share)) * WIDTH);
      io.stderr(`\r${label} ${"█".repeat(done)}${"░".repeat(WIDTH - done)} ${Math.round(share * 100)} %`);
    },
    end() {
      io.stderr("\r\u001B[K");
    },
  };
}
