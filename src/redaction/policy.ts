/** How frames are redacted. Every field has a default; absent means the default. */
export interface RedactionPolicy {
  /**
   * What a blurred frame shows: `mosaic` is a grid of coarse cell colours, `solid` one constant grey that holds
   * nothing of the original.
   * @default "mosaic"
   */
  readonly mode: "mosaic" | "solid";
  /** Most cells along the long side, at least 1. Fewer cells hold fewer bits. @default 24 */
  readonly cells: number;
  /** Bits kept of a cell's brightness (of green in RGB formats), 1 to 8. @default 4 */
  readonly lumaBits: number;
  /** Bits kept of each of a cell's two colour values (of red and of blue in RGB formats), 1 to 8. @default 3 */
  readonly chromaBits: number;
  /**
   * Milliseconds of frame time, at least 0, for which one camera's mosaic stands: a moving camera gives away at most
   * `informationBits` in each such time. @default 1000
   */
  readonly refreshMs: number;
  /**
   * True keeps EXIF, XMP, ICC and comments on passed JPEGs and SEI user data on passed coded video. Trailing bytes
   * and second images never survive, and a blurred frame never has metadata. @default false
   */
  readonly keepMetadata: boolean;
  /**
   * What `blur` does to H.264 and H.265, whose pixels cannot be changed without an encoder. `drop` refuses
   * (`redaction-failed`). `grey` gives a flat grey key picture in place of each H.264 access unit and refuses H.265.
   * @default "drop"
   */
  readonly codedVideo: "drop" | "grey";
  /**
   * Who owns `frame.data`. `caller`: it is never written to, and copies are made. `policy`: the redactor may write to
   * it, so raw frames are blurred in place and originals of drops and blurs are zeroed. @default "caller"
   */
  readonly originals: "caller" | "policy";
  /** Largest JPEG that is decoded, in pixels, at least 1; a larger one is refused. @default 64 × 1024 × 1024 */
  readonly maxPixels: number;
}

export const DEFAULT_REDACTION_POLICY: RedactionPolicy = {
  mode: "mosaic",
  cells: 24,
  lumaBits: 4,
  chromaBits: 3,
  refreshMs: 1000,
  keepMetadata: false,
  codedVideo: "drop",
  originals: "caller",
  maxPixels: 64 * 1024 * 1024,
};

/** The policy with defaults filled in. Throws RangeError for a value outside its stated range. */
export function completePolicy(given: Partial<RedactionPolicy> = {}): RedactionPolicy {
  const policy = { ...DEFAULT_REDACTION_POLICY, ...given };
  for (const [name, least, most] of RANGES) {
    const value = policy[name];
    const whole = name === "refreshMs" || Number.isInteger(value);
    if (!(value >= least && value <= most && whole)) {
      throw new RangeError(`redaction policy: ${name} is ${value}, expected ${least} to ${most}`);
    }
  }
  return policy;
}

const RANGES = [
  ["cells", 1, 256],
  ["lumaBits", 1, 8],
  ["chromaBits", 1, 8],
  ["refreshMs", 0, Number.MAX_VALUE],
  ["maxPixels", 1, 65_535 * 65_535],
] as const;
