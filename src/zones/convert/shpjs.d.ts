declare module "shpjs" {
  /** Geometries in the order of the records, null for an empty record; with a `.prj`, in its degrees. */
  export function parseShp(shp: Uint8Array, prj?: string): readonly unknown[];
  export function parseDbf(dbf: Uint8Array, encoding?: string): readonly Readonly<Record<string, unknown>>[];
}
