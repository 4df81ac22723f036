import { CamfenceError } from "../../core/errors.ts";
import { createRedactor } from "../../redaction/redactor.ts";
import type { Frame } from "../../sources/frame.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";

/** This program was not written before: a computer that says so has lost its clock. */
const EARLIEST_MS = Date.UTC(2026, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);
const DAY_MS = 86_400_000;

/**
 * Rule 2, before anything comes in: the parts that a verdict rests on are tried out. Gives what is wrong with the clock,
 * the kernels and the zones; the keys are tried where they are opened. An empty list opens the gate. null = zones that
 * come later, and are checked then.
 */
export async function selfTest(zones: ZoneSet | null, nowMs: number): Promise<readonly string[]> {
  const ofZones = zones === null ? [] : zoneMistakes(zones, nowMs);
  return [...clockMistakes(zones?.issuedMs ?? -Infinity, nowMs), ...ofZones, ...(await kernelMistakes())];
}

function clockMistakes(issuedMs: number, nowMs: number): readonly string[] {
  if (!(nowMs >= EARLIEST_MS && nowMs < LATEST_MS))
    return [`clock: it says ${isoOf(nowMs)}, expected a time between 2026 and 2100; set it (chrony, PTP)`];
  if (nowMs < issuedMs - DAY_MS)
    return [
      `clock: it says ${isoOf(nowMs)}, before the zones were issued (${isoOf(issuedMs)}); set it (chrony, PTP)`,
    ];
  return [];
}

function isoOf(timeMs: number): string {
  return Number.isFinite(timeMs) && Math.abs(timeMs) <= 8.64e15
    ? new Date(timeMs).toISOString()
    : String(timeMs);
}

function zoneMistakes({ zones, expiresMs }: ZoneSet, nowMs: number): readonly string[] {
  if (zones.length === 0) return ["zones: the set has none"];
  return nowMs < expiresMs ? [] : [`zones: they expired at ${isoOf(expiresMs)}`];
}

const SIDE_PX = 64;

/**
 * The mosaic of a picture must be what arithmetic says: all pixels of a cell their mean. One cell a picture makes that
 * easy to say, and kernels that do nothing, too little or something else are found out.
 */
async function kernelMistakes(): Promise<readonly string[]> {
  const data = Uint8Array.from({ length: SIDE_PX * SIDE_PX }, (_, i) => (i % 2 === 0 ? 40 : 200));
  const frame: Frame = {
    camera: "self-test",
    timeMs: 0,
    seq: 0,
    width: SIDE_PX,
    height: SIDE_PX,
    format: "gray8",
    data,
    keyframe: true,
  };
  try {
    const redactor = createRedactor({ cells: 1, lumaBits: 8 });
    const blurred = await redactor.blur(frame);
    if (!blurred.ok) return [`kernels: a test picture cannot be blurred: ${blurred.detail}`];
    const wrong = blurred.frame.data.findIndex((value) => Math.abs(value - 120) > 1);
    return wrong === -1
      ? []
      : [`kernels: pixel ${wrong} of a blurred test picture is ${blurred.frame.data[wrong]}`];
  } catch (thrown) {
    return [`kernels: ${String(thrown)}`];
  }
}

/** Throws `self-test` when the self-test found something. */
export function refuseIf(mistakes: readonly string[]): void {
  if (mistakes.length === 0) return;
  throw new CamfenceError("self-test", `the self-test keeps the gate closed: ${mistakes.join("; ")}`);
}
