import * as z from "zod";
import { IsoTime, Place, bearing, besideOthers, metres, share } from "./fields.ts";
import { times } from "./times.ts";

const size = z.number("metres over 0").positive("metres over 0").max(200_000);

export const ShapeInput = z.union(
  [
    z.strictObject({ circle: z.strictObject({ at: Place, radiusM: z.number().min(1).max(100_000) }) }),
    z.strictObject({
      box: z.strictObject({ at: Place, eastM: size, northM: size, turnedDeg: bearing.default(0) }),
    }),
    z.strictObject({
      polygon: z.array(Place).min(3).max(10_000),
      holes: z.array(z.array(Place).min(3).max(10_000)).default([]),
    }),
  ],
  { error: "a shape: circle { at, radiusM }, box { at, eastM, northM } or polygon [places]" },
);
export type ShapeInput = Readonly<z.infer<typeof ShapeInput>>;

export const ZoneInput = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:/@#-]{0,127}$/, "an id: letters, digits and . _ : / @ # -"),
  category: z
    .enum(["military", "defence-industry", "government", "housing-compound", "other"])
    .default("military"),
  action: z.enum(["drop", "blur"]).default("drop"),
  standoffM: z.number().min(0).max(10_000).default(25),
  viewM: z.number().min(0).max(10_000).default(0),
  cameras: z.array(z.string().min(1)).min(1).optional(),
  ...times,
  shapes: z
    .array(ShapeInput)
    .min(1)
    .max(1000)
    .refine(
      (all) => all.length === 1 || !all.some((shape) => "circle" in shape),
      "a circle as a zone's only shape",
    ),
});
export type ZoneInput = Readonly<z.infer<typeof ZoneInput>>;

export const ZONE_KINDS = ["compound", "sliver", "nested", "hole", "range", "circle", "parts"] as const;
export type ZoneKind = (typeof ZONE_KINDS)[number];

export const GeneratedZones = z.strictObject({
  count: z.int().min(1).max(5000),
  kinds: z
    .array(z.enum(ZONE_KINDS))
    .min(1)
    .default(["compound", "sliver", "nested", "hole", "circle", "parts"]),
  offsetM: metres.default(150).describe("How far beside the way they lie at most."),
  blurShare: z.number().min(0).max(1).default(0.2),
  viewShare: z.number().min(0).max(1).default(0.5).describe("Which share has its view protected."),
  timedShare: share
    .default(0)
    .describe("Which share begins or ends to restrict in the drive's first two minutes."),
});
export type GeneratedZones = Readonly<z.infer<typeof GeneratedZones>>;

export const Zones = z
  .strictObject({
    issued: IsoTime.default("2026-01-01T00:00:00Z"),
    expires: IsoTime.default("2036-01-01T00:00:00Z"),
    features: z.array(ZoneInput).max(10_000).default([]),
    files: z
      .array(z.string().min(1))
      .max(100)
      .default([])
      .describe("Zone files, from the scenario's folder."),
    inline: z
      .array(
        z.strictObject({
          file: z.string().regex(/^[\w.-]+\.geojson$/, "a name such as a.geojson"),
          text: z.string(),
        }),
      )
      .max(100)
      .refine((all) => new Set(all.map(({ file }) => file)).size === all.length, "each file name once")
      .default([])
      .describe("Zone files as they stand: their names and texts."),
    given: z
      .enum(["text", "files", "compiled"])
      .default("text")
      .describe(
        "How the guard gets the set: its files' texts, real files on the disk, or one compiled file on the disk.",
      ),
    generated: GeneratedZones.optional(),
    coverage: z
      .strictObject({ at: Place, radiusM: z.number().min(1).max(100_000) })
      .optional()
      .describe("Where the set knows every zone; everywhere where it is absent."),
  })
  .refine(
    ({ features, files, inline, generated }) =>
      [features, files, inline].some((list) => !Array.isArray(list) || list.length > 0) ||
      generated !== undefined,
    { error: "at least one of features, files, inline and generated", ...besideOthers },
  );
export type Zones = Readonly<z.infer<typeof Zones>>;
