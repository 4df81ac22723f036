import * as z from "zod";
import { CamfenceError, messageOf } from "../../src/core/errors.ts";
import { parseIsoMs } from "../../src/core/time.ts";
import type { TrueRing, TrueShape, TrueZone } from "../drive.ts";
import { unwrapped } from "./shapes.ts";

const Tuple = z.array(z.number()).min(2);
const Polygon = z.array(z.array(Tuple).min(4)).min(1);
const Geometry = z.discriminatedUnion("type", [
  z.object({ type: z.literal("Point"), coordinates: Tuple }),
  z.object({ type: z.literal("Polygon"), coordinates: Polygon }),
  z.object({ type: z.literal("MultiPolygon"), coordinates: z.array(Polygon).min(1) }),
]);
const CATEGORIES = ["military", "defence-industry", "government", "housing-compound", "other"] as const;

/** What the truth needs to know of a zone file: a reading of its own, so that no code is shared with what is judged. */
const ZoneFile = z.object({
  camfence: z.object({ datum: z.literal("wgs84"), issued: z.string(), expires: z.string() }),
  features: z.array(
    z.object({
      properties: z.object({
        id: z.string(),
        kind: z.string().default("zone"),
        category: z.enum(CATEGORIES).default("other"),
        action: z.enum(["drop", "blur"]).default("drop"),
        standoffM: z.number().default(25),
        viewM: z.number().optional(),
        cameras: z.array(z.string()).optional(),
        radiusM: z.number().optional(),
        schedule: z.undefined("a zone without a schedule: the simulator's truth knows none").optional(),
        validFrom: z.undefined("a zone without validFrom: the simulator's truth knows none").optional(),
        validUntil: z.undefined("a zone without validUntil: the simulator's truth knows none").optional(),
      }),
      geometry: Geometry,
    }),
  ),
});

export interface ReadZones {
  readonly zones: readonly TrueZone[];
  readonly coverage: TrueShape | null;
  readonly issuedMs: number;
  readonly expiresMs: number;
}

/** The zones of a GeoJSON file in WGS 84. Regions play no part. Throws `malformed` for anything else. */
export function readTrueZones(file: string, text: string): ReadZones {
  const checked = ZoneFile.safeParse(parseJson(file, text));
  if (!checked.success) {
    const mistakes = checked.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new CamfenceError("malformed", `${file}: cannot be simulated: ${mistakes.join("; ")}`, { file });
  }
  const { camfence, features } = checked.data;
  const ofKind = (kind: string) => features.filter(({ properties }) => properties.kind === kind);
  const coverages = ofKind("coverage").flatMap(shapesOf);
  if (coverages.length > 1) {
    throw new CamfenceError(
      "malformed",
      `${file}: several coverage shapes, the simulator's truth knows one`,
      { file },
    );
  }
  return {
    zones: ofKind("zone").map((feature) => {
      const { id, category, action, standoffM, viewM, cameras = null } = feature.properties;
      const seenFromM = viewM ?? (category === "military" || category === "defence-industry" ? 250 : 100);
      return { id, category, action, standoffM, viewM: seenFromM, cameras, shapes: shapesOf(feature) };
    }),
    coverage: coverages[0] ?? null,
    issuedMs: parseIsoMs(camfence.issued),
    expiresMs: parseIsoMs(camfence.expires),
  };
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CamfenceError("malformed", `${file}: ${messageOf(cause)}`, { file, cause });
  }
}

type Feature = z.infer<typeof ZoneFile>["features"][number];

function shapesOf({ properties, geometry }: Feature): readonly TrueShape[] {
  switch (geometry.type) {
    case "Point": {
      const [lonDeg = Number.NaN, latDeg = Number.NaN] = geometry.coordinates;
      return [{ kind: "circle", lonDeg, latDeg, radiusM: properties.radiusM ?? Number.NaN }];
    }
    case "Polygon":
      return [{ kind: "polygon", rings: geometry.coordinates.map(ringOf) }];
    case "MultiPolygon":
      return geometry.coordinates.map((polygon) => ({ kind: "polygon", rings: polygon.map(ringOf) }));
    default:
      return geometry satisfies never;
  }
}

/** Without the closing vertex. */
function ringOf(ring: readonly (readonly number[])[]): TrueRing {
  return unwrapped(
    ring.slice(0, -1).map(([lonDeg = Number.NaN, latDeg = Number.NaN]) => [lonDeg, latDeg] as const),
  );
}
