/** Prints what a test measured, on one line. */
export function report(what: string, measured: unknown): void {
  process.stdout.write(`${what} ${JSON.stringify(measured)}\n`);
}
