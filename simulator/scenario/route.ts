import * as z from "zod";
import { Place, besideOthers, bearing, metres, seconds, share, span, speed } from "./fields.ts";

export const Vehicle = z.strictObject({
  accelerationMps2: z.number().positive().max(30).default(2.5).describe("Greatest acceleration forwards."),
  brakingMps2: z.number().positive().max(30).default(4).describe("Greatest deceleration."),
  lateralMps2: z
    .number()
    .positive()
    .max(30)
    .default(3)
    .describe("Greatest acceleration sideways, in curves."),
  turnRadiusM: z.number().min(1).max(100).default(6).describe("Radius of the tightest curve."),
});
export type Vehicle = Readonly<z.infer<typeof Vehicle>>;

/** A stretch of the way, counted in metres from its start. */
const stretch = { fromM: metres, toM: metres };

export const Route = z
  .strictObject({
    waypoints: z.array(Place).min(2).max(20_000).optional().describe("The way, in straight lines and arcs."),
    gpx: z
      .string()
      .min(1)
      .optional()
      .describe("A GPX file whose track or route is the way; from the scenario's folder."),
    generated: z
      .strictObject({
        lengthM: z.number().min(50).max(300_000),
        style: z.enum(["town", "country", "motorway"]).default("town"),
      })
      .optional()
      .describe("A way made up from the seed."),
    speedMps: speed.default(14).describe("How fast, where nothing else says otherwise."),
    speedVariation: share
      .default(0)
      .describe("By which share the speed varies, as traffic makes it; from the seed."),
    speeds: z
      .array(z.strictObject({ fromM: metres, speedMps: speed }))
      .max(1000)
      .default([]),
    stops: z
      .array(z.strictObject({ atM: metres, forS: span }))
      .max(1000)
      .default([]),
    reverses: z
      .array(z.strictObject({ atM: metres, byM: z.number().positive().max(200), speedMps: speed.default(2) }))
      .max(100)
      .default([])
      .describe("The vehicle stops, goes back by so many metres, and goes on."),
    ferries: z
      .array(
        z.strictObject({
          ...stretch,
          speedMps: speed.default(6),
          facesDeg: bearing.default(0).describe("Where the vehicle points, from the ship's course."),
        }),
      )
      .max(20)
      .default([]),
    tunnels: z.array(z.strictObject(stretch)).max(100).default([]),
    waitsS: seconds.default(5).describe("How long the vehicle stands before it starts."),
    endsS: span.optional().describe("The drive ends then, wherever the vehicle is."),
  })
  .refine(
    ({ waypoints, gpx, generated }) =>
      [waypoints, gpx, generated].filter((way) => way !== undefined).length === 1,
    { error: "exactly one of waypoints, gpx and generated", ...besideOthers },
  );
export type Route = Readonly<z.infer<typeof Route>>;
