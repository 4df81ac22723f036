// What wasm.ts uses of WebAssembly's JavaScript interface, which @types/node 20 leaves to the DOM library.
// oxlint-disable typescript/no-extraneous-class -- a module has no members of its own
declare namespace WebAssembly {
  class Module {
    constructor(binary: Uint8Array<ArrayBuffer>);
  }
  class Memory {
    constructor(descriptor: { readonly initial: number });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>);
    readonly exports: Readonly<Record<string, unknown>>;
  }
}
