import { parse } from "csv-parse/sync";
import * as z from "zod";
import { messageOf } from "../../core/errors.ts";
import type { CsvColumns, Draft, Reader, Report } from "./draft.ts";
import { show } from "../check/show.ts";
import { decodeSource } from "./decode-source.ts";
import { encoding } from "../check/rules/encoding.ts";
import { keyOf, labelOf } from "./naming.ts";
import { sourceFormat } from "./rules/source-format.ts";

/** A table of circles: a row each, with columns for latitude, longitude and radius. Lines are those of the file. */
export const readCsv: Reader = async ({ name, bytes }, report, { csv }) => {
  const rows = rowsOf(bytes, report);
  const [first] = rows;
  const columns = first ? columnsOf(Object.keys(first.record), csv, report) : null;
  if (columns === null) return { drafts: [], wgs84By: null };
  return { drafts: rows.map((row, index) => draftOf(name, row, index, columns)), wgs84By: null };
};

interface Row {
  readonly record: Readonly<Record<string, string>>;
  readonly line: number;
}

function rowsOf(bytes: Buffer, report: Report): readonly Row[] {
  try {
    const text = decodeSource(bytes);
    if (text === null) throw new Error(encoding.check(bytes, text)?.got);
    const [header = ""] = text.split(/\r?\n/, 1);
    const delimiter = [",", ";", "\t"].toSorted((a, b) => header.split(b).length - header.split(a).length)[0];
    const options = { bom: true, trim: true, skip_empty_lines: true, delimiter: delimiter ?? "," };
    const parsed: unknown = parse(text, { ...options, columns: true, info: true });
    const rows = Rows.parse(parsed);
    if (hasTwice(text, options, report)) return [];
    if (rows.length > 0) return rows.map(({ record, info }) => ({ record, line: info.lines }));
    report({ ...FORMAT, got: "no row", line: 1 });
  } catch (thrown) {
    const message = messageOf(thrown);
    report({ ...FORMAT, got: message, line: Number(/line (\d+)/.exec(message)?.[1] ?? 1) });
  }
  return [];
}

/** The parser keeps the last of two columns of one name: which one was meant is for a person to say. */
function hasTwice(text: string, options: object, report: Report): boolean {
  const [names = []] = z.array(z.array(z.string())).parse(parse(text, { ...options, to: 1 }));
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    report({ ...FORMAT, got: `two columns ${twice}`, line: 1, expected: "each column once" });
  return twice !== undefined;
}

/** What the parser gives with `columns` and `info`. */
const Rows = z.array(
  z.object({ record: z.record(z.string(), z.string()), info: z.object({ lines: z.number() }) }),
);

const FORMAT = {
  rule: sourceFormat,
  path: "",
  expected: "UTF-8 CSV: a header line, then a circle a line",
  advice: "mend the line, or export it again",
} as const;

/** Only names that say their unit: a radius in kilometres read as metres opens the site. */
const USUAL = {
  lat: ["lat", "latitude", "latdeg"],
  lon: ["lon", "lng", "long", "longitude", "londeg"],
  radiusM: ["radiusm", "radius_m", "radius (m)", "radius_metres", "radius_meters"],
} as const;

type Columns = Readonly<Record<keyof typeof USUAL, string>>;

function columnsOf(header: readonly string[], given: CsvColumns, report: Report): Columns | null {
  const find = (column: keyof typeof USUAL) => {
    const names: readonly string[] = given[column] === undefined ? USUAL[column] : [given[column]];
    return header.find((name) => names.includes(given[column] === undefined ? name.toLowerCase() : name));
  };
  const [lat, lon, radiusM] = [find("lat"), find("lon"), find("radiusM")];
  if (lat !== undefined && lon !== undefined && radiusM !== undefined) return { lat, lon, radiusM };
  report({
    ...FORMAT,
    line: 1,
    got: `the columns ${header.join(", ")}`,
    expected: "columns named lat, lon and radius_m",
    advice: "rename them, or name them in a rule file: csv: { lat: …, lon: …, radiusM: … }",
  });
  return null;
}

function draftOf(file: string, { record, line }: Row, index: number, columns: Columns): Draft {
  const rest = Object.entries(record).filter(([name]) => !Object.values(columns).includes(name));
  const properties = Object.fromEntries(rest);
  const coordinates = [numberOf(record[columns.lon]), numberOf(record[columns.lat])];
  const wrong = Object.values(columns).find((name) => Number.isNaN(numberOf(record[name])));
  return {
    file,
    label: labelOf("row", index, properties),
    line,
    type: "Point",
    geometry: { type: "Point", coordinates, radiusM: numberOf(record[columns.radiusM]) },
    key: keyOf(undefined, properties),
    properties,
    preset: {},
    ...(wrong === undefined ? {} : { flaw: { ...NO_NUMBER, got: `${wrong} ${show(record[wrong])}` } }),
  };
}

const NO_NUMBER = {
  expected: "a plain decimal number",
  advice: "write it with a decimal point: degrees for lat and lon, metres for the radius",
};

/** NaN for anything but a plain decimal number: `48,137` is none, and neither is an empty field. */
const numberOf = (text = ""): number => (/^[+-]?\d+(\.\d*)?$/.test(text) ? Number(text) : Number.NaN);
