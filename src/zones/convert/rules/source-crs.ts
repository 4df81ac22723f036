import type { Rule } from "../../check/rule.ts";

export const sourceCrs: Rule = {
  id: "source-crs",
  severity: "error",
  asks: "Coordinates are degrees on WGS 84, or on a datum that is the same to within two metres.",
  remedy: "export it as EPSG:4326, or convert it with the right shift: ogr2ogr -t_srs EPSG:4326",
};
