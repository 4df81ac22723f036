import { defineConfig } from "vitest/config";

// oxlint-disable-next-line import/no-default-export -- vitest reads its configuration from the default export
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    maxWorkers: 2,
    globalSetup: ["test/kit/build.ts"],
  },
});
