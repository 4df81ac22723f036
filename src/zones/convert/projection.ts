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
  /^(D_)?(WGS_?1984|WGS_?84|World_Geodetic_System_1984.*|ETRS_?1989|ETRS89|European_Terrestrial_Reference_System_1989.*|China_2000|CGCS2000|North_American_1983|NAD83|North_American_Datum_1983|RGF_?1993|Reseau_Geodesique_Francais_1993.*|SIRGAS_?2000|GDA_?2020|JGD_?2011|NZGD_?2000|Korea_2000|Korean_Datum_2002)$/i;

/** Reads a `.prj`; null after an unsuitable one was reported. */
export function readProjection(wkt: string | null, report: Report): Projection | null {
  if (wkt === null || wkt.trim() === "") return { kind: "unknown" };
  const datum = /DATUM\[\s*"([^"]+)"/i.exec(wkt)?.[1]?.replaceAll(" ", "_");
  const prime = /PRIMEM\[\s*"[^"]*"\s*,\s*(-?[\d.]+)/i.exec(wkt)?.[1] ?? "0";
  const isProjected = /^\s*PROJCS\[/i.test(wkt);
  // A projection within something else, as of WKT 2 or with heights, is none that the library reads.
  const isPlain = isProjected || !/PROJC(S|RS)\[/i.test(wkt);
  if (isPlain && datum !== undefined && LIKE_WGS84.test(datum) && Number(prime) === 0)
    return isProjected ? { kind: "metres", wkt } : { kind: "degrees" };
  report({
    rule: sourceCrs,
    line: 1,
    path: ".prj",
    got: isPlain ? `the datum ${datum ?? "of an unknown kind"}` : "a compound or WKT 2 coordinate system",
    expected: "WGS 84, ETRS89, NAD 83, CGCS2000 or another that is the same to within two metres",
    advice: "convert it with the right shift: ogr2ogr -t_srs EPSG:4326 degrees.shp FILE",
  });
  return null;
}
