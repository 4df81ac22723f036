import type { Scenario } from "../../../simulator/index.ts";
import { Scenario as ScenarioSchema } from "../../../simulator/index.ts";

/** Leaves one part of a scenario out; it may be gone already. */
export type Cut = (scenario: Scenario) => Scenario;

/** Everything that a scenario can do without, large parts first. */
export function cutsOf(scenario: Scenario): readonly Cut[] {
  const { attacks, faults, zones, cameras, route, receiver } = scenario;
  return [
    ...attacks.map((each): Cut => (rest) => ({
      ...rest,
      attacks: rest.attacks.filter((one) => one !== each),
    })),
    ...faults.map((each): Cut => (rest) => ({ ...rest, faults: rest.faults.filter((one) => one !== each) })),
    ...cameras
      .slice(1)
      .map((each): Cut => (rest) => ({ ...rest, cameras: rest.cameras.filter((one) => one !== each) })),
    ...zones.features.map(
      (each): Cut =>
        (rest) =>
          withoutZone(rest, each),
    ),
    ...zones.inline.map(
      (each): Cut =>
        (rest) =>
          withoutFile(rest, each),
    ),
    ...routeCuts(route),
    ...receiverCuts(receiver),
  ];
}

/** One zone must be left. */
function withoutZone(rest: Scenario, zone: Scenario["zones"]["features"][number]): Scenario {
  const features = rest.zones.features.filter((one) => one !== zone);
  return ifAny(rest, { ...rest.zones, features });
}

function withoutFile(rest: Scenario, file: Scenario["zones"]["inline"][number]): Scenario {
  return ifAny(rest, { ...rest.zones, inline: rest.zones.inline.filter((one) => one !== file) });
}

function ifAny(rest: Scenario, zones: Scenario["zones"]): Scenario {
  const isNone = zones.features.length + zones.inline.length === 0 && zones.generated === undefined;
  return isNone ? rest : { ...rest, zones };
}

function routeCuts(route: Scenario["route"]): readonly Cut[] {
  const setting =
    (change: Partial<Scenario["route"]>): Cut =>
    (rest) => ({ ...rest, route: { ...rest.route, ...change } });
  return [
    ...when(route.speedVariation > 0, setting({ speedVariation: 0 })),
    ...when(route.stops.length > 0, setting({ stops: [] })),
    ...when(route.speeds.length > 0, setting({ speeds: [] })),
    ...when(route.reverses.length > 0, setting({ reverses: [] })),
    ...when(route.ferries.length > 0, setting({ ferries: [] })),
    ...when(route.tunnels.length > 0, setting({ tunnels: [] })),
  ];
}

type Receiver = Scenario["receiver"];

/** Each way in which the receiver is worse than a plain one. */
function receiverCuts(receiver: Receiver): readonly Cut[] {
  const plain = ScenarioSchema.shape.receiver.parse({});
  return (Object.keys(receiver) as (keyof Receiver)[])
    .filter((key) => key !== "rateHz" && JSON.stringify(receiver[key]) !== JSON.stringify(plain[key]))
    .map((key): Cut => (rest) => ({ ...rest, receiver: withPlain(rest.receiver, plain, key) }));
}

function withPlain(receiver: Receiver, plain: Receiver, key: keyof Receiver): Receiver {
  return Object.fromEntries(
    Object.entries(receiver).flatMap(([name, value]) => {
      if (name !== key) return [[name, value]];
      return plain[key] === undefined ? [] : [[name, plain[key]]];
    }),
  ) as Receiver;
}

function when(isSo: boolean, cut: Cut): readonly Cut[] {
  return isSo ? [cut] : [];
}

/** As a person would write it: without what the schema fills in. */
export function withoutDefaults(scenario: Scenario): unknown {
  const whole = JSON.stringify(ScenarioSchema.parse(scenario));
  const copy: unknown = structuredClone(scenario);
  const prune = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      if (!Array.isArray(value)) {
        Reflect.deleteProperty(value, key);
        if (isSame(copy, whole)) continue;
        Reflect.set(value, key, member);
      }
      prune(member);
    }
  };
  prune(copy);
  return copy;
}

function isSame(copy: unknown, whole: string): boolean {
  const checked = ScenarioSchema.safeParse(copy);
  return checked.success && JSON.stringify(checked.data) === whole;
}
