import type { Reason } from "./verdict.ts";

/** What `summary.json` holds. */
export interface Summary {
  readonly drive: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly durationS: number;
  readonly distanceM: number;
  readonly zoneSet: { readonly hash: string; readonly zones: number };
  readonly frames: Counts;
  readonly byReason: Readonly<Partial<Record<Reason, Counts>>>;
  readonly byCamera: Readonly<Record<string, Counts>>;
  /** Zones that restricted a frame, most frames first. */
  readonly zonesTouched: readonly {
    readonly id: string;
    readonly dropped: number;
    readonly blurred: number;
  }[];
  readonly revocations: readonly { readonly after: string; readonly until: string }[];
  readonly warnings: readonly string[];
  /** What was expected of the drive, where somebody said so. */
  readonly expectations?: readonly { readonly name: string; readonly met: boolean; readonly got: string }[];
  /** How many times faster than the drive the replay was. */
  readonly speedFactor: number;
}

export interface Counts {
  readonly in: number;
  readonly passed: number;
  readonly blurred: number;
  readonly dropped: number;
}
