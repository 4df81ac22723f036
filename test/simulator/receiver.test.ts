import { describe, expect, test } from "vitest";
import { distanceFrom, planeAt } from "../../src/core/plane.ts";
import type { Fix, GnssReport } from "../../src/sources/fix.ts";
import type { BrokenAssumption, ScenarioInput, SimulatedDrive } from "../../simulator/index.ts";
import { ASSUMED } from "../../simulator/assumptions.ts";
import { drive } from "./kit.ts";

type Receiver = NonNullable<ScenarioInput["receiver"]>;

function isFix(report: GnssReport): report is Fix {
  return report.quality !== "none";
}

/** How far each fix is from the truth of the time that it names. */
function offM({ reports, truthAt }: SimulatedDrive): readonly { readonly fix: Fix; readonly offM: number }[] {
  const fixes = reports.map(({ report }) => report).filter(isFix);
  return fixes.map((fix) => ({ fix, offM: distanceFrom(planeAt(truthAt(fix.timeMs)), fix) }));
}

function receiving(receiver: Receiver, seed = 1): SimulatedDrive {
  return drive({ receiver }, seed);
}

function brokenBy(changes: Partial<ScenarioInput>): readonly BrokenAssumption["assumption"][] {
  return [...new Set(drive(changes).breaks.map(({ assumption }) => assumption))].toSorted();
}

describe("an honest receiver", () => {
  test("is within its 95 % radius as often as it says, and never beyond what the guard assumes", () => {
    let [within, all] = [0, 0];
    for (let seed = 1; seed <= 30; seed++) {
      for (const { fix, offM: metres } of offM(receiving({ rateHz: 2, noise: { correlationS: 2 } }, seed))) {
        all++;
        if (metres <= (fix.accuracyM ?? 0)) within++;
        expect(metres).toBeLessThan(ASSUMED.confidenceFactor * (fix.accuracyM ?? 0));
      }
    }
    expect(within / all).toBeGreaterThan(0.93);
    expect(within / all).toBeLessThan(0.97);
  });

  test("has an error that wanders: one fix is wrong much as the one before it", () => {
    const all = offM(receiving({ rateHz: 10, noise: { sigmaM: 3, correlationS: 60, whiteM: 0 } }));
    const steps = all.slice(1).map((each, i) => Math.abs(each.offM - (all[i]?.offM ?? 0)));
    expect(Math.max(...steps)).toBeLessThan(1);
  });

  test.each([1, 4, 20])("speaks %i times a second, and each report arrives after its time", (rateHz) => {
    const { reports, startMs, endMs } = receiving({ rateHz });
    expect(Math.abs(reports.length - ((endMs - startMs) / 1000) * rateHz)).toBeLessThanOrEqual(1);
    expect(reports.every(({ arrivedMs, report }) => arrivedMs >= report.timeMs + 60)).toBe(true);
  });

  test("breaks no assumption, also with drift, silence, delays, duplicates and the multipath that it knows of", () => {
    expect(
      brokenBy({
        receiver: {
          drift: { mps: 0.5, maxM: 20 },
          outages: [{ atS: 20, forS: 5 }],
          late: { share: 0.3, byMs: 900 },
          duplicates: 0.3,
          multipath: [{ atS: 30, forS: 5, offsetM: 50, honest: true }],
        },
      }),
    ).toEqual([]);
  });
});

