import type { JsonObject } from "../check/json-object.ts";
import type { Mistake } from "../check/mistake.ts";
import type { Rule, Severity } from "../check/rule.ts";

/** An area as a source has it: GeoJSON coordinates that nobody has checked, in the source's datum. */
export type DraftGeometry =
  | { readonly type: "Polygon" | "MultiPolygon"; readonly coordinates: unknown }
  | { readonly type: "Point"; readonly coordinates: unknown; readonly radiusM?: number };

/** One feature of a source, before the rules make a zone of it. */
export interface Draft {
  readonly file: string;
  /** `feature 3 "Fort"`, `placemark 2`, `record 7`: what a person looks for in the source. */
  readonly label: string;
  /** From 1; 1 in a binary file. */
  readonly line: number;
  /** What the source calls its geometry, for rules: `$geometry`. */
  readonly type: string;
  /** null where there is no area: refused, unless a rule leaves the feature out. */
  readonly geometry: DraftGeometry | null;
  /** Why there is none, where that is not plain from the type. */
  readonly why?: string;
  /** The source's own id, stable from one export to the next; null where it has none. */
  readonly key: string | null;
  readonly properties: JsonObject;
  /** What the format itself says about the zone, in the words of a zone file. */
  readonly preset: JsonObject;
  /** What is missing of it in the source: refused where it is to become a zone. */
  readonly flaw?: Pick<Mistake, "got" | "expected" | "advice">;
}

/** Reports what is wrong with, or was done to, a feature of the source. */
export type Report = (problem: SourceProblem | Mistake) => void;

export interface SourceProblem {
  /** @default that of the rule */
  readonly severity?: Severity;
  readonly rule: Rule;
  readonly got: string;
  readonly expected: string;
  /** @default the rule's remedy */
  readonly advice?: string;
  readonly line: number;
  /** The feature's label; empty for the whole file. */
  readonly path: string;
}

export interface SourceFile {
  readonly name: string;
  readonly bytes: Buffer;
  /** The bytes of the file of the same name with another ending, as a Shapefile's parts are; null where there is none. */
  readonly sibling: (extension: string) => Promise<Buffer | null>;
}

/** How a source is read. */
export interface ReadOptions {
  /** Lines that end where they do not begin are closed. */
  readonly fix: boolean;
  readonly csv: CsvColumns;
}

/** The names of a CSV file's columns, where they are not the usual ones. */
export interface CsvColumns {
  readonly lat?: string | undefined;
  readonly lon?: string | undefined;
  readonly radiusM?: string | undefined;
}

/** What a reader found. */
export interface Source {
  readonly drafts: readonly Draft[];
  /** The standard that says the coordinates are WGS 84, such as `KML 2.2`; null where nothing says so. */
  readonly wgs84By: string | null;
  /** Until when the source itself is valid, ISO. */
  readonly validTo?: string;
  /** Objects without any claim to be a site, as most of an OpenStreetMap extract are. */
  readonly leftOut?: number;
}

export type Reader = (file: SourceFile, report: Report, options: ReadOptions) => Promise<Source>;
