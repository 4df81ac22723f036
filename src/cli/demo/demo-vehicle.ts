import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asyncScheduler } from "rxjs";
import type { SchedulerLike } from "rxjs";
import { totalOf } from "../../buffer/counts.ts";
import { StorageConfig } from "../../config.ts";
import { LEDGER } from "../../data-folder.ts";
import type { GuardOptions } from "../../guard-interface.ts";
import type { Pipeline } from "../../pipeline.ts";
import { openPipeline } from "../../pipeline.ts";
import { capture } from "../replay/capture.ts";
import type { Io } from "../io.ts";
import { keygen } from "../ledger/ledger-keygen.ts";
import { run as ledger } from "../ledger.ts";

const SEND_FOR_MS = 120_000;

/** A vehicle with keys of its own, and the product in it. */
export interface DemoVehicle {
  /** The ledger's folder, and the public key that it is signed with. */
  readonly ledger: string;
  readonly ledgerKey: string;
  open(options: GuardOptions, clock: SchedulerLike, regions: readonly object[]): Promise<Pipeline>;
  idle(): Promise<void>;
  /** Seals what is open, sends what may leave, and ends. Fine to call twice, and without `open`. */
  close(): Promise<void>;
  /** What was sealed, and how many segments are left in the vehicle. */
  sealed(): {
    readonly segments: number;
    readonly frames: number;
    readonly bytes: number;
    readonly left: number;
  };
  verifyLedger(io: Io): Promise<boolean>;
}

/** Makes the vehicle's keys in `dir`. */
export async function makeVehicle(dir: string, io: Io): Promise<DemoVehicle> {
  const [deviceKey, ledgerKey] = [join(dir, "device.key"), join(dir, "ledger.key")];
  await writeFile(deviceKey, randomBytes(32).toString("hex"), { flag: "wx", mode: 0o600 });
  await capture(io, (inner) => keygen([ledgerKey], inner));
  const folder = join(dir, "data");
  const sealed = { segments: 0, frames: 0, bytes: 0 };
  let pipeline: Pipeline | null = null;
  return {
    ledger: join(folder, LEDGER),
    ledgerKey: `${ledgerKey}.pub`,
    async open(options, clock, regions) {
      const storage = StorageConfig.parse({
        vehicle: "demo",
        folder,
        deviceKey: { file: deviceKey },
        ledgerKey: { file: ledgerKey },
        regions,
        buffer: { minFreeBytes: 0 },
        upload: { pollMs: 20, firstRetryMs: 50 },
      });
      pipeline = await openPipeline({ ...options, storage }, clock, asyncScheduler);
      pipeline.stored.subscribe((event) => {
        if (event.kind !== "sealed") return;
        sealed.segments++;
        sealed.frames += totalOf(event.segment.counts);
        sealed.bytes += event.segment.bytes;
      });
      return pipeline;
    },
    idle: async () => pipeline?.idle(),
    close: async () => void (await pipeline?.close({ sendForMs: SEND_FOR_MS })),
    sealed() {
      const { unchecked = 0, ready = 0, held = 0 } = pipeline?.status().segments ?? {};
      return { ...sealed, left: unchecked + ready + held };
    },
    async verifyLedger(outer) {
      const args = ["verify", join(folder, LEDGER), "--key", `${ledgerKey}.pub`];
      return (await capture(outer, (inner) => ledger(args, inner))).code === 0;
    },
  };
}
