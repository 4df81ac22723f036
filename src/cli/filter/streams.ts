import type { GuardPolicyInput } from "../../config.ts";
import type { Outcome } from "../../gate/record.ts";
import type { Revocation } from "../../guard-interface.ts";
import type { Camera } from "../../sources/camera.ts";
import type { GnssReport } from "../../sources/fix.ts";
import type { BrokenFrame, Frame } from "../../sources/frame.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import type { VirtualGuard } from "../replay/virtual-guard.ts";
import { openVirtualGuard } from "../replay/virtual-guard.ts";

/** What a camera gives, before it has its name and number. */
export type Shot = Omit<Frame, "camera" | "seq"> | Omit<BrokenFrame, "camera" | "seq">;

export interface StreamsOptions {
  readonly zones: ZoneSet;
  readonly policy: GuardPolicyInput;
  /** Once for every frame of a stream, in order. */
  readonly onOutcome: (stream: string, outcome: Outcome) => void;
  readonly onRevocation: (stream: string, revocation: Revocation) => void;
}

/**
 * The image streams of a recording, one topic's images of one camera each. Each has a guard of its own, on the recorder's
 * clock: two topics of one camera must not share a keyframe rule or a mosaic. One that begins late is told the latest fixes
 * first.
 */
export interface Streams {
  report(report: GnssReport, logMs: number): Promise<void>;
  frame(stream: string, camera: Camera, shot: Shot, logMs: number): Promise<void>;
  end(): Promise<void>;
}

/** A step back by more than late writing explains: the recorder's clock was set, or recordings were joined. */
const STEP_BACK_MS = 10_000;

/** Reports that a new guard is told: enough to trust the last of them. */
const MAX_RECENT = 64;

interface Arrival {
  readonly report: GnssReport;
  readonly arrivedMs: number;
}

interface Stream {
  readonly guard: VirtualGuard;
  seq: number;
}

export function createStreams(options: StreamsOptions, onRestart: () => void): Streams {
  const { zones, policy } = options;
  let streams = new Map<string, Stream>();
  let recent: readonly Arrival[] = [];
  let clockMs = Number.NaN;

  async function open(name: string, camera: Camera): Promise<Stream> {
    const guard = await openVirtualGuard({
      startMs: recent[0]?.arrivedMs ?? clockMs,
      zones,
      policy,
      cameras: [camera],
      clearance: "bound",
      onOutcome: (outcome) => options.onOutcome(name, outcome),
      onRevocation: (revocation) => options.onRevocation(name, revocation),
    });
    for (const { report, arrivedMs } of recent) guard.report(report, arrivedMs);
    const stream = { guard, seq: 0 };
    streams.set(name, stream);
    return stream;
  }

  async function end(): Promise<void> {
    const ended = streams;
    streams = new Map();
    for (const { guard } of ended.values()) await guard.end();
  }

  /** The time at which a message arrived: the recorder's clock, which does not go back but by being set. */
  async function arrivalMs(logMs: number): Promise<number> {
    if (logMs < clockMs - STEP_BACK_MS) {
      // Rule 2: a clock that jumped closes the gate: guards that know nothing begin with a drop.
      await end();
      recent = [];
      onRestart();
      clockMs = logMs;
    }
    clockMs = clockMs > logMs ? clockMs : logMs;
    return clockMs;
  }

  return {
    async report(report, logMs) {
      const arrivedMs = await arrivalMs(logMs);
      recent = [...recent.slice(1 - MAX_RECENT), { report, arrivedMs }];
      for (const { guard } of streams.values()) guard.report(report, arrivedMs);
    },
    async frame(name, camera, shot, logMs) {
      const arrivedMs = await arrivalMs(logMs);
      const stream = streams.get(name) ?? (await open(name, camera));
      const given = { ...shot, camera: camera.id, seq: stream.seq++ };
      await stream.guard.frame(given, arrivedMs);
    },
    end,
  };
}
