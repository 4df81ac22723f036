import { defineConfig } from "vitest/config";

// oxlint-disable-next-line import/no-default-export -- vitest reads its configuration from the default export
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    maxWorkers: 2,
    // For `.ci/run`, which prints the totals.
    ...(process.env["CI"] === undefined
      ? {}
      : { reporters: ["default", "json"], outputFile: { json: "out/test-results.json" } }),
    globalSetup: ["test/kit/build.ts"],
  },
});
