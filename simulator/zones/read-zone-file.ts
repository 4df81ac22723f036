import * as z from "zod";
import { CamfenceError, messageOf } from "../../src/core/errors.ts";
import { parseIsoMs } from "../../src/core/time.ts";
import type { TrueShape, TrueZone } from "../drive.ts";
import { times, timesOf } from "../scenario/times.ts";
import { outOfChinese } from "./chinese-datum.ts";
import type { ToWgs84 } from "./read-geometry.ts";
import { Geometry, shapesOf } from "./read-geometry.ts";

const CATEGORIES = ["military", "defence-industry", "government", "housing-compound", "other"] as const;

/** What the truth needs to know of a zone file: a reading of its own, so that no code is shared with what is judged. */
const ZoneFile = z.object({
  camfence: z.object({
    version: z.literal(1),
    datum: z.enum(["wgs84", "gcj02", "bd09"]),
    issued: z.string(),
    expires: z.string(),
  }),
  features: z.array(
    z.object({
      properties: z.object({
        id: z.string(),
        kind: z.enum(["zone", "coverage", "region"]).default("zone"),
        category: z.enum(CATEGORIES).default("other"),
        action: z.enum(["drop", "blur"]).default("drop"),
        standoffM: z.number().default(25),
        viewM: z.number().optional(),
        cameras: z.array(z.string()).optional(),
        radiusM: z.number().optional(),
        ...times,
      }),
      geometry: Geometry,
    }),
  ),
});

export interface ReadZones {
  readonly zones: readonly TrueZone[];
  readonly issuedMs: number;
  readonly expiresMs: number;
}

/**
 * The zones of a GeoJSON file. Regions play no part, nor does coverage: a frame that is released outside of it shows no zone
 * that anybody knows. Throws `malformed` for what is no zone file, and for what the truth cannot know.
 */
export function readTrueZones(file: string, text: string): ReadZones {
  const checked = ZoneFile.safeParse(parseJson(file, text));
  if (!checked.success) {
    const mistakes = checked.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new CamfenceError("malformed", `${file}: cannot be simulated: ${mistakes.join("; ")}`, { file });
  }
  const { camfence, features } = checked.data;
  const { datum } = camfence;
  const toWgs84: ToWgs84 | null = datum === "wgs84" ? null : (place) => outOfChinese(datum, place);
  const isZone = ({ properties }: Feature): boolean => properties.kind === "zone";
  return {
    zones: features.filter(isZone).map((feature) => zoneOf(feature, toWgs84)),
    issuedMs: parseIsoMs(camfence.issued),
    expiresMs: parseIsoMs(camfence.expires),
  };
}

type Feature = z.infer<typeof ZoneFile>["features"][number];

function zoneOf({ properties, geometry }: Feature, toWgs84: ToWgs84 | null): TrueZone {
  const { id, category, action, standoffM, viewM, cameras = null, radiusM = Number.NaN } = properties;
  const seenFromM = viewM ?? (category === "military" || category === "defence-industry" ? 250 : 100);
  const shapes: readonly TrueShape[] = shapesOf(geometry, radiusM, toWgs84);
  return { id, category, action, standoffM, viewM: seenFromM, cameras, shapes, times: timesOf(properties) };
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CamfenceError("malformed", `${file}: ${messageOf(cause)}`, { file, cause });
  }
}
