import { readFile } from "node:fs/promises";
import { convert, type Conversion, type ConvertOptions } from "../../../src/zones/convert/convert.ts";
import { formatOf, isFormat } from "../../../src/zones/convert/formats.ts";
import { NO_RULES } from "../../../src/zones/convert/rule-file.ts";
import { NOW_MS } from "../fixtures.ts";

export const OPTIONS: ConvertOptions = {
  nowMs: NOW_MS,
  datum: "wgs84",
  rules: NO_RULES,
  category: "military",
  prefix: "t",
  fix: false,
  issuer: "test",
  issued: "2026-01-01T00:00:00Z",
  expires: "2027-01-01T00:00:00Z",
  defaultExpires: "2027-01-01T00:00:00Z",
};

/** Converts a text as a file of that name. */
export async function converted(
  name: string,
  content: string | Uint8Array,
  options: Partial<ConvertOptions> = {},
  siblings: Readonly<Record<string, Buffer>> = {},
): Promise<Conversion> {
  const bytes = Buffer.from(content);
  const format = formatOf(name, bytes);
  if (format === null || !isFormat(format)) throw new Error(`no format for ${name}`);
  const sibling = async (ending: string) => siblings[ending] ?? null;
  return convert([{ name, bytes, format, sibling }], { ...OPTIONS, ...options });
}

export const convertFile = async (path: string, options: Partial<ConvertOptions> = {}) => {
  const sibling = (ending: string) => readFile(path.replace(/\.[^.]+$/, `.${ending}`)).catch(() => null);
  const bytes = await readFile(path);
  const format = formatOf(path, bytes);
  if (format === null) throw new Error(`no format for ${path}`);
  return convert([{ name: path, bytes, format, sibling }], { ...OPTIONS, ...options });
};

export interface OutFeature {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly geometry: { readonly type: string; readonly coordinates: unknown };
}

/** The features of a zone file that must have been made. */
export function featuresOf(conversion: Conversion): readonly OutFeature[] {
  if (conversion.outcome === "refused") throw new Error(problems(conversion).join("\n"));
  const file = JSON.parse(conversion.text) as { readonly features: readonly OutFeature[] };
  return file.features;
}

/** `line rule path: got` of each error and warning. */
export const problems = ({ reports }: Conversion): readonly string[] =>
  reports.flatMap(({ mistakes }) =>
    mistakes.map(({ line, rule, path, got }) => `${line} ${rule} ${path}: ${got}`),
  );

export const SQUARE = [
  [11.5, 48.1],
  [11.51, 48.1],
  [11.51, 48.11],
  [11.5, 48.11],
  [11.5, 48.1],
];
