import type { Frame } from "../sources/frame.ts";

/** A frame's bytes: never shared memory, so that nobody changes them while they are checked. */
export type Bytes = Frame["data"];
