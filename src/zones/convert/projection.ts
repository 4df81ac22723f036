import type { Report } from "./draft.ts";
import { sourceCrs } from "./rules/source-crs.ts";

/** What a `.prj` says about coordinates. */
export type Projection =
  | { readonly kind: "unknown" }
  /** Degrees on a datum that is WGS 84 to within two metres. */
  | { readonly kind: "degrees" }
  /** Metres that come to such degrees without any change of datum. */
  | { readonly kind: "metres"; readonly wkt: string };

/**
 * Datums that differ from WGS 84 by less than two metres today, in the spellings of ESRI and of OGC. On any other the
 * coordinates need a grid or seven parameters that no `.prj` has: unshifted they would be up to several hundred metres off.
 */
const LIKE_WGS84 =
  /^(D_)?(WGS_?1984|WGS_?84|World_Geodetic_System_1984.*|ETRS_?1989|ETRS89|European_Terrestrial_Reference_System_1989.*|China_2000|CGCS2000|North_American_1983|NAD83|North_American_Datum_1983)$/i;

/** Reads a `.prj`; null after an unsuitable one was reported. */
export function readProjection(wkt: string | null, report: Report): Projection | null {
  if (wkt === null || wkt.trim() === "") return { kind: "unknown" };
  const datum = /DATUM\[\s*"([^"]+)"/i.exec(wkt)?.[1]?.replaceAll(" ", "_");
  const prime = /PRIMEM\[\s*"[^"]*"\s*,\s*(-?[\d.]+)/i.exec(wkt)?.[1] ?? "0";
  const isProjected = /^\s*PROJCS\[/i.test(wkt);
  if (datum !== undefined && LIKE_WGS84.test(datum) && Number(prime) === 0)
    return isProjected ? { kind: "metres", wkt } : { kind: "degrees" };
  report({
    rule: sourceCrs,
    line: 1,
    path: ".prj",
    got: `the datum ${datum ?? "of an unknown kind"}`,
    expected: "WGS 84, ETRS89, NAD 83 or CGCS2000",
    advice: "convert it with the right shift: ogr2ogr -t_srs EPSG:4326 degrees.shp FILE",
  });
  return null;
}
