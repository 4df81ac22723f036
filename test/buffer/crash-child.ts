import { writeSync } from "node:fs";
import { nodeFiles } from "../../src/buffer/disk/node-files.ts";
import { openVault } from "../../src/buffer/segment-vault.ts";
import { DEVICE_KEY, writeFrames, writerFor } from "../kit/buffer.ts";

// Writes frames until it is killed, and says which are safe: `crash-child FOLDER RECIPIENT FIRST-SEQ`.
const [folder = "", recipient = "", firstSeq = "0"] = process.argv.slice(2);
writeSync(1, "started\n");
const { vault } = await openVault({ files: await nodeFiles(folder), deviceKey: DEVICE_KEY });
const writer = writerFor(vault, { recipients: { cn: recipient }, policy: { maxSegmentMs: 500, flushMs: 0 } });
for (let seq = Number(firstSeq); ; seq++) {
  const events = await writeFrames(writer, seq, seq + 1);
  writeSync(1, events.some(({ kind }) => kind === "lost") ? `${JSON.stringify(events)}\n` : "stored\n");
}
