import { readFileSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { seededRandom } from "../src/core/random.ts";
import { ledgerOf, regionOf, vehicleInput } from "./kit/joined.ts";
import { createDataCentre, openedBy } from "./upload/kit/data-centre.ts";
import { SLOW, atEnd, ingestOf, proxyTo, sleep } from "./upload/kit/faults.ts";
import { start } from "./upload/kit/processes.ts";

type Line = Readonly<Record<string, unknown>>;
const NOWHERE = "http://127.0.0.1:1/";
const SHORT = { buffer: { maxSegmentMs: 300, flushMs: 50 } };

async function vehicleProcess(
  storage: ReturnType<typeof vehicleInput>,
  more: { readonly jumpEvery?: number; readonly sendForMs?: number } = {},
) {
  const vehicle = await start("vehicle", [JSON.stringify({ storage, ...more })]);
  atEnd(() => vehicle.end("SIGKILL"));
  return vehicle;
}

/** Lets it end in its own time; what it says last. */
async function closed(vehicle: Awaited<ReturnType<typeof vehicleProcess>>): Promise<Line> {
  vehicle.child.stdin?.end();
  return vehicle.line((line) => "closed" in line);
}

const ROUNDS = SLOW ? 200 : 4;
test(
  `vehicles and receivers killed at ${ROUNDS} random instants: every sealed segment is there, held whole, or told to be destroyed`,
  { timeout: SLOW ? 3_600_000 : 120_000 },
  async () => {
    const random = seededRandom(9);
    const centre = await createDataCentre();
    let ingest = await ingestOf(centre);
    const proxy = await proxyTo(() => ingest.port);
    const storage = vehicleInput([regionOf(centre, proxy.url)], SHORT);
    const lines: Line[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const vehicle = await vehicleProcess(storage, { jumpEvery: 23 });
      await vehicle.line((line) => "open" in line);
      // One in three at any instant, the others around what matters.
      if (round % 3 === 1) await vehicle.line(is("sealed"));
      if (round % 3 === 2) await vehicle.line((line) => "revoked" in line);
      await sleep(random() ** 2 * 1000);
      if (random() < 0.3) {
        await ingest.end("SIGKILL");
        ingest = await ingestOf(centre);
      }
      await vehicle.end("SIGKILL");
      lines.push(...vehicle.lines);
    }
    let end: Line = {};
    // What waits after hundreds of short lives may take some longer ones.
    for (let life = 0; life < 40 && (end["left"] as Line | undefined)?.["ready"] !== 0; life++) {
      const last = await vehicleProcess(storage, { sendForMs: 15_000 });
      await last.line((line) => "open" in line);
      end = await closed(last);
      lines.push(...last.lines);
    }
    expect(end).toMatchObject({ closed: "written", left: { unchecked: 0, ready: 0 } });

    const held = centre.held();
    const destroyed = new Set(lines.filter(is("destroyed")).map(({ id }) => id));
    const revoked = lines.flatMap((line) => ("revoked" in line ? [line["revoked"] as Line] : []));
    const sealed = lines.filter(is("sealed"));
    expect(sealed.length).toBeGreaterThan(ROUNDS / 3);
    expect(revoked.length).toBeGreaterThanOrEqual(Math.floor(ROUNDS / 3));
    for (const { id, sha256, firstMs, lastMs } of sealed) {
      const isHeld = held[String(id)] === sha256;
      // Killed between the removal and the word of it: only what was revoked goes.
      const mayBeGone = revoked.some(
        ({ afterMs, untilMs }) => Number(lastMs) > Number(afterMs) && Number(firstMs) <= Number(untilMs),
      );
      expect(isHeld || destroyed.has(id) || mayBeGone, `segment ${String(id)}`).toBe(true);
    }
    expect(Object.values(held)).not.toContain("broken");
    expect(readdirSync(join(storage.folder, "segments"))).toEqual([]);
    const { verdict, findings } = await ledgerOf(storage);
    const kinds = new Set(findings.map(({ kind }) => kind));
    for (const kind of ["own-key", "ended-abruptly"] as const) kinds.delete(kind);
    expect([verdict, [...kinds]]).toEqual(["sound", []]);
  },
);

const is = (kind: string) => (line: Line) => line["happened"] === kind;

test("a second vehicle on one folder is refused in one line, and the first goes on", async () => {
  const storage = vehicleInput([], SHORT);
  const first = await vehicleProcess(storage);
  await first.line((line) => "open" in line);
  const second = await vehicleProcess(storage);
  const code = await new Promise((resolve) => second.child.on("exit", resolve));
  expect([code, second.stderr()]).toEqual([
    2,
    `camfence: ${storage.folder}: got a data folder that another camfence process uses, expected to be the only one; stop that one first\n`,
  ]);
  expect(await closed(first)).toMatchObject({ closed: "written" });
});

test("no pixel of a dropped frame, no original of a blurred one and no plain of a passed one is in any file that the vehicle has", async () => {
  const centre = await createDataCentre();
  const storage = vehicleInput([{ ...regionOf(centre, NOWHERE) }], {
    buffer: { maxSegmentMs: 700, flushMs: 0 },
  });
  const vehicle = await vehicleProcess(storage, { jumpEvery: 30, sendForMs: 0 });
  await vehicle.line(is("sealed"));
  let scannedBytes = 0;
  for (let look = 0; look < 12; look++) {
    await sleep(120);
    const bytes = everyByte(storage.folder, vehicle.child.pid ?? 0);
    scannedBytes += bytes.length;
    for (const canary of ["DROPPED-PIX", "BLURRED-PIX", "PASSED-PIX"])
      expect(bytes.includes(canary)).toBe(false);
  }
  expect(scannedBytes).toBeGreaterThan(1e6);
  const end = await closed(vehicle);
  expect(Object.keys(end["counts"] as Line)).toEqual(
    expect.arrayContaining(["passed pass", "blurred blur", "dropped drop"]),
  );
  // What arrives is a passed frame as it was, and nothing of the two others.
  const later = await vehicleProcess({
    ...storage,
    regions: [regionOf(centre, (await ingestOf(centre)).url)],
  });
  await later.line((line) => "open" in line);
  await closed(later);
  const plain = (await openedBy(centre)).map((segment) => Buffer.from(segment.plain));
  expect(plain.length).toBeGreaterThan(2);
  expect(plain.some((each) => each.includes("PASSED-PIX"))).toBe(true);
  expect(plain.some((each) => each.includes("DROPPED-PIX") || each.includes("BLURRED-PIX"))).toBe(false);
});

/** All bytes in the folder, and of every file that the process has open or mapped, whether or not it has a name. */
function everyByte(folder: string, pid: number): Buffer {
  const named = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  const held = ["fd", "map_files"].flatMap((kind) => {
    const dir = `/proc/${pid}/${kind}`;
    return readdirSync(dir).map((name) => join(dir, name));
  });
  return Buffer.concat([...named, ...held.filter(isWritten)].map(contentOf));
}

/** Neither code nor a device. */
function isWritten(path: string): boolean {
  try {
    return (
      statSync(path).isFile() && !/node_modules|\.(ts|js|mjs|so|node)\b|\/bin\/node/.test(readlinkSync(path))
    );
  } catch {
    return false; // closed meanwhile
  }
}

function contentOf(path: string): Buffer {
  try {
    return statSync(path).isFile() ? readFileSync(path) : Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0); // removed meanwhile
  }
}
