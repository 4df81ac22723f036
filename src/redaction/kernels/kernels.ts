/** The work on every byte of a picture. Implementations give identical numbers. */
export interface Kernels {
  readonly name: "typescript" | "wasm-simd";
  /**
   * For each of `rowBytes` columns, the sum of its bytes over `rows` rows that begin at `offset` and are `stride` apart.
   * The result is valid until the next call.
   */
  columnSums(data: Uint8Array, offset: number, stride: number, rowBytes: number, rows: number): Uint32Array;
}
