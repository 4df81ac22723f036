import { spawnSync } from "node:child_process";

/** Whether a command-line tool of another package is there; tests that need an absent one skip, loudly. */
export function hasTool(name: string): boolean {
  const found = spawnSync(name, ["--version"], { stdio: "ignore" }).error === undefined;
  if (!found) process.stderr.write(`tests: ${name} is absent, tests with it are skipped\n`);
  return found;
}
