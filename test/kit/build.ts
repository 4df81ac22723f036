import { execFileSync } from "node:child_process";

/** Builds the command once before all tests: they run it as its users do. */
export function setup(): void {
  execFileSync("npm", ["run", "--silent", "build:cli"], { stdio: "inherit" });
  execFileSync("npm", ["run", "--silent", "build:map"], { stdio: "inherit" });
}
