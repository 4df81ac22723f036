import type { AreaTable } from "./area-table.ts";
import { ROW } from "./area-table.ts";
import { checkIndex } from "./check-index.ts";
import { checkRules } from "./check-rules.ts";
import { checkTable } from "./check-table.ts";
import type { StoredIndex } from "./index-sections.ts";

/** All areas of one kind: what they are, and where. */
export interface Areas {
  readonly table: AreaTable;
  readonly index: StoredIndex;
}

/** Throws `zones-invalid` where a set's arrays contradict themselves or each other. */
export function checkSense(zones: Areas, coverage: Areas, regions: Areas): void {
  for (const { table, index } of [zones, coverage, regions]) {
    checkTable(table);
    checkIndex(index, table.rows.length / ROW.size);
  }
  checkRules(zones.table, zones.index.shapes);
}
