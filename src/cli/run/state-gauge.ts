import type { VehicleState } from "./vehicle-state.ts";

export type Samples = readonly (readonly [Readonly<Record<string, string>>, number])[];
/** A gauge that is read from the vehicle's state when somebody asks. */
export type StateGauge = readonly [
  name: string,
  help: string,
  labels: readonly string[],
  samples: (state: VehicleState, nowMs: number) => Samples,
];

/** A value that is not known is absent, so that an alert on its absence works. */
export const one = (value: number | null): Samples => (value === null ? [] : [[{}, value]]);
export const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);
