import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseMetrics, sumOf } from "../kit/daemon/daemon.ts";
import type { Daemon } from "../kit/daemon/daemon.ts";
import { childrenOf, processStat, residentMib } from "../kit/daemon/process-table.ts";
import { HOLD_IDENTITY } from "../kit/buffer.ts";
import { captureErrors, quantileMs } from "./daemon-latency.ts";
import type { CaptureError } from "./daemon-latency.ts";
import { CAMERAS, FPS, openStreet } from "./daemon-street.ts";

const SECONDS = process.env["SLOW"] === "1" ? 600 : 20;
const WARM_UP_SECONDS = 4;

/**
 * The daemon as its users run it, in real time: a process of cameras sends JPEGs to ffmpeg processes, the receiver
 * is NMEA over TCP, and what is released is sealed to disk. When a picture was taken is what the camera says that took it.
 */
export async function benchDaemon(print: (line: string) => void): Promise<void> {
  await using street = await openStreet(SECONDS + 120);
  const { folder, cameras } = street;
  const daemon = await street.start();
  try {
    const firstVerdict = await daemon.logged(({ msg }) => msg === "first verdict");
    const startCpuMs = processStat(daemon.pid)?.cpuMs ?? Number.NaN;
    await sleep(WARM_UP_SECONDS * 1000);
    const table = await measure(daemon);
    const taken = await cameras.taken();
    const code = await daemon.stop();
    const capture = await captureErrors(join(folder, "data/segments"), HOLD_IDENTITY, taken, cameras.files);
    report(print, {
      ...table,
      firstVerdictMs: Number(firstVerdict["sinceStartMs"]),
      startCpuMs,
      code,
      capture,
    });
    verifyLedger(folder, print);
  } finally {
    daemon.child.kill("SIGKILL");
  }
}

interface Measured {
  readonly tookS: number;
  readonly cpu: { readonly own: number; readonly ffmpeg: number };
  readonly residentMib: readonly number[];
  readonly before: ReadonlyMap<string, number>;
  readonly after: ReadonlyMap<string, number>;
}

async function measure(daemon: Daemon): Promise<Measured> {
  const producers = childrenOf(daemon.pid);
  const cpuOf = (pids: readonly number[]): number =>
    pids.reduce((sum, pid) => sum + (processStat(pid)?.cpuMs ?? 0), 0);
  const before = parseMetrics(await daemon.metrics());
  const [own, ffmpeg, fromMs] = [cpuOf([daemon.pid]), cpuOf(producers), performance.now()];
  const resident: number[] = [];
  while (performance.now() - fromMs < SECONDS * 1000) {
    await sleep(1000);
    resident.push(residentMib(daemon.pid));
  }
  const tookMs = performance.now() - fromMs;
  const cpu = {
    own: (cpuOf([daemon.pid]) - own) / tookMs,
    ffmpeg: (cpuOf(producers) - ffmpeg) / tookMs,
  };
  const after = parseMetrics(await daemon.metrics());
  return { tookS: tookMs / 1000, cpu, residentMib: resident, before, after };
}

type Reported = Measured & {
  readonly firstVerdictMs: number;
  readonly startCpuMs: number;
  readonly code: number | null;
  readonly capture: CaptureError;
};

