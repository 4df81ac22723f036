import type { DropReason, ZoneReason } from "../../gate/verdict.ts";

/** Why a frame of a recording is not in the one that comes out; the first two never reach the gate. */
export type LossReason = DropReason | ZoneReason | "no-camera" | "unreadable";

export interface TopicCounts {
  readonly topic: string;
  in: number;
  passed: number;
  blurred: number;
  dropped: number;
  readonly reasons: Map<LossReason, number>;
}

/** What became of every frame and position. */
export interface Tally {
  topic(name: string): TopicCounts;
  frameIn(topic: string): void;
  released(topic: string, action: "pass" | "blur"): void;
  dropped(topic: string, reason: LossReason): void;
  /** Takes back a release that proved wrong after it was written. */
  readonly positions: { in: number; removed: number; unusable: number };
  topics(): readonly TopicCounts[];
}

export function createTally(): Tally {
  const topics = new Map<string, TopicCounts>();
  const topic = (name: string): TopicCounts => {
    const known = topics.get(name);
    if (known !== undefined) return known;
    const counts = {
      topic: name,
      in: 0,
      passed: 0,
      blurred: 0,
      dropped: 0,
      reasons: new Map<LossReason, number>(),
    };
    topics.set(name, counts);
    return counts;
  };
  return {
    topic,
    frameIn: (name) => void topic(name).in++,
    released(name, action) {
      if (action === "pass") topic(name).passed++;
      else topic(name).blurred++;
    },
    dropped(name, reason) {
      const counts = topic(name);
      counts.dropped++;
      counts.reasons.set(reason, (counts.reasons.get(reason) ?? 0) + 1);
    },
    positions: { in: 0, removed: 0, unusable: 0 },
    topics: () => [...topics.values()],
  };
}
