import { parseDbf, parseShp } from "shpjs";
import { unzipSync } from "fflate";
import { messageOf } from "../../core/errors.ts";
import { MAX_FILE_BYTES } from "../read/read-zone-file.ts";
import type { Draft, Reader, Report, Source, SourceFile } from "./draft.ts";
import { areaGeometry, geometryTypeOf } from "./geojson-geometry.ts";
import { keyOf, labelOf } from "./naming.ts";
import { readProjection, type Projection } from "./projection.ts";
import { show } from "../check/show.ts";
import { dbfEncoding } from "./dbf-encoding.ts";
import { sourceFormat } from "./rules/source-format.ts";
import { sourceIncomplete } from "./rules/source-incomplete.ts";

/** A Shapefile: `.shp` with the `.dbf`, `.prj`, `.cpg` and `.shx` beside it. */
export const readShapefile: Reader = async (file, report) => {
  const [dbf, prj, cpg, shx] = await Promise.all(["dbf", "prj", "cpg", "shx"].map(file.sibling));
  return readParts(file.name, { shp: file.bytes, dbf, prj, cpg, shx }, report);
};

/** The same in a zip archive, which must hold exactly one. */
export const readZippedShapefile: Reader = async ({ name, bytes }: SourceFile, report) => {
  try {
    const filter = (file: { readonly originalSize: number }) => file.originalSize <= MAX_FILE_BYTES;
    const files = Object.entries(unzipSync(bytes, { filter }));
    const part = (ending: string) => files.filter(([path]) => path.toLowerCase().endsWith(`.${ending}`));
    const [shp, ...others] = part("shp");
    if (shp && others.length === 0) {
      const [dbf, prj, cpg, shx] = ["dbf", "prj", "cpg", "shx"].map((ending) => part(ending)[0]?.[1] ?? null);
      return readParts(name, { shp: shp[1], dbf, prj, cpg, shx }, report);
    }
    reportFormat(report, `${part("shp").length} .shp files in the archive`, "one");
  } catch (thrown) {
    reportFormat(report, messageOf(thrown), "a zip archive with a Shapefile");
  }
  return NOTHING;
};

const NOTHING: Source = { drafts: [], wgs84By: null };

type Part = Uint8Array | null | undefined;
interface Parts {
  readonly shp: Uint8Array;
  readonly dbf: Part;
  readonly prj: Part;
  readonly cpg: Part;
  readonly shx: Part;
}

function readParts(name: string, parts: Parts, report: Report): Source {
  const projection = readProjection(parts.prj ? Buffer.from(parts.prj).toString("utf8") : null, report);
  if (projection === null || !isWhole(parts, report)) return NOTHING;
  try {
    const shapes = parseShp(parts.shp, projection.kind === "metres" ? projection.wkt : undefined);
    const rows = parts.dbf ? rowsOf(parts.dbf, parts.cpg ?? null, report) : shapes.map(() => ({}));
    if (rows === null) return NOTHING;
    if (isComplete(parts, shapes, rows.length, report))
      return {
        drafts: shapes.map((shape, i) => draftOf(name, shape, rows[i] ?? {}, i)),
        wgs84By: byOf(projection),
      };
  } catch (thrown) {
    reportFormat(report, messageOf(thrown), "a Shapefile");
  }
  return NOTHING;
}

type Rows = readonly Readonly<Record<string, unknown>>[];

/** Texts in the wrong encoding would be read as others, which no rule fits; null after that was reported. */
function rowsOf(dbf: Uint8Array, cpg: Uint8Array | null, report: Report): Rows | null {
  const encoding = dbfEncoding(dbf, cpg);
  const rows = encoding === null ? [] : parseDbf(dbf, encoding);
  const garbled = rows.findIndex((row) =>
    Object.entries(row).some((pair) => String(pair).includes("\ufffd")),
  );
  if (encoding !== null && garbled < 0) return rows;
  report({
    rule: sourceFormat,
    line: 1,
    path: encoding === null ? ".cpg" : `record ${garbled + 1}`,
    got:
      encoding === null
        ? `the encoding ${show(Buffer.from(cpg ?? []).toString("latin1"))}`
        : `text that is not in ${encoding}`,
    expected: "a .cpg that names the encoding of the .dbf, such as UTF-8 or GBK",
    advice: "write its name into the .cpg beside the .shp",
  });
  return null;
}

