import * as z from "zod";
import { Cameras } from "./cameras.ts";
import { Expectation } from "./expectation.ts";
import { GeoPlace, IsoTime, besideOthers } from "./fields.ts";
import { namesKnownCameras } from "./known-cameras.ts";
import { Receiver } from "./receiver.ts";
import { Route, Vehicle } from "./route.ts";
import { Attack, Fault } from "./trouble.ts";
import { Zones } from "./zones.ts";

/** A drive that is made up: where it goes, what is there, what the receiver makes of it, what goes wrong, what must come of it. */
export const Scenario = z
  .strictObject({
    camfence: z.strictObject({ scenario: z.literal(1) }).describe("Version of this format."),
    title: z.string().min(1).max(200),
    seed: z.int().min(0).max(0xffff_ffff).default(1),
    startsAt: IsoTime.default("2026-03-01T08:00:00Z"),
    origin: GeoPlace.prefault({ latDeg: 48.1, lonDeg: 11.5 }).describe("Where { eastM: 0, northM: 0 } is."),
    vehicle: Vehicle.prefault({}),
    route: Route,
    zones: Zones,
    cameras: Cameras,
    receiver: Receiver.prefault({}),
    attacks: z.array(Attack).max(100).default([]),
    faults: z.array(Fault).max(100).default([]),
    policy: z
      .record(z.string(), z.unknown())
      .default({})
      .describe("The guard's policy, as in a configuration file."),
    expect: z.array(Expectation).max(10_000).default([]),
  })
  .superRefine(namesKnownCameras, besideOthers);
export type Scenario = Readonly<z.infer<typeof Scenario>>;
export type ScenarioInput = Readonly<z.input<typeof Scenario>>;
