import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

/** As deep as this folder, so that paths to the data beside the project hold. */
const BUNDLES = join(import.meta.dirname, "../../dist/bench");

/**
 * Runs every benchmark beside this file, or those whose files are named: each exports a `bench…(print)`. They are
 * bundled as the product is: module by module, V8 took twice the time.
 */
async function main(wanted: readonly string[]): Promise<void> {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const names = readdirSync(import.meta.dirname).map((file) => file.replace(/\.ts$/, ""));
  for (const name of names.toSorted()) {
    if (name === "main" || (wanted.length > 0 && !wanted.includes(name))) continue;
    const module = (await import(await bundled(name))) as Readonly<Record<string, unknown>>;
    for (const [exported, bench] of Object.entries(module)) {
      if (exported.startsWith("bench") && typeof bench === "function") await bench(print);
    }
  }
}

async function bundled(name: string): Promise<string> {
  const outfile = join(BUNDLES, `${name}.js`);
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "warning",
  });
  return outfile;
}

mkdirSync(BUNDLES, { recursive: true });
try {
  await main(process.argv.slice(2));
} finally {
  rmSync(BUNDLES, { recursive: true });
}
