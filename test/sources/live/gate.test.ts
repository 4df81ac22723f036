import { Subject, interval, map, of } from "rxjs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createGuard } from "../../../src/guard.ts";
import { GpsdOptions, gpsdReceiver } from "../../../src/sources/live/gpsd-client.ts";
import type { WheelSpeed } from "../../../src/sources/live/wheel-speed.ts";
import { PLAIN_REDACTOR, frameAt } from "../../kit/frames.ts";
import { FAR_AWAY, zoneSet } from "../../kit/place.ts";
import type { TestServer } from "./kit.ts";
import { GREETING, serve, sleep, tpv } from "./kit.ts";

/** A receiver on a real socket, a guard on the real clock, a frame every 20 ms. */
let server: TestServer;
const cleanUp: (() => unknown)[] = [];

beforeEach(async () => {
  server = await serve(0, GREETING);
  cleanUp.push(() => server.close());
});

afterEach(async () => {
  for (const clean of cleanUp.splice(0).toReversed()) await clean();
});

function guarded(changes: object = {}, positioning: { readonly maxFixAgeMs?: number } = {}) {
  const options = {
    port: server.port,
    maxBackOffMs: 50,
    epochPauseMs: 20,
    silentAfterMs: 60_000,
    ...changes,
  };
  const wheelSpeeds = new Subject<WheelSpeed>();
  const reasons: string[] = [];
  const guard = createGuard({
    fixes: gpsdReceiver(GpsdOptions.parse(options)).reports,
    wheelSpeeds,
    zones: of(zoneSet([FAR_AWAY])),
    cameras: [
      {
        id: "front",
        yawDeg: 0,
        hfovDeg: 100,
        frames: interval(20).pipe(map((seq) => frameAt(Date.now(), { seq }))),
      },
    ],
    policy: { positioning },
    redactor: PLAIN_REDACTOR,
  });
  guard.outcomes.subscribe(({ record }) => reasons.push(record.reason));
  const gate = guard.open();
  cleanUp.push(() => gate.unsubscribe());
  return { reasons, wheelSpeeds };
}

const until = async (holds: () => boolean): Promise<void> => {
  const endMs = Date.now() + 30_000;
  while (!holds() && Date.now() < endMs) await sleep(5);
  expect(holds()).toBe(true);
};

/** Fixes ten times a second, as long as it is wanted. */
function talking(changes: object = {}): () => void {
  const timer = setInterval(() => server.send(tpv(Date.now() - 30, changes)), 100);
  cleanUp.push(() => clearInterval(timer));
  return () => clearInterval(timer);
}

test("a receiver that falls silent closes the gate by the age of its last fix, and opens it when it speaks again", async () => {
  const { reasons } = guarded();
  expect(reasons).toEqual([]);
  const silence = talking();
  await until(() => reasons.at(-1) === "clear");
  expect(reasons[0]).toBe("no-fix");
  silence();
  await until(() => reasons.at(-1) === "stale-fix");
  talking();
  await until(() => reasons.at(-1) === "clear");
});

test("a receiver whose connection is cut closes it alike, and is back by itself", async () => {
  const { reasons } = guarded({ maxBackOffMs: 3000 });
  const silence = talking();
  await until(() => reasons.at(-1) === "clear");
  server.cut();
  silence();
  await until(() => reasons.at(-1) === "stale-fix");
  await until(() => server.clients.size > 0);
  talking();
  await until(() => reasons.at(-1) === "clear");
  expect(server.connections()).toBe(2);
});

test("a word of no position closes it at once", async () => {
  // So old no fix gets here, however busy the machine.
  const { reasons } = guarded({}, { maxFixAgeMs: 60_000 });
  const silence = talking();
  await until(() => reasons.at(-1) === "clear");
  silence();
  server.send(tpv(Date.now(), { mode: 1 }));
  await until(() => reasons.at(-1) === "no-fix");
  expect(reasons).not.toContain("stale-fix");
});

test("a simulator's fixes never open it", async () => {
  const { reasons } = guarded();
  talking({ status: 8 });
  await until(() => reasons.at(-1) === "simulated-fix");
  const judged = reasons.length;
  await until(() => reasons.length >= judged + 20);
  expect(reasons).not.toContain("clear");
});

test("wheels that turn while the receiver says that the vehicle stands close it", async () => {
  const { reasons, wheelSpeeds } = guarded();
  talking();
  await until(() => reasons.at(-1) === "clear");
  const turning = setInterval(() => wheelSpeeds.next({ timeMs: Date.now(), speedMps: 12 }), 50);
  cleanUp.push(() => clearInterval(turning));
  await until(() => reasons.at(-1) === "implausible-fix");
  expect(reasons[0]).toBe("no-fix");
});
