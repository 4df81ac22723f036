/** What a command may touch; only `main.ts` connects it to the process. */
export interface Io {
  /** Results, for people or (with `--json`) for programs. */
  readonly stdout: (text: string) => void;
  /** Progress, warnings and errors. */
  readonly stderr: (text: string) => void;
  /** True when stderr is a terminal that progress may be drawn on. */
  readonly interactive: boolean;
  /** True when stdout may carry colour. */
  readonly colour: boolean;
  /** Wall clock, milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
}

/** 0 fine, 1 checked and found wrong, 2 wrong usage, 3 our fault. */
export type ExitCode = 0 | 1 | 2 | 3;

export type Command = (args: readonly string[], io: Io) => Promise<ExitCode>;
