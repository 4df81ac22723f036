/**
 * What went wrong, for programs. `usage` is a mistake in the call (exit 2), `fault` is ours (exit 3), all
 * others say that an input was checked and found wrong (exit 1).
 */
export type ErrorCode =
  | "usage"
  | "unreadable"
  | "malformed"
  | "too-large"
  | "zones-invalid"
  | "unsupported"
  | "tampered"
  | "cut-off"
  | "wrong-key"
  | "wrong-region"
  | "self-test"
  | "fault";

/** The one error of this project. The message says what was got, what was expected, where, and what to do. */
export class CamfenceError extends Error {
  override readonly name = "CamfenceError";
  readonly code: ErrorCode;
  readonly file: string | undefined;
  readonly line: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    at: { readonly file?: string; readonly line?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: at.cause });
    this.code = code;
    this.file = at.file;
    this.line = at.line;
  }
}

/** Thrown things may be anything; this gives their message on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.replaceAll(/\s*\n\s*/g, " ");
}
