import type { AreaTable } from "./area-table.ts";
import { ROW } from "./area-table.ts";
import { checkIndex } from "./check-index.ts";
import { checkRules } from "./check-rules.ts";
import { checkSeams } from "./check-seams.ts";
import { checkTable } from "./check-table.ts";
import type { StoredIndex } from "./index-sections.ts";

/** All areas of one kind: what they are, and where. */
export interface Areas {
  readonly table: AreaTable;
  readonly index: StoredIndex;
}

/** Throws `zones-invalid` where a set's arrays contradict themselves or each other. */
export function checkSense(zones: Areas, coverage: Areas, regions: Areas): void {
  for (const { table } of [zones, coverage, regions]) checkTable(table);
  checkIndex(zones.index, countOf(zones));
  checkIndex(coverage.index, countOf(coverage) + 1);
  checkIndex(regions.index, countOf(regions));
  checkRules(zones.table, zones.index.shapes);
  checkSeams(coverage.index.shapes, countOf(coverage));
}

function countOf({ table }: Areas): number {
  return table.rows.length / ROW.size;
}