function report(print: (line: string) => void, run: Reported): void {
  const { cpu, residentMib: resident, before, after } = run;
  const grown = (name: string, label = ""): number => sumOf(after, name, label) - sumOf(before, name, label);
  const frames = grown("camfence_frames_total");
  const released = grown("camfence_release_seconds_count");
  const within = (le: string): number => grown("camfence_release_seconds_bucket", `le="${le}"`);
  const p99 = BUCKETS.find((le) => within(le) >= 0.99 * released) ?? "+Inf";
  const late = (action: string, part: number): number =>
    quantileMs(
      part,
      BUCKETS.map((le) => [
        Number(le),
        grown("camfence_late_seconds_bucket", `le="${le}",action="${action}"`),
      ]),
    );
  const third = Math.max(1, Math.floor(resident.length / 3));
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const waiting = sumOf(after, "camfence_frames_in") - sumOf(after, "camfence_frames_total");
  const rows: [string, string, string][] = [
    ["frames a second", (frames / run.tookS).toFixed(1), `${CAMERAS * FPS}`],
    ["dropped for a place", share(grown("camfence_frames_total", 'action="drop"'), frames), "about 15 %"],
    ["blurred", share(grown("camfence_frames_total", 'action="blur"'), frames), "about 15 %"],
    ["MB/s released", (grown("camfence_released_bytes_total") / run.tookS / 1e6).toFixed(1), ""],
    ["processor, camfence (one core = 100 %)", percent(cpu.own), ""],
    ["processor, 8 × ffmpeg", percent(cpu.ffmpeg), ""],
    ["processor, in all", percent(cpu.own + cpu.ffmpeg), "≤ 60 %"],
    ...["pass", "blur"].map((action): [string, string, string] => [
      `capture to release, ${action}: 50 and 99 %`,
      [0.5, 0.99].map((part) => `${(late(action, part) + run.capture.maxMs).toFixed(1)} ms`).join(", "),
      "99 % < 10 ms",
    ]),
    [
      "… of it until a picture is read, at least",
      `${run.capture.medianMs.toFixed(1)} to ${run.capture.maxMs.toFixed(1)} ms`,
      `${run.capture.frames} frames`,
    ],
    ["99 % released after their arrival within", `${Number(p99) * 1000} ms`, ""],
    [
      "event loop waits, 99 %",
      `${(1000 * sumOf(after, "nodejs_eventloop_lag_p99_seconds")).toFixed(1)} ms`,
      "",
    ],
    [
      "V8 halts to mark its heap",
      `${(grown("nodejs_gc_duration_seconds_count", 'kind="major"') / run.tookS).toFixed(2)} a second`,
      "",
    ],
    ["resident memory at most", `${Math.max(...resident).toFixed(0)} MiB`, "< 350 MB"],
    [
      "… first and last third of the time",
      `${mean(resident.slice(0, third)).toFixed(0)} and ${mean(resident.slice(-third)).toFixed(0)} MiB`,
      "flat",
    ],
    ["frames without an outcome at the end", String(waiting), "only those under way"],
    ["start to first verdict", `${run.firstVerdictMs} ms`, "< 500 ms"],
    ["… and its processor time until then", `${run.startCpuMs} ms`, ""],
    ["lost frames", lostFrames(after), "0"],
    ["exit code", String(run.code), "0"],
  ];
  print(`daemon: ${CAMERAS} cameras × ${FPS} fps × 1280×960 JPEG, 10 fixes a second, ${SECONDS} s`);
  for (const [what, got, target] of rows) print(`  ${what.padEnd(40)} ${got.padStart(16)}   ${target}`);
}

const BUCKETS = [
  "0.001",
  "0.002",
  "0.003",
  "0.005",
  "0.0075",
  "0.01",
  "0.015",
  "0.02",
  "0.03",
  "0.05",
  "0.1",
  "0.25",
  "1",
];
/** By reason: released, but not stored. */
function lostFrames(samples: ReadonlyMap<string, number>): string {
  const lost = [...samples].filter(([name]) => name.startsWith("camfence_lost_frames{"));
  return lost.map(([name, frames]) => `${/"(.*)"/.exec(name)?.[1] ?? ""} ${frames}`).join(", ") || "0";
}

const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
const share = (part: number, all: number): string => percent(part / all);
const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

function verifyLedger(folder: string, print: (line: string) => void): void {
  const args = [
    "dist/camfence.js",
    "ledger",
    "verify",
    join(folder, "data/ledger"),
    "--key",
    join(folder, "ledger.pub"),
  ];
  const said = execFileSync(process.execPath, args, { encoding: "utf8" });
  print(`  ledger verify: ${said.trim().split("\n").at(-1) ?? ""}`);
}
