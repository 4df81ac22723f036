import { decodeText } from "../../zones/read/decode-text.ts";
import { fixZoneFile } from "../../zones/check/fix-zone-file.ts";
import { readZoneFile, zoneFilesIn } from "../../zones/read/read-zone-file.ts";
import type { Io } from "../io.ts";
import { writeWhole } from "../write-file.ts";
import { count } from "./zones-report.ts";

/** Repairs the zone files of paths in place, each as a whole or not at all, and says on stderr what was done. */
export async function fixFiles(paths: readonly string[], io: Io): Promise<void> {
  for (const file of await zoneFilesIn(paths)) {
    const bytes = await readZoneFile(file);
    const text = decodeText(bytes);
    const fixed = text === null ? null : fixZoneFile(text);
    if (fixed === null || fixed.text === text) continue;
    const mark = bytes[0] === 0xef ? "\ufeff" : "";
    await writeWhole(file, mark + fixed.text);
    const { closed, repeated, rewound } = fixed.repairs;
    io.stderr(
      `${file}: ${count(closed, "ring")} closed, ${count(repeated, "repeated position")} left out, ${count(rewound, "ring")} turned\n`,
    );
  }
}
