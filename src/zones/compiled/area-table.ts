import { at } from "../../core/at.ts";
import { CATEGORIES } from "../zone.ts";
import type { Coverage, Region, Shape, Zone } from "../zone.ts";
import type { Extra } from "./check-table.ts";
import { lazyList } from "./lazy-list.ts";
import type { Section } from "./layout.ts";

/** What areas are besides their shapes, a row each, and the texts of all. */
export interface AreaTable {
  /** `ROW` numbers an area. */
  readonly rows: Float64Array;
  /** UTF-8, the ids one after the other. */
  readonly ids: Uint8Array;
  /** JSON: a list of what few areas have of their own, each once. */
  readonly extras: Uint8Array;
}

/** `extra` is an index into the list of extras, −1 for none; an id ends where `idEnd` says, the next begins there. */
export const ROW = {
  idEnd: 0,
  category: 1,
  isDrop: 2,
  standoffM: 3,
  viewM: 4,
  validFromMs: 5,
  validUntilMs: 6,
  extra: 7,
  size: 8,
} as const;

const NO_EXTRA: Extra = { cameras: null, schedule: null, region: null };

export function sectionsOfTable({ rows, ids, extras }: AreaTable): readonly Section[] {
  return [rows, ids, extras];
}

export function tableOf(areas: readonly (Zone | Coverage | Region)[]): AreaTable {
  const rows = new Float64Array(ROW.size * areas.length);
  const extras = new Map<string, number>();
  const ids = areas.map(({ id }) => Buffer.from(id, "utf8"));
  let idEnd = 0;
  for (const [i, area] of areas.entries()) {
    idEnd += ids[i]?.length ?? 0;
    const text = JSON.stringify(extraOf(area));
    const isPlain = text === JSON.stringify(NO_EXTRA);
    if (!isPlain && !extras.has(text)) extras.set(text, extras.size);
    rows.set([idEnd, ...numbersOf(area), isPlain ? -1 : (extras.get(text) ?? -1)], ROW.size * i);
  }
  return { rows, ids: Buffer.concat(ids), extras: Buffer.from(`[${[...extras.keys()].join(",")}]`, "utf8") };
}

function numbersOf(area: Zone | Coverage | Region): readonly number[] {
  if (area.kind !== "zone") return [0, 0, 0, 0, -Infinity, Infinity];
  const { category, action, standoffM, viewM, validFromMs, validUntilMs } = area;
  return [
    CATEGORIES.indexOf(category),
    Number(action === "drop"),
    standoffM,
    viewM,
    validFromMs,
    validUntilMs,
  ];
}

function extraOf(area: Zone | Coverage | Region): Extra {
  if (area.kind === "coverage") return NO_EXTRA;
  if (area.kind === "region") return { ...NO_EXTRA, region: area.region };
  return { ...NO_EXTRA, cameras: area.cameras, schedule: area.schedule };
}

/** Reads a table that makes sense, with its extras. `shapesOf` answers the shapes of an area, when they are asked for. */
export interface TableReader {
  readonly ids: readonly string[];
  readonly zones: readonly Zone[];
  readonly coverage: readonly Coverage[];
  readonly regions: readonly Region[];
}

export function readTable(
  table: AreaTable,
  extras: readonly Extra[],
  shapesOf: (area: number) => readonly Shape[],
): TableReader {
  const { rows } = table;
  const count = Math.floor(rows.length / ROW.size);
  const text = Buffer.from(table.ids.buffer, table.ids.byteOffset, table.ids.length);
  const idOf = (i: number) =>
    text.toString("utf8", i === 0 ? 0 : at(rows, ROW.size * (i - 1)), at(rows, ROW.size * i));
  const area = (i: number) => ({
    id: idOf(i),
    get shapes() {
      return shapesOf(i);
    },
  });
  const extra = (i: number) => extras[at(rows, ROW.size * i + ROW.extra)] ?? NO_EXTRA;
  return {
    ids: lazyList(count, idOf),
    zones: lazyList(count, (i) => withGetter(area(i), zoneOf(rows.subarray(ROW.size * i), extra(i)))),
    coverage: lazyList(count, (i) => withGetter(area(i), { kind: "coverage" as const })),
    regions: lazyList(count, (i) =>
      withGetter(area(i), { kind: "region" as const, region: extra(i).region ?? "" }),
    ),
  };
}

/** Adds members without asking for the shapes. */
function withGetter<A extends object, B extends object>(area: A, members: B): A & B {
  return Object.assign(area, members);
}

function zoneOf(row: Float64Array, { cameras, schedule }: Extra) {
  return {
    kind: "zone" as const,
    category: CATEGORIES[at(row, ROW.category)] ?? "other",
    action: at(row, ROW.isDrop) === 1 ? ("drop" as const) : ("blur" as const),
    standoffM: at(row, ROW.standoffM),
    viewM: at(row, ROW.viewM),
    validFromMs: at(row, ROW.validFromMs),
    validUntilMs: at(row, ROW.validUntilMs),
    cameras,
    schedule,
  };
}
