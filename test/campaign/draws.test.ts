import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Scenario } from "../../simulator/index.ts";
import { drawScenario } from "../../simulator/campaign/random-scenario.ts";
import { flavourOf } from "./run-drive.ts";

const SEEDS = 3000;

type Kind = (scenario: Scenario) => boolean;
const attack =
  (kind: Scenario["attacks"][number]["kind"]): Kind =>
  ({ attacks }) =>
    attacks.some((each) => each.kind === kind);
const fault =
  (kind: Scenario["faults"][number]["kind"]): Kind =>
  ({ faults }) =>
    faults.some((each) => each.kind === kind);
const zoneKind =
  (kind: NonNullable<Scenario["zones"]["generated"]>["kinds"][number]): Kind =>
  ({ zones }) =>
    zones.generated?.kinds.includes(kind) ?? false;
const drawnZones =
  (what: RegExp): Kind =>
  ({ zones }) =>
    zones.inline.some(({ text }) => what.test(text));
const camera =
  (is: (camera: Scenario["cameras"][number]) => boolean): Kind =>
  ({ cameras }) =>
    cameras.some(is);
const receiver =
  (is: (receiver: Scenario["receiver"]) => boolean): Kind =>
  (scenario) =>
    is(scenario.receiver);
const isStored: Kind = ({ expect: expected }) => expected.some(({ that }) => that === "stored");

