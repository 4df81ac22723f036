/** `array[i]` where the caller knows that `i` is in range, which the compiler cannot. Inlined in hot loops. */
export function at(array: Float64Array, i: number): number {
  return array[i] as number;
}

/** The same for integers: one function for both array types would be slower. */
export function intAt(array: Int32Array, i: number): number {
  return array[i] as number;
}

export function single(array: Float32Array, i: number): number {
  return array[i] as number;
}

export function byteAt(array: Uint8Array, i: number): number {
  return array[i] as number;
}
