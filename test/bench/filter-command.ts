import { spawnSync } from "node:child_process";
import { rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { box, feature, zoneText } from "../kit/zones.ts";
import { writeRecording } from "./filter-input.ts";

/** 1 GB. */
const SECONDS = 230;
const WAYS = {
  "file to file": '{ "$@"; times >&2; } < "$IN" > "$OUT"',
  "through pipes": 'cat "$IN" | { "$@"; times >&2; } | cat > "$OUT"',
} as const;

/** The built command on a recording of a gigabyte, starting included: processor time of its process, and time. */
export async function printCommand(folder: string, print: (line: string) => void): Promise<void> {
  const [input, output, zones] = ["big.mcap", "out.mcap", "far.geojson"].map((name) => join(folder, name));
  if (input === undefined || output === undefined || zones === undefined) throw new Error("three paths");
  await writeRecording(input, SECONDS);
  writeFileSync(zones, zoneText([feature({ id: "far", category: "military" }, box(12, 49, 12.01, 49.01))]));
  const megabytes = statSync(input).size / 1e6;
  const args = ["filter", "--zones", zones, "--cameras", "front:0:100,rear:180:120"];
  for (const [way, script] of Object.entries(WAYS)) {
    const startMs = performance.now();
    const { status, stderr } = spawnSync(
      "sh",
      ["-c", script, "sh", process.execPath, "dist/camfence.js", ...args],
      { env: { ...process.env, IN: input, OUT: output }, encoding: "utf8" },
    );
    const tookS = (performance.now() - startMs) / 1000;
    const [, passed] = /^camfence: frames in \d+ = passed (\d+)/m.exec(stderr) ?? [];
    if (status !== 0 || Number(passed) < SECONDS * 36 * 2 - 40) throw new Error(`camfence filter: ${stderr}`);
    const cpuS = cpuSecondsOf(stderr);
    print(
      `  ${megabytes.toFixed(0)} MB ${way}: ${(megabytes / tookS).toFixed(0)} MB/s, ` +
        `${(megabytes / cpuS).toFixed(0)} MB a second of processor time`,
    );
    rmSync(output);
  }
}

/** The last line of the shell's `times` is that of its children, user and system. */
function cpuSecondsOf(text: string): number {
  const times = [...text.matchAll(/(\d+)m([\d.]+)s/g)].slice(-2);
  return times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}
