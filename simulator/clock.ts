import type { CameraInput } from "./scenario/cameras.ts";
import type { Attack } from "./scenario/trouble.ts";

type Step = Extract<Attack, { kind: "clock-step" }>;

/** What the clocks of a drive show at a true time. */
export interface Clocks {
  readonly shared: (timeMs: number) => number;
  readonly receiver: (timeMs: number) => number;
  readonly camera: (timeMs: number, camera: CameraInput) => number;
  readonly steps: readonly Step[];
}

export function clocksOf(attacks: readonly Attack[], startMs: number): Clocks {
  const steps = attacks.filter((attack) => attack.kind === "clock-step");
  const by = (whose: Step["of"]): ((timeMs: number) => number) => {
    const own = steps.filter(({ of }) => of === whose);
    if (own.length === 0) return () => 0;
    return (timeMs) =>
      own.reduce((sum, { atS, byMs }) => sum + (timeMs >= startMs + 1000 * atS ? byMs : 0), 0);
  };
  const [all, receivers, cameras] = [by("all"), by("receiver"), by("cameras")];
  const shared = (timeMs: number): number => timeMs + all(timeMs);
  return {
    shared,
    receiver: (timeMs) => shared(timeMs) + receivers(timeMs),
    camera: (timeMs, { stampErrorMs }) => shared(timeMs) + cameras(timeMs) + stampErrorMs,
    steps,
  };
}
