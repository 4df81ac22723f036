import { setFlagsFromString } from "node:v8";

/** Of what lives, how much more V8 lets come before it halts everything, for 5 to 10 ms, to find what may go. */
const GROWTH_PERCENT = 300;

/**
 * What flows through lies outside V8's heap, a little of which stands for it: V8 counts all of it, takes it for growth, and
 * halts several times a second, though the small halts for what is young have freed it already.
 */
export function letHeapGrow(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
