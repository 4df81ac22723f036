import * as z from "zod";
import { CATEGORIES } from "../../../zones/zone.ts";

const Position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
/** A corner more or less is the business of the checks. */
const Ring = z.array(Position).max(100_000);

const Geometry = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("polygons"), polygons: z.array(z.array(Ring).min(1)).min(1) }),
  z.strictObject({ kind: z.literal("circle"), centre: Position, radiusM: z.number() }),
]);

/** What the page may set; null takes the property out, so that its default holds. */
const Properties = z.strictObject({
  id: z.string(),
  name: z.string().nullable(),
  category: z.enum(CATEGORIES),
  action: z.enum(["drop", "blur"]).nullable(),
  standoffM: z.number().nullable(),
  viewM: z.number().nullable(),
});

const Change = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("add"), properties: Properties, geometry: Geometry }),
  z.strictObject({
    kind: z.literal("change"),
    feature: z.number().int().min(0),
    /** null: they stay, as those of coverage and regions do. */
    properties: Properties.nullable(),
    /** null: it stays as it is written. */
    geometry: Geometry.nullable(),
  }),
  z.strictObject({ kind: z.literal("remove"), feature: z.number().int().min(0) }),
]);

/** What the page asks to be written. */
export const EditRequest = z.strictObject({
  /** `preview` writes nothing and says what `save` would do. */
  action: z.enum(["preview", "save"]),
  file: z.string(),
  /** Of the file's bytes when the page drew it; empty where there was none. */
  hash: z.string(),
  change: Change,
  /** Ids that somebody typed to say that they are meant to be protected less. */
  confirmed: z.array(z.string()).max(1000),
});

export type EditRequest = Readonly<z.infer<typeof EditRequest>>;
export type EditChange = EditRequest["change"];
export type EditGeometry = z.infer<typeof Geometry>;
export type EditProperties = z.infer<typeof Properties>;
