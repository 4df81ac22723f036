import type { Leg } from "./drive-clock.ts";
import type { MapFrame } from "../report/map-frame.ts";
import type { NearZones } from "../report/near-zones.ts";
import type { Run } from "./runs.ts";
import type { Place } from "./track.ts";
import type { Visit } from "./visits.ts";
import type { TimeText } from "./wording.ts";

/** What the sections of the page are made from. */
export interface ReportData {
  /** Ids, in the order of the strips. */
  readonly cameras: readonly string[];
  /** The runs of each of them. */
  readonly runs: readonly (readonly Run[])[];
  readonly legs: readonly Leg[];
  /** What the map shows; null where the place was never known. */
  readonly frame: MapFrame | null;
  readonly places: readonly Place[];
  readonly visits: readonly Visit[];
  readonly near: NearZones;
  readonly timeText: TimeText;
}
