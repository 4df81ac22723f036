import { build } from "esbuild";
import type { Metafile } from "esbuild";
import { expect, it } from "vitest";

/** What Node reads for a module before it runs: the files of all that is imported other than on demand. */
function readFor({ outputs }: Metafile, entry: string): ReadonlySet<string> {
  const read = new Set<string>();
  const toRead = Object.keys(outputs).filter((name) => outputs[name]?.entryPoint === entry);
  for (let name = toRead.pop(); name !== undefined; name = toRead.pop()) {
    const { inputs = {}, imports = [] } = outputs[name] ?? {};
    // What has no bytes was shaken out.
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) if (bytesInOutput > 0) read.add(path);
    for (const { path, kind } of imports) if (kind === "import-statement") toRead.push(path);
  }
  return read;
}

async function bundled(...entryPoints: readonly string[]): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [...entryPoints],
    bundle: true,
    splitting: true,
    write: false,
    outdir: "unwritten",
    metafile: true,
    platform: "node",
    format: "esm",
    packages: "bundle",
    external: ["sharp", "@tus/*", "tus-js-client", "@aws-sdk/*", "@grpc/*", "bullmq", "@foxglove/wasm-*"],
    mainFields: ["module", "main"],
    logLevel: "error",
  });
  return metafile;
}

const NEVER = /node_modules\/(ws|saxes|@tufjs|sharp|@grpc|tus-js-client)\/|zod\/v4\/locales\/(?!en\.)/;
const WITH_THE_FIRST_KEPT_FRAME = /node_modules\/(age-encryption|@noble|@mcap|protobufjs)\//;
const BESIDE_THE_CAMERAS =
  /node_modules\/(pino|prom-client|flatbush|jsonc-parser)\/|src\/(zones|redaction)\/.*\/(index|kernels)\//;

it("a vehicle begins to guard without what only some configurations need, and without what seals", async () => {
  const metafile = await bundled("src/cli/run/run.ts", "src/cli/run/guard-vehicle.ts");
  const read = [...readFor(metafile, "src/cli/run/guard-vehicle.ts")];
  expect(read.length).toBeGreaterThan(300);
  expect(read.filter((path) => NEVER.test(path) || WITH_THE_FIRST_KEPT_FRAME.test(path))).toEqual([]);
});

it("cameras start before the rest is read", async () => {
  const metafile = await bundled("src/cli/run/run.ts");
  const read = [...readFor(metafile, "src/cli/run/run.ts")];
  expect(read).toContain("src/cli/run/open-cameras.ts");
  const heavy = [NEVER, WITH_THE_FIRST_KEPT_FRAME, BESIDE_THE_CAMERAS];
  expect(read.filter((path) => heavy.some((pattern) => pattern.test(path)))).toEqual([]);
});
