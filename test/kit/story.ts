import { map } from "rxjs";
import type { SchedulerLike } from "rxjs";
import { TestScheduler } from "rxjs/testing";
import type { GuardPolicyInput } from "../../src/config.ts";
import type { Outcome } from "../../src/gate/record.ts";
import { createGuard } from "../../src/guard.ts";
import type { Notice } from "../../src/gate/notices.ts";
import type { Revocation } from "../../src/guard-interface.ts";
import { Camera } from "../../src/sources/camera.ts";
import type { Fix, GnssReport } from "../../src/sources/fix.ts";
import type { Frame, FrameIn } from "../../src/sources/frame.ts";
import type { ZoneSet } from "../../src/zones/zone-set.ts";
import { IDR, NON_IDR, PLAIN_REDACTOR, frameAt } from "./frames.ts";
import { FAR_AWAY, fixAt, zoneSet } from "./place.ts";

/** One character of a drawing lasts so long. */
export const TICK_MS = 100;

/** A drive, drawn: one line per input, one character per 100 ms. `#` fails an input, `|` ends it, `-` is silence. */
export interface Story {
  /**
   * `f` a good fix; `n` the receiver has none; `c` coarse, `s` simulated; `J` at another place, 5 km away; `l` valid two
   * seconds ago; `o` valid 350 ms ago; `d` the last `f` once more; `u` from the future; `F` faster than any vehicle;
   * `x` not even numbers.
   */
  readonly fixes: string;
  /** `x` a frame of now; `h` of 300 ms ago; `y` of six seconds ago; `u` from the future; `K`, `P` coded, key and not. */
  readonly frames: string;
  /** A character for each set in `sets`. @default one far zone from the beginning */
  readonly zones?: string;
  readonly sets?: Readonly<Record<string, ZoneSet>>;
  readonly policy?: GuardPolicyInput;
  readonly camera?: Partial<Camera>;
  /** The vehicle at a time. @default it stands at the origin */
  readonly drive?: (timeMs: number) => Parameters<typeof fixAt>[1];
}

export interface Told {
  /** A character per tick: what became of the frames that had their outcome then. */
  readonly drawn: string;
  readonly outcomes: readonly Outcome[];
  readonly revocations: readonly Revocation[];
  readonly notices: readonly Notice[];
}

const LETTERS: Readonly<Record<string, string>> = {
  inside: "i",
  "in-view": "v",
  leaving: "l",
  "no-fix": "n",
  "stale-fix": "s",
  "coarse-fix": "c",
  "implausible-fix": "!",
  "simulated-fix": "m",
  "no-zones": "z",
  "zones-expired": "e",
  "outside-coverage": "o",
  "bad-frame": "B",
  "late-frame": "L",
  "awaiting-keyframe": "k",
  "redaction-failed": "r",
  overload: "O",
  cabin: "C",
};

export const letterOf = ({ record }: Outcome): string =>
  record.action === "drop" ? (LETTERS[record.reason] ?? "?") : record.action === "pass" ? "p" : "b";

/** Plays a story through the guard, and draws what came out. */
export function tell(story: Story): Told {
  const scheduler = new TestScheduler(() => {});
  const outcomes: Outcome[] = [];
  const revocations: Revocation[] = [];
  const notices: Notice[] = [];
  const drawn = Array.from({ length: lengthOf(story) }, () => "-");
  scheduler.run(({ hot, flush }) => {
    const camera = Camera.parse({ id: "front", yawDeg: 0, hfovDeg: 100, ...story.camera });
    const guard = createGuard(
      {
        zones: hot(marbles(story.zones ?? "z"), story.sets ?? { z: zoneSet([FAR_AWAY]) }),
        fixes: hot(marbles(story.fixes)).pipe(map(reporter(story, scheduler))),
        cameras: [{ ...camera, frames: hot(marbles(story.frames)).pipe(map(shutter(scheduler))) }],
        policy: story.policy ?? {},
        redactor: PLAIN_REDACTOR,
      },
      scheduler,
    );
    guard.outcomes.subscribe((outcome) => {
      outcomes.push(outcome);
      const tick = Math.floor(scheduler.now() / TICK_MS);
      const already = drawn[tick];
      drawn[tick] =
        already === "-" || already === undefined ? letterOf(outcome) : `${already}${letterOf(outcome)}`;
    });
    guard.revocations.subscribe((revocation) => revocations.push(revocation));
    guard.notices.subscribe((notice) => notices.push(notice));
    guard.open();
    flush();
  });
  return { drawn: drawn.join(""), outcomes, revocations, notices };
}

/** What the drawing alone says. */
export const drawn = (story: Story): string => tell(story).drawn;

function lengthOf({ fixes, frames, zones = "" }: Story): number {
  return Math.max(fixes.length, frames.length, zones.length);
}

/** Every character becomes a marble of its own; one of silence only lets time pass. */
function marbles(line: string): string {
  return Array.from(line, (char) => (char === "-" ? `${TICK_MS}ms ` : `${char} ${TICK_MS - 1}ms `)).join("");
}

/** Makes reports of the letters of `Story.fixes`. */
function reporter({ drive = () => ({}) }: Story, scheduler: SchedulerLike): (letter: string) => GnssReport {
  let last: Fix = fixAt(0);
  const now = (changes: Parameters<typeof fixAt>[1] = {}, agoMs = 0): Fix => {
    const timeMs = scheduler.now() - agoMs;
    return fixAt(timeMs, { ...drive(timeMs), ...changes });
  };
  const made: Readonly<Record<string, () => GnssReport>> = {
    f: () => (last = now()),
    n: () => ({ timeMs: scheduler.now(), quality: "none" }),
    c: () => now({ accuracyM: 101 }),
    s: () => now({ quality: "simulated" }),
    J: () => now({ eastM: 5000 }),
    l: () => now({}, 2000),
    o: () => now({}, 350),
    d: () => ({ ...last }),
    u: () => now({}, -1000),
    F: () => now({ speedMps: 80, courseDeg: 0 }),
    x: () => now({ latDeg: Number.NaN }),
  };
  return (letter) => made[letter]?.() ?? unknown(letter);
}

/** Makes frames of the letters of `Story.frames`. */
function shutter(scheduler: SchedulerLike): (letter: string) => FrameIn {
  let seq = 0;
  const frame = (agoMs: number, changes: Partial<Frame> = {}) =>
    frameAt(scheduler.now() - agoMs, { seq: seq++, ...changes });
  const made: Readonly<Record<string, () => FrameIn>> = {
    x: () => frame(0),
    h: () => frame(300),
    y: () => frame(6000),
    u: () => frame(-100),
    K: () => frame(0, { format: "h264", data: IDR }),
    P: () => frame(0, { format: "h264", data: NON_IDR, keyframe: false }),
  };
  return (letter) => made[letter]?.() ?? unknown(letter);
}

function unknown(letter: string): never {
  throw new Error(`a story has no "${letter}"`);
}