describe("what a scenario says is wrong with the receiver is what comes", () => {
  test("late reports come out of order, unless those behind them wait, too", () => {
    const isSorted = (receiver: Receiver) => {
      const times = receiving(receiver).reports.map(({ report }) => report.timeMs);
      return times.every((timeMs, i) => i === 0 || timeMs >= (times[i - 1] ?? 0));
    };
    expect(isSorted({})).toBe(true);
    expect(isSorted({ late: { share: 0.2, byMs: 900 } })).toBe(false);
    expect(isSorted({ late: { share: 0.2, byMs: 900, inOrder: true } })).toBe(true);
  });

  test("duplicates say the same again", () => {
    const texts = receiving({ duplicates: 0.5 }).reports.map(({ report }) => JSON.stringify(report));
    expect(texts.length - new Set(texts).size).toBeGreaterThan(50);
  });

  test("an outage is silence, or says that there is no fix; after it the place may be off", () => {
    const outage = { atS: 20, forS: 10, jumpM: 211, settlesS: 5, bearingDeg: 90 };
    const during = (drive0: SimulatedDrive) =>
      drive0.reports.filter(
        ({ report: { timeMs } }) => timeMs >= drive0.startMs + 20_000 && timeMs < drive0.startMs + 30_000,
      );
    expect(during(receiving({ outages: [outage] }))).toEqual([]);
    const spoken = receiving({ outages: [{ ...outage, says: "void" }] });
    expect(new Set(during(spoken).map(({ report }) => report.quality))).toEqual(new Set(["none"]));
    const first = offM(spoken).find(({ fix }) => fix.timeMs >= spoken.startMs + 30_000);
    expect(first?.offM).toBeGreaterThan(200);
  });

  test("a stuck one repeats its digits under new times", () => {
    const { reports, startMs } = receiving({ rateHz: 2, stuck: [{ atS: 20, forS: 5 }] });
    const during = reports
      .map(({ report }) => report)
      .filter(({ timeMs }) => timeMs >= startMs + 20_000 && timeMs < startMs + 25_000);
    expect(new Set(during.filter(isFix).map(({ latDeg, lonDeg }) => `${latDeg} ${lonDeg}`)).size).toBe(1);
    expect(new Set(during.map(({ timeMs }) => timeMs)).size).toBe(10);
  });

  test("accuracy may be honest, a share of that, or not there", () => {
    const said = (receiver: Receiver) =>
      receiving(receiver).reports.map(({ report }) => isFix(report) && report.accuracyM);
    const [honest] = said({});
    expect(said({ accuracy: { says: "absent" } })[0]).toBeNull();
    expect(said({ accuracy: { says: "optimistic", factor: 0.25 } })[0]).toBeCloseTo(Number(honest) / 4, 9);
  });
});

describe("assumptions that a drive breaks are measured against the truth", () => {
  test.each<readonly [string, Partial<ScenarioInput>, readonly string[]]>([
    ["nothing", {}, []],
    ["a dishonest jump", { receiver: { multipath: [{ atS: 20, forS: 5, offsetM: 80 }] } }, ["accuracy"]],
    [
      "a spoofed track",
      { attacks: [{ kind: "drift", atS: 20, forS: 20, mps: 5, bearingDeg: 0 }] },
      ["accuracy", "speed"],
    ],
    ["a week counter that begins anew", { receiver: { weekRolloverAtS: 20 } }, ["clock"]],
    ["a step of the shared clock", { attacks: [{ kind: "clock-step", atS: 20, byMs: 500 }] }, ["clock"]],
    ["a camera's wrong clock", { cameras: [{ stampErrorMs: 80 }] }, ["clock"]],
    ["a camera's clock that is nearly right", { cameras: [{ stampErrorMs: 45 }] }, []],
    ["a racing car", { vehicle: { accelerationMps2: 15, brakingMps2: 15 } }, ["motion"]],
    [
      "a vehicle across a ferry",
      {
        route: {
          waypoints: [
            { eastM: 0, northM: 0 },
            { eastM: 900, northM: 0 },
          ],
          ferries: [{ fromM: 100, toM: 800, facesDeg: 90 }],
        },
      },
      ["heading"],
    ],
    ["phones' wrong places", { faults: [{ kind: "wrong-places", atS: 20, forS: 5 }] }, ["accuracy"]],
    [
      "old reports under new times",
      { attacks: [{ kind: "replay", atS: 40, forS: 5, agoS: 15, restamped: true }] },
      ["accuracy"],
    ],
    ["old reports as old ones", { attacks: [{ kind: "replay", atS: 40, forS: 5, agoS: 15 }] }, []],
  ])("%s", (_name, changes, assumptions) => {
    expect(brokenBy(changes)).toEqual(assumptions);
  });
});

test("fix 0 with a position far away is what the NMEA source makes of it: no fix", () => {
  const { reports, startMs } = drive({ faults: [{ kind: "no-fix-elsewhere", atS: 20, forS: 5 }] });
  const during = reports
    .map(({ report }) => report)
    .filter(({ timeMs }) => timeMs >= startMs + 20_000 && timeMs < startMs + 25_000);
  expect(during).toHaveLength(25);
  expect(during.every(({ quality }) => quality === "none")).toBe(true);
});
