import type { Random } from "../../src/core/random.ts";
import type { ScenarioInput } from "../scenario/scenario.ts";
import { often, pick, within } from "./draw.ts";
import { DRAWN_IDS } from "./random-zones.ts";

type Attacks = NonNullable<ScenarioInput["attacks"]>;
type Faults = NonNullable<ScenarioInput["faults"]>;

/** What goes wrong without breaking what the guard assumes: things die, are late, or are plainly not to be believed. */
export function randomFaults(random: Random, lastS: number): { attacks: Attacks; faults: Faults } {
  const atS = (): number => within(random, 5, lastS * 0.7);
  const kinds: readonly (() => Faults)[] = [
    () => [{ kind: "receiver-dies", atS: atS(), how: "silent", backAfterS: within(random, 1, 45) }],
    () => [{ kind: "receiver-dies", atS: atS(), how: pick(random, ["ends", "fails"] as const) }],
    () => [
      { kind: "camera-dies", atS: atS(), how: pick(random, ["ends", "fails"] as const), camera: "front" },
    ],
    () => [{ kind: "frame-burst", atS: atS(), forS: within(random, 0.2, 6) }],
    () => [{ kind: "broken-frames", atS: atS(), forS: within(random, 0.2, 5) }],
    () => [
      {
        kind: "zones-replaced",
        atS: atS(),
        content: pick(random, ["good", "good", "broken", "empty"] as const),
        without: often(random, 0.5) ? [pick(random, DRAWN_IDS)] : [],
        with: [newZone(random)],
      },
    ],
    () => [{ kind: "disk-full", atS: atS(), forS: within(random, 1, 20) }],
    () => [{ kind: "kill", atS: atS(), downS: within(random, 0.5, 8) }],
    () => [{ kind: "no-fix-elsewhere", atS: atS(), forS: within(random, 1, 10) }],
  ];
  const faults = kinds.flatMap((make) => (often(random, 0.07) ? make() : []));
  const attacks: Attacks = [
    ...(often(random, 0.05) ? [{ kind: "zone-rollback" as const, atS: atS() }] : []),
    ...(often(random, 0.05) ? [{ kind: "simulated" as const, atS: atS(), forS: within(random, 1, 10) }] : []),
  ];
  return { attacks, faults };
}

function newZone(random: Random) {
  const at = { eastM: within(random, -800, 800), northM: within(random, -800, 800) };
  return { id: "new-zone", viewM: 150, shapes: [{ circle: { at, radiusM: within(random, 20, 300) } }] };
}