const byOf = ({ kind }: Projection) => (kind === "unknown" ? null : "the .prj");

function reportFormat(report: Report, got: string, expected: string): void {
  const advice = "export it again, all its parts together";
  report({ rule: sourceIncomplete, line: 1, path: "", got, expected, advice });
}

/** ESRI Shapefile Technical Description: length in 16-bit words and type of shape in the header. */
function isWhole({ shp }: Parts, report: Report): boolean {
  const view = new DataView(shp.buffer, shp.byteOffset, shp.byteLength);
  const isShapefile = shp.byteLength >= 100 && view.getInt32(0) === 9994;
  if (!isShapefile) reportFormat(report, "no Shapefile header", "a .shp file");
  else if (2 * view.getInt32(24) !== shp.byteLength)
    reportFormat(report, `${shp.byteLength} bytes`, `${2 * view.getInt32(24)} bytes, by its header`);
  else if (view.getInt32(32, true) === MULTI_PATCH)
    reportFormat(report, "a MultiPatch of surfaces", "polygons");
  else return true;
  return false;
}

const MULTI_PATCH = 31;

/** The library leaves out what it cannot read or place; here that would be a hole in the fence. */
function isComplete({ shp, shx }: Parts, shapes: readonly unknown[], rows: number, report: Report): boolean {
  const records = shx ? (shx.byteLength - 100) / 8 : shapes.length;
  const [written, read] = [ringsIn(shp), shapes.reduce<number>((sum, shape) => sum + ringsOf(shape), 0)];
  if (rows !== shapes.length)
    reportFormat(report, `${rows} rows for ${shapes.length} shapes`, "a row for each");
  else if (records !== shapes.length)
    reportFormat(report, `${shapes.length} readable records`, `${records}, as the .shx says`);
  else if (written !== read)
    reportFormat(report, `${written} rings, of which ${read} have a place`, "all of them");
  else return true;
  return false;
}

/** Parts of all polygons in the file: each record has its length at +4, its type at +8, its parts at +44. */
function ringsIn(shp: Uint8Array): number {
  const view = new DataView(shp.buffer, shp.byteOffset, shp.byteLength);
  let rings = 0;
  for (let at = 100; at + 12 <= shp.byteLength; at += 8 + Math.max(4, 2 * view.getInt32(at + 4))) {
    if (POLYGONS.has(view.getInt32(at + 8, true)) && at + 48 <= shp.byteLength)
      rings += view.getInt32(at + 44, true);
  }
  return rings;
}

const POLYGONS = new Set([5, 15, 25]);

function ringsOf(shape: unknown): number {
  const { geometry } = areaGeometry(shape);
  if (geometry === null || !Array.isArray(geometry.coordinates)) return 0;
  const list: readonly unknown[] = geometry.coordinates;
  if (geometry.type === "Polygon") return list.length;
  if (geometry.type === "Point") return 0;
  return list.reduce<number>((sum, polygon) => sum + (Array.isArray(polygon) ? polygon.length : 0), 0);
}

function draftOf(file: string, shape: unknown, row: Readonly<Record<string, unknown>>, index: number): Draft {
  const properties = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));
  return {
    file,
    label: labelOf("record", index, properties),
    line: 1,
    type: geometryTypeOf(shape),
    geometry: areaGeometry(shape).geometry,
    key: keyOf(undefined, properties),
    properties,
    preset: {},
  };
}

/** Fields are padded with blanks and, by some programs, zero bytes; an empty number is NaN. */
function plain(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("\0", "").trim();
  return typeof value === "number" && Number.isNaN(value) ? null : value;
}
