import { PassThrough } from "node:stream";
import { join } from "node:path";
import { NEVER } from "rxjs";
import { expect, it } from "vitest";
import { run } from "../../../src/cli/run/run.ts";
import { parseMetrics, sumOf, vehicleFolder } from "../../kit/daemon/daemon.ts";
import { nmeaEpoch } from "../../kit/daemon/nmea.ts";
import { receiverServer } from "../../kit/daemon/receiver-server.ts";
import { zoneFile } from "../../kit/daemon/zone-file.ts";
import { place } from "../../kit/place.ts";

const HOUR_MS = 3_600_000;
const FAULT_MS = process.env["SLOW"] === "1" ? 60_000 : 0;
const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** The daemon in this process, whose clock the test sets as `date -s` would. */
async function vehicle() {
  const clock = { stepMs: 0 };
  const receiver = await receiverServer(() => nmeaEpoch({ timeMs: Date.now(), ...place(0, 0) }));
  const source = {
    kind: "folder",
    path: join(process.cwd(), "simulator/drives/mountain-view/front"),
    fps: 20,
  };
  const folder = await vehicleFolder(
    {
      sources: { position: { kind: "nmea-tcp", host: "127.0.0.1", port: receiver.port, maxBackOffMs: 200 } },
      cameras: [{ id: "front", yawDeg: 0, hfovDeg: 90, source }],
    },
    { "a.geojson": zoneFile([{ id: "far", eastM: 5000, northM: 0, widthM: 50, heightM: 50 }]) },
  );
  const stop = new AbortController();
  const said: string[] = [];
  const ended = run(["--config", join(folder, "camfence.yaml")], {
    stdout: (line) => said.push(line),
    stderr: (line) => said.push(line),
    interactive: false,
    colour: false,
    nowMs: () => Date.now() + clock.stepMs,
    stop: stop.signal,
    reload: NEVER,
    stdin: new PassThrough(),
    environment: {},
  });
  const url = async (): Promise<string> => {
    for (;;) {
      const found = /"status":"(http[^"]+)"/.exec(said.join(""))?.[1];
      if (found !== undefined) return found;
      await Promise.race([sleep(20), ended]);
    }
  };
  const status = await url();
  const count = async (label: string): Promise<number> =>
    sumOf(parseMetrics(await (await fetch(`${status}/metrics`)).text()), "camfence_frames_total", label);
  const end = async (): Promise<number> => {
    stop.abort();
    const code = await ended;
    await receiver[Symbol.asyncDispose]();
    return code;
  };
  return { clock, count, end, said };
}

async function until(what: () => Promise<boolean>): Promise<number> {
  const fromMs = Date.now();
  while (!(await what())) {
    if (Date.now() - fromMs > 30_000) throw new Error("it did not happen in time");
    await sleep(50);
  }
  return Date.now() - fromMs;
}

it("a clock that is set by an hour closes the gate, and opens it only once it is right again", async () => {
  const { clock, count, end } = await vehicle();
  await until(async () => (await count('action="pass"')) > 5);
  for (const stepMs of [HOUR_MS, -HOUR_MS]) {
    clock.stepMs = stepMs;
    // Those under way come out before the first that the new time drops.
    const before = await count('action="drop"');
    await until(async () => (await count('action="drop"')) >= before + 3);
    const passed = await count('action="pass"');
    const dropped = await count('action="drop"');
    await Promise.all([until(async () => (await count('action="drop"')) >= dropped + 10), sleep(FAULT_MS)]);
    expect(await count('action="pass"')).toBe(passed);
    clock.stepMs = 0;
    const tookMs = await until(async () => (await count('action="pass"')) > passed + 5);
    process.stdout.write(`clock set by ${stepMs / HOUR_MS} h and back: passes again after ${tookMs} ms\n`);
  }
  expect(await end()).toBe(0);
}, 200_000);

it("a clock of before the zones, or of another century, keeps the gate closed from the start", async () => {
  const folder = await vehicleFolder(
    {
      sources: { position: { kind: "nmea-tcp", host: "127.0.0.1", port: 9 } },
      cameras: [{ id: "front", yawDeg: 0, hfovDeg: 90, source: { kind: "folder", path: ".", fps: 1 } }],
    },
    { "a.geojson": zoneFile([{ id: "far", eastM: 5000, northM: 0, widthM: 50, heightM: 50 }]) },
  );
  for (const nowMs of [0, Date.UTC(2025, 11, 1), Date.UTC(2101, 0, 1)]) {
    const starting = run(["--config", join(folder, "camfence.yaml")], {
      stdout: () => {},
      stderr: () => {},
      interactive: false,
      colour: false,
      nowMs: () => nowMs,
      reload: NEVER,
      stdin: new PassThrough(),
      environment: {},
    });
    await expect(starting, String(nowMs)).rejects.toThrow(
      /self-test keeps the gate closed: .*(?:clock|zones)/,
    );
  }
});