/** Everything that the campaign is to be made of, and which drives have it. */
const KINDS: Readonly<Record<string, Kind>> = {
  "a way of waypoints": ({ route }) => route.waypoints !== undefined,
  "a way from a GPX file": ({ route }) => route.gpx !== undefined,
  "a way made up": ({ route }) => route.generated !== undefined,
  "acceleration limits": ({ vehicle }) => vehicle.accelerationMps2 < 3 && vehicle.brakingMps2 > 5,
  "a varying speed": ({ route }) => route.speedVariation > 0,
  stops: ({ route }) => route.stops.length > 0,
  reversing: ({ route }) => route.reverses.length > 0,
  "a U-turn": ({ route }) => route.waypoints?.length === 6,
  ferries: ({ route }) => route.ferries.length > 0,
  tunnels: ({ route }) => route.tunnels.length > 0,
  "zone files that ship": ({ zones }) => zones.files.length > 0,
  "zone files that are drawn": ({ zones }) => zones.inline.length > 0,
  "zones as files on the disk": ({ zones }) => zones.given === "files",
  "zones as a compiled set": ({ zones }) => zones.given === "compiled",
  "zones in GCJ-02": drawnZones(/"gcj02"/),
  "zones in BD-09": drawnZones(/"bd09"/),
  "zones with a schedule": drawnZones(/"schedule"/),
  "zones that begin": drawnZones(/"validFrom"/),
  "zones that end": drawnZones(/"validUntil"/),
  "zones of some cameras": drawnZones(/"cameras"/),
  "zones made up, with hours": ({ zones }) => (zones.generated?.timedShare ?? 0) > 0,
  coverage: ({ zones }) => zones.coverage !== undefined,
  slivers: zoneKind("sliver"),
  "nested zones": zoneKind("nested"),
  holes: zoneKind("hole"),
  "compounds of 5 m": zoneKind("compound"),
  "ranges of 100 km": zoneKind("range"),
  "zones in parts": zoneKind("parts"),
  circles: zoneKind("circle"),
  "the antimeridian": ({ origin }) => Math.abs(origin.lonDeg) > 179.98,
  "blur zones": ({ zones }) => (zones.generated?.blurShare ?? 0) > 0,
  "a camera that looks aside": camera(({ yawDeg }) => Math.abs(yawDeg) > 20 && Math.abs(yawDeg) < 160),
  "a narrow camera": camera(({ hfovDeg }) => hfovDeg === 30),
  "a camera that sees all around": camera(({ hfovDeg }) => hfovDeg === 360),
  "a camera that does not see far": camera(({ rangeM }) => rangeM < 300),
  "10 frames a second": camera(({ fps }) => fps === 10),
  "30 frames a second": camera(({ fps }) => fps === 30),
  ...Object.fromEntries(
    (["gray8", "jpeg", "nv12", "i420", "yuyv", "rgb24", "bgr24", "rgba"] as const).map((name) => [
      `${name} images`,
      camera(({ format }) => format === name),
    ]),
  ),
  "shutter jitter": camera(({ jitterMs }) => jitterMs > 0),
  "camera latency": camera(({ latencyMs }) => latencyMs > 150),
  "camera clocks that are off": camera(({ stampErrorMs }) => Math.abs(stampErrorMs) > 40),
  ...Object.fromEntries(
    [1, 2, 5, 10, 20].map((hz) => [`${hz} fixes a second`, receiver(({ rateHz }) => rateHz === hz)]),
  ),
  "correlated noise": receiver(({ noise }) => noise.correlationS > 50),
  "a bias that drifts": receiver(({ drift }) => drift.mps > 0),
  "multipath that is known": receiver(({ multipath }) => multipath.some(({ honest }) => honest)),
  "multipath jumps": receiver(({ multipathAtRandom }) => multipathAtRandom !== undefined),
  outages: receiver(({ outages }) => outages.length > 0),
  "tunnel exits that are off": ({ route, receiver: { tunnels } }) =>
    route.tunnels.length > 0 && tunnels.exitErrorM > 0,
  "dead reckoning in tunnels": ({ route, receiver: { tunnels } }) =>
    route.tunnels.length > 0 && tunnels.says === "estimated",
  "stuck output": receiver(({ stuck }) => stuck.length > 0),
  "a week rollover": receiver(({ weekRolloverAtS }) => weekRolloverAtS !== undefined),
  "a leap second": receiver(({ leapSecond }) => leapSecond !== undefined),
  "honest accuracy": receiver(({ accuracy }) => accuracy.says === "honest"),
  "optimistic accuracy": receiver(({ accuracy }) => accuracy.says === "optimistic"),
  "no accuracy": receiver(({ accuracy }) => accuracy.says === "absent"),
  "late fixes, in order": receiver(({ late }) => late.share > 0 && late.inOrder),
  "late fixes, out of order": receiver(({ late }) => late.share > 0 && !late.inOrder),
  "fixes twice": receiver(({ duplicates }) => duplicates > 0),
  "no speed": receiver(({ saysSpeed }) => !saysSpeed),
  "no course": receiver(({ saysCourse }) => !saysCourse),
  meaconing: attack("meaconing"),
  "a spoofed drift": attack("drift"),
  "replayed fixes": attack("replay"),
  "replayed fixes with new times": ({ attacks }) =>
    attacks.some((each) => each.kind === "replay" && each.restamped),
  "simulated status": attack("simulated"),
  "zone-set rollback": attack("zone-rollback"),
  "clock steps": attack("clock-step"),
  "a dead receiver": fault("receiver-dies"),
  "a dead camera": fault("camera-dies"),
  "frame bursts": fault("frame-burst"),
  "broken frames": fault("broken-frames"),
  "zones replaced on the way": fault("zones-replaced"),
  "a zone file replaced on the way, on the disk": (scenario) =>
    scenario.zones.given !== "text" && fault("zones-replaced")(scenario),
  "a zone taken out of a file on the way": ({ faults, zones }) =>
    zones.inline.length > 0 &&
    faults.some(
      (each) => each.kind === "zones-replaced" && each.content === "good" && each.without.length > 0,
    ),
  "a full disk": fault("disk-full"),
  "a full disk that something is written to": (scenario) =>
    isStored(scenario) && fault("disk-full")(scenario),
  "a kill": fault("kill"),
  "a kill of who stores": (scenario) => isStored(scenario) && fault("kill")(scenario),
  "a phone in wrong places": fault("wrong-places"),
  "fix=0 and a place 1,000 km away": fault("no-fix-elsewhere"),
  "an outage of 40 s with a jump of 211 m": receiver(({ outages }) =>
    outages.some(({ forS, jumpM }) => forS === 40 && jumpM === 211),
  ),
};

it("the campaign draws everything that it is to be made of", () => {
  const counts = new Map(Object.keys(KINDS).map((kind) => [kind, 0]));
  for (let seed = 0; seed < SEEDS; seed++) {
    const scenario = drawScenario(seed, flavourOf(seed));
    for (const [kind, has] of Object.entries(KINDS))
      if (has(scenario)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  expect([...counts].filter(([, count]) => count < 3)).toEqual([]);
});

it("every kind of attack, of fault and of zone is among what is counted", () => {
  // The schema names them all.
  const named = (file: string): string[] =>
    [...readFileSync(file, "utf8").matchAll(/literal\("([a-z-]+)"\)/g)].map(([, name = ""]) => name);
  const counted = readFileSync(new URL(import.meta.url), "utf8");
  const missing = named("simulator/scenario/trouble.ts").filter(
    (name) => !new RegExp(`(?:attack|fault)\\("${name}"\\)`).test(counted),
  );
  expect(missing).toEqual([]);
});
