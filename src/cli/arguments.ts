import { parseArgs } from "node:util";
import type { ParseArgsConfig } from "node:util";
import { statSync, openSync, readSync, closeSync, readdirSync } from "node:fs";
import { CamfenceError, messageOf } from "../core/errors.ts";
import { isCompiled } from "../zones/compiled/layout.ts";

/** What a command takes, by name. `withHelp` takes `--help` before. */
export type OptionSpecs = NonNullable<ParseArgsConfig["options"]>;

/** Parsed options and what stands between them. Throws a `usage` error for an unknown option or a missing value. */
export function parseOptions<T extends OptionSpecs>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (thrown) {
    throw new CamfenceError("usage", `${messageOf(thrown)}; see --help`, { cause: thrown });
  }
}

/** The number of an option. Throws a `usage` error naming the option for anything else. */
export function numberOption(name: string, text: string, least: number, most: number): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= least && value <= most) return value;
  throw new CamfenceError("usage", `--${name}: got "${text}", expected a number from ${least} to ${most}`);
}

/**
 * `--zones A B` reads as one path and one thing more: this tells zone files and folders of them from drives, so that
 * several paths may follow one `--zones`.
 */
export function isZonePath(path: string): boolean {
  if (/\.geojson$/i.test(path)) return true;
  try {
    if (statSync(path).isDirectory()) return readdirSync(path).some((name) => /\.geojson$/i.test(name));
    const head = headOf(path);
    return isCompiled(Buffer.from(head)) || (/\.json$/i.test(path) && /"FeatureCollection"/.test(head));
  } catch {
    return false; // not there or not readable: whoever reads it says so
  }
}

function headOf(path: string): string {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(4096);
    return head.toString("utf8", 0, readSync(file, head));
  } finally {
    closeSync(file);
  }
}
