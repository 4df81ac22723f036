import { pino } from "pino";

/** What may stand in a log: names, numbers and words of ours. Never positions, pixels or zones. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export interface Log {
  debug(what: string, fields?: LogFields): void;
  info(what: string, fields?: LogFields): void;
  warn(what: string, fields?: LogFields): void;
  error(what: string, fields?: LogFields): void;
}

/** JSON lines with `level`, `time` and `msg`, as the journal and log shippers read them. */
export function createLog(
  level: "debug" | "info" | "warn" | "error",
  write: (line: string) => void,
  nowMs: () => number,
): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date(nowMs()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
  return {
    debug: (what, fields = {}) => logger.debug(fields, what),
    info: (what, fields = {}) => logger.info(fields, what),
    warn: (what, fields = {}) => logger.warn(fields, what),
    error: (what, fields = {}) => logger.error(fields, what),
  };
}
