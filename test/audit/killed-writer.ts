// A process that keeps a ledger as fast as it can, in a time of its own, until it is killed.
import { openDiskFolder } from "../../src/audit/disk-folder.ts";
import { fileKey } from "../../src/audit/key-provider.ts";
import { createLedger } from "../../src/audit/create-ledger.ts";
import { TestClock, outcome, segment } from "./kit.ts";

const [folder = "", key = "", startMs = "0"] = process.argv.slice(2);
const clock = new TestClock(Number(startMs));
const ledger = await createLedger(
  { folder: await openDiskFolder(folder), key: fileKey(key), maxFileBytes: 20_000 },
  clock,
);
process.stdout.write(".");
for (let i = 0; ; i++) {
  for (let frame = 0; frame < 10; frame++) {
    ledger.frameIn("front");
    ledger.outcome(outcome(i % 7 === 3 ? "inside" : "clear", "front", clock.now()));
  }
  if (i % 5 === 0) ledger.segment({ kind: "sealed", sha256: segment(String(i)), region: "de", frames: 5 });
  if (i % 9 === 0) ledger.rechecked({ zoneSet: "ab".repeat(32), kept: 1, destroyed: 0 });
  await clock.pass(10_000);
  process.stdout.write(".");
}
