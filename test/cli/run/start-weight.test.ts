import { build } from "esbuild";
import { expect, it } from "vitest";

it("what starts does not read what only some configurations need", async () => {
  const { metafile } = await build({
    entryPoints: ["src/cli/run/run.ts"],
    bundle: true,
    splitting: true,
    write: false,
    outdir: "unwritten",
    metafile: true,
    platform: "node",
    format: "esm",
    packages: "bundle",
    external: ["sharp", "@tus/*", "tus-js-client", "@aws-sdk/*", "@grpc/*", "bullmq", "@foxglove/*"],
    mainFields: ["module", "main"],
    logLevel: "error",
  });
  const read = new Set<string>();
  const toRead = Object.keys(metafile.outputs).filter(
    (name) => metafile.outputs[name]?.entryPoint === "src/cli/run/run.ts",
  );
  for (let name = toRead.pop(); name !== undefined; name = toRead.pop()) {
    const { inputs = {}, imports = [] } = metafile.outputs[name] ?? {};
    // What has no bytes was shaken out.
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) if (bytesInOutput > 0) read.add(path);
    for (const { path, kind } of imports) if (kind === "import-statement") toRead.push(path);
  }
  const heavy = /node_modules\/(ws|saxes|@tufjs|sharp|@grpc|tus-js-client)\/|zod\/v4\/locales\/(?!en\.)/;
  expect(read.size).toBeGreaterThan(300);
  expect([...read].filter((path) => heavy.test(path))).toEqual([]);
});
