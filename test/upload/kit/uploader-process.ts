import { join } from "node:path";
import { Regions } from "../../../src/upload/region-endpoint.ts";
import { openResumeFile } from "../../../src/upload/resume-file.ts";
import { becomeSoleUploader } from "../../../src/upload/sole-uploader.ts";
import { uploadSegments } from "../../../src/upload/uploader.ts";
import { openFolderStore } from "./folder-store.ts";

/** Uploads what is in a folder, `{ folder, regions, … }` of its argument, a line of JSON for every outcome; never ends. */
const { folder, regions, ...options } = JSON.parse(process.argv[2] ?? "") as {
  folder: string;
  regions: unknown;
  maxBytesPerSecond?: number;
};
const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const sole = await becomeSoleUploader(folder);
say({ lock: sole.kind });
if (sole.kind === "sole") {
  const store = openFolderStore(folder);
  const resume = openResumeFile(join(folder, "uploads.json"));
  const backOff = { firstMs: 50, capMs: 400 };
  const started = { store, resume, sole, regions: Regions.parse(regions), backOff, pollMs: 50, ...options };
  uploadSegments(started).subscribe(({ segment, ...outcome }) => say({ id: segment.id, ...outcome }));
}
