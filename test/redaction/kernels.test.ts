import { expect, test } from "vitest";
import { seededRandom } from "../../src/core/random.ts";
import { selectKernels } from "../../src/redaction/kernels/select.ts";
import { agree } from "../../src/redaction/kernels/self-test.ts";
import { typescriptKernels } from "../../src/redaction/kernels/typescript.ts";

const isBuilt = selectKernels().name === "wasm-simd";

test.skipIf(!isBuilt)("the WebAssembly kernels give the same numbers as the TypeScript ones", () => {
  const runs = process.env["SLOW"] === undefined ? 120 : 6000;
  const [fast, plain] = [selectKernels(), typescriptKernels()];
  for (let seed = 0; seed < runs; seed++) expect(agree(fast, plain, seededRandom(seed))).toBe(true);
});

test.skipIf(isBuilt)("skipped: the WebAssembly kernels are not built (npm run build:kernels)", () => {
  expect(selectKernels().name).toBe("typescript");
});

test("kernels that count wrong are not chosen", () => {
  const wrong = typescriptKernels();
  const offByOne: typeof wrong = {
    ...wrong,
    spanSums(data, rows, cells, out) {
      wrong.spanSums(data, rows, cells, out);
      out[0] = (out[0] ?? 0) + 1;
    },
  };
  expect(agree(offByOne, typescriptKernels(), seededRandom(1))).toBe(false);
});
