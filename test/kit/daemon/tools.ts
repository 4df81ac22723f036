import { spawnSync } from "node:child_process";

/** Tests that need an apt tool skip, loudly, where it is absent. */
export function has(program: string, ...args: readonly string[]): boolean {
  const found = spawnSync(program, args, { stdio: "ignore" }).error === undefined;
  if (!found) process.stderr.write(`tests: ${program} is absent, tests that need it are skipped\n`);
  return found;
}

export const hasFfmpeg = has("ffmpeg", "-version");
export const hasGpsd = has("gpsd", "-V") && has("gpsfake", "-h");
