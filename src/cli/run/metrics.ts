import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { Outcome } from "../../gate/record.ts";
import { one, seconds } from "./state-gauge.ts";
import type { Samples, StateGauge } from "./state-gauge.ts";
import type { VehicleState } from "./vehicle-state.ts";
import { ZONE_UPDATE_GAUGES } from "./zone-update-gauges.ts";

/** Seconds; 10 ms is what 99 of 100 frames must keep. */
const RELEASE_BUCKETS = [0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 1];

export interface Metrics {
  /** A frame's outcome, `tookMs` after it arrived, whose picture came `lateMs` later than the promptest do. */
  outcome(outcome: Outcome, times: { readonly tookMs: number; readonly lateMs: number }): void;
  /** Prometheus' text format 0.0.4. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** Names no place: a scrape may go to people who must not know where restricted places are. */
export function createMetrics(read: () => VehicleState, nowMs: () => number): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  // Gauges with the name of a counter: promtool refuses them.
  for (const what of ["handles", "requests", "resources"])
    register.removeSingleMetric(`nodejs_active_${what}_total`);
  const verdicts = new Counter({
    name: "camfence_frames_total",
    help: "Frames by camera, what was done to them, and why",
    labelNames: ["camera", "action", "reason"],
    registers: [register],
  });
  const releasedBytes = new Counter({
    name: "camfence_released_bytes_total",
    help: "Bytes of released frames",
    labelNames: ["camera"],
    registers: [register],
  });
  const releases = new Histogram({
    name: "camfence_release_seconds",
    help: "From the arrival of a picture's last byte to its release",
    labelNames: ["action"],
    buckets: RELEASE_BUCKETS,
    registers: [register],
  });
  const delays = new Histogram({
    name: "camfence_late_seconds",
    help: "By how much released pictures came later than the promptest do, their release included",
    labelNames: ["action"],
    buckets: RELEASE_BUCKETS,
    registers: [register],
  });
  const gauges = STATE_GAUGES.map(([name, help, labels, samples]) => ({
    gauge: new Gauge({ name, help, labelNames: labels, registers: [register] }),
    labels,
    samples,
  }));
  return {
    outcome({ record: { camera, action, reason }, released }, { tookMs, lateMs }) {
      verdicts.inc({ camera, action, reason });
      if (released === null) return;
      releasedBytes.inc({ camera }, released.frame.data.length);
      releases.observe({ action }, tookMs / 1000);
      delays.observe({ action }, Math.max(0, lateMs) / 1000);
    },
    text() {
      const state = read();
      for (const { gauge, labels, samples } of gauges) {
        gauge.reset();
        if (labels.length === 0) gauge.remove(); // was set to 0, as if that were known
        for (const [of, value] of samples(state, nowMs())) gauge.set(of, value);
      }
      return register.metrics();
    },
    contentType: register.contentType,
  };
}

const byCamera = (
  { cameras }: VehicleState,
  valueOf: (camera: Parameters<Parameters<VehicleState["cameras"]["forEach"]>[0]>[0]) => number,
): Samples => [...cameras].map(([camera, state]) => [{ camera }, valueOf(state)] as const);

const STATE_GAUGES: readonly StateGauge[] = [
  [
    "camfence_camera_up",
    "1 while frames of the camera come",
    ["camera"],
    (state) => byCamera(state, ({ feed }) => (feed.kind === "running" ? 1 : 0)),
  ],
  [
    "camfence_camera_restarts",
    "How often the camera's source was started again",
    ["camera"],
    (state) => byCamera(state, ({ restarts }) => restarts),
  ],
  [
    "camfence_frames_in",
    "Frames that came in",
    ["camera"],
    (state) => byCamera(state, ({ framesIn }) => framesIn),
  ],
  [
    "camfence_queue_frames",
    "Frames without an outcome yet",
    ["camera"],
    (state) => byCamera(state, ({ arrivalsMs }) => arrivalsMs.size),
  ],
  [
    "camfence_fix_age_seconds",
    "Age of the newest fix by its own time",
    [],
    ({ fixMs }, nowMs) => one(seconds(fixMs === null ? null : nowMs - fixMs)),
  ],
  [
    "camfence_receiver_lag_seconds",
    "By how much the newest report came after its own time",
    [],
    ({ receiver }) => one(seconds(receiver.lagMs)),
  ],
  [
    "camfence_receiver_state",
    "1 for the receiver's state",
    ["state"],
    ({ receiver }) => [[{ state: receiver.state }, 1]],
  ],
  [
    "camfence_reach_radius_metres",
    "Radius of the set of places where the vehicle may be",
    [],
    ({ reachRadiusM }) => one(reachRadiusM),
  ],
  [
    "camfence_zone_set",
    "1 for the zone set in force",
    ["hash"],
    ({ zones }) => (zones === null ? [] : [[{ hash: zones.hash }, 1]]),
  ],
  [
    "camfence_zone_set_age_seconds",
    "Since the zone set in force was issued",
    [],
    ({ zones }, nowMs) => one(zones === null ? null : (nowMs - zones.issuedMs) / 1000),
  ],
  [
    "camfence_zone_set_expires_seconds",
    "Until the zone set in force expires",
    [],
    ({ zones }, nowMs) => one(zones === null ? null : (zones.expiresMs - nowMs) / 1000),
  ],
  [
    "camfence_zone_files_refused",
    "1 when the last reading was refused",
    [],
    ({ zonesRefused }) => one(zonesRefused ? 1 : 0),
  ],
  ...ZONE_UPDATE_GAUGES,
  ["camfence_buffer_bytes", "Sealed bytes on disk", [], ({ pipeline }) => one(pipeline.segments.bytes)],
  [
    "camfence_buffer_segments",
    "Sealed segments by state",
    ["state"],
    ({ pipeline: { segments } }) =>
      (["unchecked", "ready", "held"] as const).map((state) => [{ state }, segments[state]] as const),
  ],
  [
    "camfence_lost_frames",
    "Released frames that were not stored",
    ["reason"],
    ({ pipeline }) =>
      Object.entries(pipeline.lostFrames).map(([reason, frames]) => [{ reason }, frames] as const),
  ],
  [
    "camfence_sent_segments",
    "Segments that a data centre holds",
    [],
    ({ pipeline }) => one(pipeline.sentSegments),
  ],
  [
    "camfence_ledger_sound",
    "1 while the ledger can be written",
    [],
    ({ pipeline }) => one(pipeline.ledger.state === "sound" ? 1 : 0),
  ],
  [
    "camfence_ledger_events_lost",
    "Events that the ledger lost",
    [],
    ({ pipeline }) => one(pipeline.ledger.eventsLost),
  ],
];
