import { VirtualTimeScheduler } from "rxjs";
import type { Outcome } from "../../src/gate/record.ts";
import type { Reason, Action } from "../../src/gate/verdict.ts";
import type { NamedBytes } from "../../src/audit/ledger-entries.ts";
import { HEAD_NAME } from "../../src/audit/ledger-files.ts";
import type { LedgerFolder } from "../../src/audit/ledger-folder.ts";
import type { Ledger, LedgerOptions } from "../../src/audit/ledger.ts";
import { createLedger } from "../../src/audit/create-ledger.ts";
import { createMemoryFolder } from "../../src/audit/memory-folder.ts";
import { generateSigningKey, publicKeyOf, signingKeyOf } from "../../src/audit/signing-key.ts";
import type { VerifyOptions } from "../../src/audit/verify-ledger.ts";
import { verifyLedger } from "../../src/audit/verify-ledger.ts";

export const T0_MS = Date.parse("2026-03-01T08:00:20Z");

const PAIR = generateSigningKey();
export const KEY = { load: async () => signingKeyOf(PAIR.privatePem, "key") };
export const PUBLIC_KEY = publicKeyOf(PAIR.publicPem, "key");
export const OTHER_PUBLIC_KEY = publicKeyOf(generateSigningKey().publicPem, "other key");

/** A clock that tests move. Timers run in between, and what they began in the background. */
export class TestClock extends VirtualTimeScheduler {
  readonly #startMs: number;
  #skewMs = 0;

  constructor(startMs = T0_MS) {
    super(undefined, 0);
    this.#startMs = startMs;
  }

  override now = (): number => this.#startMs + this.#skewMs + this.frame;

  /** Lets the clock jump, as a correction does: timers do not notice. */
  step(byMs: number): void {
    this.#skewMs += byMs;
  }

  async pass(ms: number): Promise<void> {
    const untilMs = this.frame + ms;
    this.maxFrames = untilMs;
    this.flush();
    this.frame = untilMs;
    await settled();
  }
}

/** Returns when nothing that waits only for memory is left. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise(setImmediate);
}

export interface Kept {
  readonly ledger: Ledger;
  readonly clock: TestClock;
  readonly folder: LedgerFolder;
}

export async function keep(options: Partial<LedgerOptions> = {}, clock = new TestClock()): Promise<Kept> {
  const folder = options.folder ?? createMemoryFolder();
  const ledger = await createLedger({ key: KEY, ...options, folder }, clock);
  await settled();
  return { ledger, clock, folder };
}

export function outcome(reason: Reason, camera = "front", timeMs = T0_MS): Outcome {
  const action: Action = reason === "clear" ? "pass" : "drop";
  const place = { latDeg: 48.137154, lonDeg: 11.576124, radiusM: 7.25 };
  const record = {
    timeMs,
    camera,
    seq: 0,
    action,
    reason,
    zones: ["secret-base"],
    ...place,
    heading: null,
    clearanceM: null,
    region: "de",
  };
  if (action !== "pass") return { record, released: null };
  const pixels = { width: 2, height: 2, format: "gray8" as const, data: new Uint8Array(4), keyframe: true };
  return { record, released: { frame: { camera, timeMs, seq: 0, ...pixels }, informationBits: null } };
}

/** Frames of these reasons at 10 a second, each with its outcome; time passes. */
export async function drive(
  { ledger, clock }: Kept,
  reason: Reason,
  seconds: number,
  camera = "front",
): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    for (let frame = 0; frame < 10; frame++) {
      ledger.frameIn(camera);
      ledger.outcome(outcome(reason, camera, clock.now()));
    }
    await clock.pass(1000);
  }
}

export const segment = (name: string): string => Buffer.from(name.padEnd(32, ".")).toString("hex");

export async function filesOf(folder: LedgerFolder): Promise<NamedBytes[]> {
  const names = (await folder.names()).filter((name) => name !== HEAD_NAME).toSorted();
  return Promise.all(names.map(async (name) => ({ name, bytes: await folder.read(name) })));
}

/** None where the writer was killed before its first checkpoint. */
export async function headOf(folder: LedgerFolder): Promise<NamedBytes[]> {
  const names = (await folder.names()).filter((name) => name === HEAD_NAME);
  return Promise.all(names.map(async (name) => ({ name, bytes: await folder.read(name) })));
}

export async function linesOf(folder: LedgerFolder): Promise<Record<string, unknown>[]> {
  const files = await filesOf(folder);
  return files.flatMap(({ bytes }) => jsonLines(bytes));
}

function jsonLines(bytes: Uint8Array): Record<string, unknown>[] {
  const lines = Buffer.from(bytes).toString().trimEnd().split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Verifies with the trusted key and the head, unless told otherwise. */
export async function verified(folder: LedgerFolder, options: VerifyOptions = {}) {
  return verifyLedger(await filesOf(folder), { keys: [PUBLIC_KEY], heads: await headOf(folder), ...options });
}
