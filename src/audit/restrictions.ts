import type { VerdictRecord } from "../gate/record.ts";
import type { Reason } from "../gate/verdict.ts";
import type { LedgerEvent } from "./ledger-line.ts";

/**
 * What a reason says about the place: `zone` that a shape is near (the border of the coverage is a shape, too), `doubt`
 * that it is not known, `frame` nothing, since it is about the frame alone.
 */
type Kind = "free" | "zone" | "doubt" | "frame";

const KIND_OF = {
  clear: "free",
  inside: "zone",
  "in-view": "zone",
  leaving: "zone",
  "outside-coverage": "zone",
  "no-fix": "doubt",
  "stale-fix": "doubt",
  "coarse-fix": "doubt",
  "implausible-fix": "doubt",
  "simulated-fix": "doubt",
  "no-zones": "doubt",
  "zones-expired": "doubt",
  "bad-frame": "frame",
  "late-frame": "frame",
  "awaiting-keyframe": "frame",
  "redaction-failed": "frame",
  overload: "frame",
  cabin: "frame",
} as const satisfies Record<Reason, Kind>;

export type RestrictionEvent = Extract<LedgerEvent, { event: "restriction-started" | "restriction-ended" }>;

/** Follows when each camera is restricted. */
export interface Restrictions {
  judged(record: VerdictRecord): void;
  /** What began and ended since the last call, in an order that tells nothing about when. */
  take(): { readonly events: readonly RestrictionEvent[]; readonly crossedBorder: boolean };
  /** True while a zone restricts any camera. */
  inZone(): boolean;
}

interface Stretch {
  readonly kind: Exclude<Kind, "frame">;
  readonly reason: Reason;
}

const FREE: Stretch = { kind: "free", reason: "clear" };

export function createRestrictions(): Restrictions {
  const stretches = new Map<string, Stretch>();
  const events = new Map<string, { -readonly [K in keyof RestrictionEvent]: RestrictionEvent[K] }>();
  let crossedBorder = false;

  function note(event: RestrictionEvent["event"], camera: string, reason: Reason): void {
    const key = `${camera}\n${reason}\n${event}`;
    const noted = events.get(key);
    if (noted === undefined) events.set(key, { event, camera, reason, times: 1 });
    else noted.times++;
  }

  return {
    judged({ camera, reason }) {
      const kind = KIND_OF[reason];
      const before = stretches.get(camera) ?? FREE;
      if (kind === before.kind || kind === "frame") return;
      stretches.set(camera, { kind, reason });
      if (before.kind !== "free") note("restriction-ended", camera, before.reason);
      if (kind !== "free") note("restriction-started", camera, reason);
      crossedBorder ||= kind === "zone" || before.kind === "zone";
    },
    take() {
      const sorted = [...events].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, event]) => event);
      const taken = { events: sorted, crossedBorder };
      events.clear();
      crossedBorder = false;
      return taken;
    },
    inZone: () => [...stretches.values()].some(({ kind }) => kind === "zone"),
  };
}
