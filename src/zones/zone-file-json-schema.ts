import * as z from "zod";
import { CoverageProperties, RegionProperties, ZoneFileHeader, ZoneProperties } from "./zone-file.ts";

/** JSON Schema (draft 2020-12) of a zone file, for the completion and first checks of an editor. */
export function zoneFileJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(ZoneFileShape, {
    io: "input",
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) jsonSchema.patternProperties = { "^x-": {} };
    },
  });
  return { ...schema, title: "camfence zone file" };
}

// The loader checks positions in a loop of its own, since a schema visits each far more slowly. This is the same in
// words that an editor understands; a test holds the two together.

const Position = z
  .tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)], z.number())
  .describe("Longitude, latitude, and optionally an altitude, which is ignored.");

const LinearRing = z.array(Position).min(4).describe("First and last position are the same.");
const PolygonCoordinates = z.array(LinearRing).min(1).describe("The outline, then holes.");
const bbox = z.array(z.number()).min(4).max(6).optional();

const Geometry = z.union([
  z.strictObject({ type: z.literal("Polygon"), coordinates: PolygonCoordinates, bbox }),
  z.strictObject({ type: z.literal("MultiPolygon"), coordinates: z.array(PolygonCoordinates).min(1), bbox }),
  z
    .strictObject({ type: z.literal("Point"), coordinates: Position, bbox })
    .describe("Centre of a circle of properties.radiusM."),
]);

const ZoneFileFeature = z.strictObject({
  type: z.literal("Feature"),
  id: z.union([z.string(), z.number()]).describe("Ignored; properties.id counts.").optional(),
  bbox,
  geometry: Geometry,
  properties: z.union([ZoneProperties, CoverageProperties, RegionProperties]),
});

const ZoneFileShape = z.strictObject({
  $schema: z.string().describe("Where an editor finds this schema; ignored.").optional(),
  type: z.literal("FeatureCollection"),
  bbox,
  camfence: ZoneFileHeader,
  features: z.array(ZoneFileFeature).min(1),
});
