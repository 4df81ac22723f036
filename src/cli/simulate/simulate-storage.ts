import { randomBytes } from "node:crypto";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import type { SchedulerLike } from "rxjs";
import { Subscription, of } from "rxjs";
import type { StoredFact } from "../../../simulator/index.ts";
import { createLedger } from "../../audit/create-ledger.ts";
import { createMemoryFolder } from "../../audit/memory-folder.ts";
import { generateSigningKey, signingKeyOf } from "../../audit/signing-key.ts";
import { totalOf } from "../../buffer/counts.ts";
import type { StoreEvent } from "../../buffer/segment-store.ts";
import { openStorage } from "../../buffer/open-storage.ts";
import { StorageConfig } from "../../config.ts";
import type { DataFolder, DataFolderOptions } from "../../data-folder.ts";
import type { GuardOptions } from "../../guard-interface.ts";
import type { Pipeline } from "../../pipeline.ts";
import { openPipeline } from "../../pipeline.ts";
import { openResumeFile } from "../../upload/resume-file.ts";
import { createSimulatedDisk } from "./simulate-disk.ts";

/** What a simulated vehicle keeps: the product as it is joined, on a disk that is one in memory. */
export interface SimulatedStorage {
  /** The next life of the process: finds what the one before left. */
  open(options: GuardOptions, clock: SchedulerLike): Promise<Pipeline>;
  fill(isFull: boolean): void;
  /** The process is gone from here on: what it did not write is lost. */
  kill(): void;
  idle(): Promise<void>;
  /** Seals what is open. */
  close(): Promise<void>;
}

/** `tell` hears what became of frames that were released. */
export async function createSimulatedStorage(tell: (fact: StoredFact) => void): Promise<SimulatedStorage> {
  const disk = createSimulatedDisk();
  const deviceKey = randomBytes(32);
  const storage = StorageConfig.parse({
    vehicle: "simulated",
    folder: "in memory",
    deviceKey: { variable: "UNUSED" },
    ledgerKey: { variable: "UNUSED" },
    holdRecipient: await identityToRecipient(await generateX25519Identity()),
    buffer: { minFreeBytes: 0 },
  });
  let life: { readonly pipeline: Pipeline; readonly kill: () => void } | null = null;
  return {
    async open(options, clock) {
      const { files, kill } = disk.attach();
      const openData = async (given: DataFolderOptions): Promise<DataFolder> => {
        const { keeping, cameras, config } = given;
        const { vehicle, holdRecipient, buffer: policy } = config;
        const recipients = {};
        const kept = { files, deviceKey, policy, keeping, vehicle, cameras, recipients, holdRecipient };
        const opened = await openStorage(kept);
        return { ...opened, ...(await restOf(config, clock)) };
      };
      const pipeline = await openPipeline({ ...options, storage, openData, mayUpload: of(false) }, clock);
      const telling = new Subscription();
      for (const event of pipeline.found) tellOf(event, tell);
      telling.add(pipeline.stored.subscribe((event) => tellOf(event, tell)));
      life = {
        pipeline,
        kill() {
          kill();
          telling.unsubscribe();
        },
      };
      return pipeline;
    },
    fill: (isFull) => disk.fill(isFull),
    kill() {
      life?.kill();
      // Only to end its timers: it has neither a disk nor anybody who listens.
      void life?.pipeline.close();
      life = null;
    },
    idle: async () => life?.pipeline.idle(),
    close: async () => void (await life?.pipeline.close()),
  };
}

/** Nothing is sent, nobody else uses the folder, and the account lasts as long as the process. */
async function restOf({ ledger: policy }: StorageConfig, clock: SchedulerLike) {
  const signing = signingKeyOf(generateSigningKey().privatePem, "the simulated vehicle");
  const key = { load: async () => signing };
  const ledger = await createLedger({ ...policy, folder: createMemoryFolder(), key }, clock);
  const sole = { kind: "sole", release: async () => {} } as const;
  return { ledger, sole, regions: [], resume: openResumeFile("in memory") };
}

function tellOf(event: StoreEvent, tell: (fact: StoredFact) => void): void {
  if (event.kind === "sealed") {
    const { counts, lastMs } = event.segment;
    tell({ kind: "stored", frames: totalOf(counts), lastMs });
  } else if (event.kind === "lost") {
    tell({ kind: "lost", frames: event.counts === null ? null : totalOf(event.counts), why: event.why });
  }
}
