// oxlint-disable-next-line typescript/triple-slash-reference -- a global declaration cannot be imported
/// <reference path="./web-assembly.d.ts" />
/** What assembly/ exports. */
export interface Exports {
  readonly spanSums: (...numbers: number[]) => void;
  readonly unstuff: (...numbers: number[]) => number;
  readonly dcSums: (job: number) => number;
}

/** The module and its one memory, which grows but never shrinks. */
export interface WasmModule {
  readonly kernel: Exports;
  /** The memory as it is now: after `reserve` it may be another one. */
  buffer(): ArrayBuffer;
  /** Makes the memory at least so large. */
  reserve(endBytes: number): void;
}

const PAGE_BYTES = 64 * 1024;

/** Throws where WebAssembly or its SIMD is missing. */
export function loadModule(binary: Uint8Array<ArrayBuffer>): WasmModule {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
  return {
    kernel: exportsOf(instance),
    buffer: () => memory.buffer,
    reserve(endBytes) {
      const missing = endBytes - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    },
  };
}

function exportsOf({ exports }: WebAssembly.Instance): Exports {
  const { spanSums, unstuff, dcSums } = exports;
  if (!isFunction(spanSums) || !isFunction(unstuff) || !isFunction(dcSums)) {
    throw new TypeError("the kernels lack a function");
  }
  return { spanSums, unstuff, dcSums };
}

function isFunction(value: unknown): value is (...numbers: number[]) => number {
  return typeof value === "function";
}
