interface Changes {
  readonly dropped: number;
  readonly blurred: number;
  readonly released: number;
  /** Those that are held back less than before: released, or blurred where they were dropped. */
  readonly weaker: number;
}

/** One line of a table. */
export interface Row {
  readonly id: string;
  readonly drives: number;
  readonly frames: number;
  readonly changes: Changes;
}

interface Span {
  readonly camera: string;
  readonly from: string;
  readonly to: string;
  readonly frames: number;
  readonly was: string;
  readonly becomes: string;
  readonly zones: readonly string[];
}

interface JudgedDrive {
  readonly drive: string;
  readonly vehicle: string;
  readonly frames: number;
  readonly changes: Changes;
  readonly zones: Readonly<Record<string, Changes>>;
  readonly spans: readonly Span[];
  readonly spansLeftOut: number;
  readonly warnings: readonly string[];
}

/** What `impact.json` holds. */
export interface ImpactReport {
  readonly before: { readonly hash: string; readonly zones: number };
  readonly after: { readonly hash: string; readonly zones: number };
  readonly frames: number;
  readonly changes: Changes;
  readonly failed: number;
  readonly byVehicle: readonly Row[];
  readonly byZone: readonly Omit<Row, "frames">[];
  readonly drives: readonly (
    JudgedDrive | { readonly drive: string; readonly vehicle: string; readonly error: string }
  )[];
}
