import * as z from "zod";
import { Camera } from "../sources/camera.ts";
import { ScheduleMember } from "./schedule-member.ts";
import { Id, IsoTime, metres, text } from "./zone-file-fields.ts";
import { CATEGORIES, type Category } from "./zone.ts";

/** The one version of the format that is read. */
export const ZONE_FILE_VERSION = 1;

export const DEFAULT_STANDOFF_M = 25;

/** Today's cars' cameras resolve people and vehicles at 250 m; the categories without secrets get less. */
export const DEFAULT_VIEW_M: Readonly<Record<Category, number>> = {
  military: 250,
  "defence-industry": 250,
  government: 100,
  "housing-compound": 100,
  other: 100,
};

/** `action` of a zone that names none. */
export const DEFAULT_ACTION = "drop";

export const Datum = z.enum(["wgs84", "gcj02", "bd09"], {
  error:
    "wgs84 (GNSS, OpenStreetMap, most of the world), gcj02 (Amap, Tencent, Google in China) or bd09 (Baidu)",
});

/** What the coordinates of a file refer to. */
export type Datum = z.infer<typeof Datum>;

const HEADER = "an object with version, datum, issued, expires and issuer";
export const ZoneFileHeader = z.strictObject(
  {
    version: z.literal(ZONE_FILE_VERSION, `version ${ZONE_FILE_VERSION}`).describe("Version of this format."),
    datum: Datum.describe(
      "What the coordinates refer to. No default: a polygon drawn on a Chinese web map is several hundred metres off in WGS 84.",
    ),
    issued: IsoTime.describe("When this file was made."),
    expires: IsoTime.describe("From then on the vehicles trust this file no longer and drop every frame."),
    issuer: text("who answers for this file, 1 to 200 characters", 200).describe(
      "Who answers for this file.",
    ),
  },
  HEADER,
);

/** The `camfence` member of a zone file. */
export type ZoneFileHeader = Readonly<z.infer<typeof ZoneFileHeader>>;

const name = text("a name of 1 to 200 characters", 200)
  .describe("For people; never used by the vehicle.")
  .optional();

const id = Id.describe("Stable id, unique in all files of a set; it appears in verdicts.");

const radiusM = metres("metres, from 1 to 100000", 1, 100_000)
  .describe("Radius of a circle in metres; only, and always, with a Point.")
  .optional();

const CAMERAS = "at least one camera id; no `cameras` at all means all cameras";

export const ZoneProperties = z.strictObject({
  id,
  kind: z.literal("zone", "zone, coverage or region").default("zone").describe("What this feature is."),
  name,
  category: z.enum(CATEGORIES, { error: CATEGORIES.join(", ") }).describe("What is protected here."),
  action: z
    .enum(["drop", "blur"], "drop or blur")
    .default(DEFAULT_ACTION)
    .describe("What happens to frames: dropped, or blurred beyond recovery."),
  standoffM: metres("metres, from 0 to 10000", 0, 10_000)
    .default(DEFAULT_STANDOFF_M)
    .describe("Distance in metres from the outline within which the zone restricts."),
  viewM: metres("metres, from 0 to 10000; 0 = no view protection", 0, 10_000)
    .optional()
    .describe(
      "Distance in metres from which a camera that looks this way is restricted; 0 = never. Default 250 for military and defence-industry, 100 for the others.",
    ),
  cameras: z
    .array(Camera.shape.id, CAMERAS)
    .min(1, CAMERAS)
    .describe("Ids of the cameras concerned. Absent: all.")
    .optional(),
  schedule: ScheduleMember.describe("When the zone restricts. Absent: always.").optional(),
  validFrom: IsoTime.describe("The zone restricts from then on. Absent: since ever.").optional(),
  validUntil: IsoTime.describe("The zone restricts until then. Absent: for ever.").optional(),
  radiusM,
});
export type ZoneProperties = Readonly<z.infer<typeof ZoneProperties>>;

export const CoverageProperties = z.strictObject({
  id,
  kind: z
    .literal("coverage")
    .describe("Where this set claims to know every zone; outside, every frame is dropped."),
  name,
  radiusM,
});
export type CoverageProperties = Readonly<z.infer<typeof CoverageProperties>>;

const REGION = 'a region id: letters, digits, dot, dash and underscore, such as "cn"';
export const RegionProperties = z.strictObject({
  id,
  kind: z.literal("region").describe("A jurisdiction whose data stays in it."),
  region: z
    .string(REGION)
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, REGION)
    .describe("The id an endpoint is configured for."),
  name,
  radiusM,
});
export type RegionProperties = Readonly<z.infer<typeof RegionProperties>>;
