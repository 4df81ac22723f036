import { join } from "node:path";
import type { Subscription } from "rxjs";
import type { Segment } from "../../../src/buffer/segment-store.ts";
import type { UploadOutcome } from "../../../src/upload/outcome.ts";
import { Regions } from "../../../src/upload/region-endpoint.ts";
import { openResumeFile } from "../../../src/upload/resume-file.ts";
import { becomeSoleUploader } from "../../../src/upload/sole-uploader.ts";
import { uploadSegments } from "../../../src/upload/uploader.ts";
import type { UploaderOptions } from "../../../src/upload/uploader.ts";
import { tempDir } from "../../kit/cli.ts";
import { openFolderStore, segmentOf } from "./folder-store.ts";

const LIMIT_MS = 40_000;

export type Vehicle = ReturnType<typeof createVehicle>;

/** A folder with segments and an uploader in this process. */
export function createVehicle() {
  const folder = tempDir();
  const store = openFolderStore(folder);
  return {
    folder,
    store,
    put(id: string, sealed: Buffer, rest: Partial<Segment> = {}): Segment {
      const segment = segmentOf(id, sealed, rest);
      store.put(segment, sealed);
      return segment;
    },
    ids: () => store.list().map(({ id }) => id),
    /** Runs the uploader until an outcome fits, and gives all outcomes until then. */
    async upload(
      regions: readonly unknown[],
      fits: (outcome: UploadOutcome) => boolean,
      options: Partial<UploaderOptions> = {},
      limitMs = LIMIT_MS,
    ): Promise<readonly UploadOutcome[]> {
      const sole = await becomeSoleUploader(folder);
      if (sole.kind !== "sole") throw new Error("another uploader has this folder");
      const resume = openResumeFile(join(folder, "uploads.json"));
      const backOff = { firstMs: 20, capMs: 200 };
      const all = { store, resume, sole, regions: Regions.parse(regions), backOff, pollMs: 20, ...options };
      try {
        return await outcomesUntil(all, fits, limitMs);
      } finally {
        await sole.release();
      }
    },
  };
}

function outcomesUntil(options: UploaderOptions, fits: (outcome: UploadOutcome) => boolean, limitMs: number) {
  const outcomes: UploadOutcome[] = [];
  return new Promise<readonly UploadOutcome[]>((resolve, reject) => {
    let uploading: Subscription | undefined;
    const end = (settle: () => void): void => {
      clearTimeout(limit);
      uploading?.unsubscribe();
      settle();
    };
    const limit = setTimeout(
      () => end(() => reject(new Error(`not within ${limitMs} ms; got ${kindsOf(outcomes).join(", ")}`))),
      limitMs,
    );
    uploading = uploadSegments(options).subscribe((outcome) => {
      outcomes.push(outcome);
      if (fits(outcome)) end(() => resolve(outcomes));
    });
  });
}

/** Outcomes in short: `a sent`, `a retry-later busy`. */
export function kindsOf(outcomes: readonly UploadOutcome[]): readonly string[] {
  return outcomes.map((outcome) => {
    const why = "why" in outcome ? ` ${outcome.why}` : "";
    return `${outcome.segment.id} ${outcome.kind}${why}`;
  });
}

export const isSent = ({ kind }: UploadOutcome): boolean => kind === "sent";
