import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Outcome } from "../src/gate/record.ts";
import type { Redaction, Redactor } from "../src/redaction/redactor.ts";
import { PLAIN_REDACTOR } from "./kit/frames.ts";
import { FAR_AWAY, squareZone, zoneSet } from "./kit/place.ts";
import { CAMERA_IDS, createStage } from "./kit/stage.ts";

const RUNS = process.env["SLOW"] === "1" ? 20_000 : 500;

const HERE = squareZone({ eastM: -50, northM: -50, sideM: 100, action: "blur" });
const SETS = [
  zoneSet([FAR_AWAY], { issuedMs: 5 }),
  zoneSet([HERE], { issuedMs: 6 }),
  zoneSet([FAR_AWAY, HERE], { issuedMs: 7, expiresMs: 4000 }),
  zoneSet([], { issuedMs: 8 }),
  zoneSet([FAR_AWAY], { issuedMs: 7 }),
];

const CAMERAS = fc.nat(2);
/** Whatever may come in or happen, in the order of its probability. */
const EVENTS = fc.array(
  fc.oneof(
    {
      weight: 30,
      arbitrary: fc.record({
        kind: fc.constant("frame" as const),
        camera: CAMERAS,
        agoMs: fc.constantFrom(0, 0, 0, 100, 6000, Number.NaN),
      }),
    },
    {
      weight: 20,
      arbitrary: fc.record({
        kind: fc.constant("fix" as const),
        eastM: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 300, 5000),
        agoMs: fc.constantFrom(0, 0, 0, 100, 3000, -1000),
        accuracyM: fc.constantFrom(3, 3, 3, 3, 3, 3, 3, 3, 3, 500, Number.NaN),
      }),
    },
    {
      weight: 15,
      arbitrary: fc.record({
        kind: fc.constant("pass" as const),
        ms: fc.constantFrom(10, 50, 100, 100, 100, 500, 2500),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant("zones" as const), set: fc.nat(SETS.length - 1) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("none" as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("end" as const),
        input: fc.constantFrom("fixes", "zones", "camera"),
        fails: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("clock" as const),
        backMs: fc.constantFrom(20, 20, 700, 9000),
      }),
    },
  ),
  { minLength: 20, maxLength: 150, size: "max" },
);

/** Ends its work at once, soon, late, never, or with an error: by what is left of the frame's number. */
const MOODY: Redactor = {
  ...PLAIN_REDACTOR,
  release: (frame) => moody(frame.seq, () => PLAIN_REDACTOR.release(frame)),
  blur: (frame) => moody(frame.seq + 1, () => PLAIN_REDACTOR.blur(frame)),
};

type Work = Redaction | Promise<Redaction>;

function moody(mood: number, work: () => Work): Work {
  if (mood % 3 === 1) return Promise.resolve().then(work);
  if (mood % 7 === 3) return new Promise(() => {});
  if (mood % 11 === 4) return Promise.reject(new Error("broken"));
  if (mood % 13 === 5) throw new Error("broken at once");
  return work();
}

it("whatever happens: a frame in is a frame out, in order, and none is released while the place is unknown", async () => {
  await fc.assert(
    fc.asyncProperty(EVENTS, fc.constantFrom(0, 150), async (events, holdMs) => {
      const stage = createStage({
        cameras: [{}, {}, { kind: "cabin" }],
        redactor: MOODY,
        policy: { gate: { holdMs, maxQueuedFrames: 4, seed: 1, maxRedactionMs: 300 } },
      });
      const came = CAMERA_IDS.map((): number[] => []);
      const ended = new Set<number>();
      let seq = 0;
      stage.setClock(100_000);
      await stage.trust();
      for (const event of events) {
        switch (event.kind) {
          case "frame":
            if (ended.has(event.camera)) break;
            came[event.camera]?.push(seq);
            stage.frame({ seq: seq++, timeMs: stage.nowMs() - event.agoMs }, event.camera);
            break;
          case "fix":
            stage.fix({
              eastM: event.eastM,
              accuracyM: event.accuracyM,
              timeMs: stage.nowMs() - event.agoMs,
            });
            break;
          case "none":
            stage.inputs.fixes.next({ timeMs: stage.nowMs(), quality: "none" });
            break;
          case "zones":
            stage.inputs.zones.next(SETS[event.set] as (typeof SETS)[number]);
            break;
          case "pass":
            await stage.pass(event.ms);
            break;
          case "clock":
            stage.setClock(stage.nowMs() - event.backMs);
            break;
          case "end": {
            if (event.input === "camera") ended.add(0);
            const subject =
              event.input === "camera" ? stage.inputs.cameras[0] : stage.inputs[event.input as "fixes"];
            if (event.fails) subject?.error(new Error("cut"));
            else subject?.complete();
          }
        }
      }
      // By then whatever waits has waited long enough, also by virtual timers from before the clock went back.
      for (let i = 0; i < 30; i++) await stage.pass(5000);

      for (const [camera, id] of CAMERA_IDS.entries()) {
        const own = stage.outcomes.filter(({ record }) => record.camera === id);
        expect(own.map(({ record }) => record.seq)).toEqual(came[camera]);
      }
      const counts = { pass: 0, blur: 0, drop: 0 };
      for (const { record } of stage.outcomes) counts[record.action]++;
      expect(counts.pass + counts.blur + counts.drop).toBe(came.flat().length);
      expect(stage.outcomes.filter((outcome) => !isWellFormed(outcome))).toEqual([]);
    }),
    { numRuns: RUNS, seed: 2 },
  );
});

/** Released is what passed or was blurred, at a known place, and nothing else. */
function isWellFormed({ record, released }: Outcome): boolean {
  if (record.action === "drop") return released === null && record.reason !== "clear";
  if (released === null || record.radiusM === null) return false;
  if (record.camera === "left") return false;
  const isSame = released.frame.seq === record.seq && released.frame.camera === record.camera;
  return isSame && (record.action === "blur") === (released.informationBits !== null);
}
