/** The categories a zone file may name. */
export const CATEGORIES = [
  "military",
  "defence-industry",
  "government",
  "housing-compound",
  "other",
] as const;
export type Category = (typeof CATEGORIES)[number];

/**
 * `[lon0, lat0, lon1, lat1, …]` in WGS 84 degrees, first vertex repeated at the end. Longitudes run on
 * without a jump: a ring over the antimeridian goes past ±180.
 */
export type Ring = Float64Array;

/** One polygon (shell, then holes) or one circle. Edges are straight in longitude and latitude (RFC 7946). */
export type Shape =
  | { readonly kind: "polygon"; readonly rings: readonly Ring[] }
  | { readonly kind: "circle"; readonly lonDeg: number; readonly latDeg: number; readonly radiusM: number };

/** When a zone is in force: any of the windows, on the clock of `timeZone`. */
export interface Schedule {
  /** IANA name, such as `Asia/Shanghai`. */
  readonly timeZone: string;
  readonly windows: readonly ScheduleWindow[];
}

export interface ScheduleWindow {
  /** Days on which the window opens, 0 = Sunday. */
  readonly days: readonly number[];
  /** Minutes after local midnight, [0, 1440]. With `toMin` ≤ `fromMin` the window ends on the next day. */
  readonly fromMin: number;
  readonly toMin: number;
}

/** What all areas of a zone file share. The shapes are joined: a place is in the area when it is in any. */
interface Area {
  readonly id: string;
  readonly shapes: readonly Shape[];
}

/** A restricted area. */
export interface Zone extends Area {
  readonly kind: "zone";
  readonly category: Category;
  readonly action: "drop" | "blur";
  /** Distance from the shape within which the zone restricts, the datum's margin included. */
  readonly standoffM: number;
  /** Distance from which a camera that looks towards the zone is restricted, the margin included; 0 = never. */
  readonly viewM: number;
  /** The cameras concerned; null = all. */
  readonly cameras: readonly string[] | null;
  /** null = always. */
  readonly schedule: Schedule | null;
  readonly validFromMs: number;
  readonly validUntilMs: number;
}

/** Where the zone set claims to know every zone. */
export interface Coverage extends Area {
  readonly kind: "coverage";
}

/** A jurisdiction: `region` is the id that an endpoint is configured for. */
export interface Region extends Area {
  readonly kind: "region";
  readonly region: string;
}

/** All areas of one zone set, checked, in WGS 84; what `compileZoneSet` takes. */
export interface ZoneSetContent {
  readonly zones: readonly Zone[];
  readonly coverage: readonly Coverage[];
  readonly regions: readonly Region[];
  /** The newest `issued` of all files. */
  readonly issuedMs: number;
  /** The earliest `expires` of all files. */
  readonly expiresMs: number;
  /**
   * Identity of the set, hex: SHA-256 over the sorted SHA-256 hashes of its files, one a line, so that no order of the files
   * matters. `sha256sum *.geojson | cut -c1-64 | sort -u | sha256sum` gives the same.
   */
  readonly hash: string;
}
