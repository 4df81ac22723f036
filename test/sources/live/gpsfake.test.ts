import { once } from "node:events";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Fix, GnssReport } from "../../../src/sources/fix.ts";
import { gpsdAssembler } from "../../../src/sources/gpsd.ts";
import { GpsdOptions, gpsdReceiver } from "../../../src/sources/live/gpsd-client.ts";
import { SHARED_DRIVES, filesBelow, hear } from "../receiver.ts";
import { freePort } from "../../kit/free-port.ts";
import { LONG_AGO, background, hasTool, listen } from "./kit.ts";

/*
 * gpsd itself, fed by its gpsfake with its own logs, against what it made of them when its makers ran it (`.chk`).
 * Some of many by default, all with SLOW=1: each takes two seconds, mostly of gpsfake's own waiting.
 */
const SOME =
  /\/(bu303-moving|bu353s4|beidou-gb|mt3339|garmin18x-bin|ublox-aek-4t|hemi|ac12_binary|bu303-nofix|italk-binary)\.log$/;
const AT_ONCE = 6;

const canRun = SHARED_DRIVES !== undefined && hasTool("gpsd", "-V") && hasTool("gpsfake", "-V");
const logs = (canRun ? filesBelow(join(SHARED_DRIVES ?? "", "gpsd/daemon")) : []).filter((path) =>
  process.env["SLOW"] === undefined ? SOME.test(path) : path.endsWith(".log"),
);
const heard = new Map<string, readonly GnssReport[]>();

beforeAll(async () => {
  const waiting = [...logs];
  const work = async (): Promise<void> => {
    for (let log = waiting.pop(); log !== undefined; log = waiting.pop()) heard.set(log, await replayed(log));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}, 600_000);

test.skipIf(!canRun)("gpsd's logs are there", () => {
  expect(logs.length).toBeGreaterThan(7);
});

test.skipIf(!canRun).each(logs.map((log) => [basename(log), log]))(
  "%s comes from gpsd as its makers' own run says, from the third fix in a row on",
  (_, log) => {
    const expected = fromTheThird(reportsOf(`${log}.chk`));
    const got = new Map((heard.get(log) ?? []).filter(isFix).map((fix) => [fix.timeMs, fix]));
    // The log's last epoch is open when gpsd closes the connection, unless it came long enough before.
    const wasOpen = got.size < expected.size ? 1 : 0;
    expect([...got.keys()]).toEqual([...expected.keys()].slice(0, expected.size - wasOpen));
    for (const [timeMs, fix] of got) {
      const { latDeg, lonDeg, quality } = fix;
      // Some receivers give several fixes one time; the last of them may still be open, too.
      expect(expected.get(timeMs)).toContainEqual(expect.objectContaining({ latDeg, lonDeg, quality }));
    }
  },
);

test.skipIf(!canRun)("enough reports were compared", () => {
  const compared = [...heard.values()].reduce((sum, reports) => sum + reports.length, 0);
  expect(compared).toBeGreaterThan(50);
});

async function replayed(log: string): Promise<readonly GnssReport[]> {
  const port = await freePort();
  const gpsfake = background("gpsfake", ["-1", "-q", "-p", "-W", "10", "-P", String(port), log]);
  gpsfake.stdout?.resume();
  gpsfake.stderr?.resume();
  const options = GpsdOptions.parse({ port, maxBackOffMs: 50, silentAfterMs: 20_000 });
  const listening = listen(gpsdReceiver(options, LONG_AGO));
  await once(gpsfake, "close");
  await listening.until("the end of gpsd", () => listening.health.at(-1)?.state === "connecting");
  listening.stop();
  return listening.reports;
}

/** The rule of trust in time, said once more: a fix counts when the two before it are fixes of earlier times. */
function fromTheThird(reports: readonly GnssReport[]): ReadonlyMap<number, readonly Fix[]> {
  const kept = reports.filter((_, i) => {
    const three = reports.slice(Math.max(0, i - 2), i + 1);
    const rising = three.every((one, k) => k === 0 || one.timeMs > (three[k - 1]?.timeMs ?? 0));
    return three.length === 3 && three.every(isFix) && rising;
  });
  const byTime = new Map<number, Fix[]>();
  for (const fix of kept.filter(isFix)) byTime.set(fix.timeMs, [...(byTime.get(fix.timeMs) ?? []), fix]);
  return byTime;
}

function reportsOf(chk: string): readonly GnssReport[] {
  return hear(gpsdAssembler(), readFileSync(chk), 256 * 1024).reports;
}

function isFix(report: GnssReport): report is Fix {
  return report.quality !== "none";
}
