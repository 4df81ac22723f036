import * as z from "zod";
import { at } from "../../core/at.ts";
import { CamfenceError } from "../../core/errors.ts";
import { isTimeZone } from "../schedule-member.ts";
import { CATEGORIES } from "../zone.ts";
import type { Schedule } from "../zone.ts";
import type { AreaTable } from "./area-table.ts";
import { ROW } from "./area-table.ts";

const Extra = z.strictObject({
  cameras: z.array(z.string()).nullable(),
  schedule: z
    .strictObject({
      timeZone: z.string().refine(isTimeZone),
      windows: z.array(
        z.strictObject({
          days: z.array(z.int().min(0).max(6)),
          fromMin: z.int().min(0).max(1440),
          toMin: z.int().min(0).max(1440),
        }),
      ),
    })
    .nullable(),
  region: z.string().nullable(),
});
/** What few areas have of their own. */
export interface Extra {
  readonly cameras: readonly string[] | null;
  readonly schedule: Schedule | null;
  readonly region: string | null;
}

/** The list of extras of a table. Throws `zones-invalid`. */
export function readExtras({ extras }: AreaTable): readonly Extra[] {
  const list = z.array(Extra).safeParse(parsed(extras));
  if (!list.success) throw senseless();
  return list.data;
}

/** Throws `zones-invalid` unless every number of a table means something. */
export function checkTable(table: AreaTable): void {
  const { rows, ids } = table;
  const extraCount = readExtras(table).length;
  let end = 0;
  let isSound = rows.length % ROW.size === 0;
  for (let r = 0; r < rows.length && isSound; r += ROW.size) {
    const idEnd = at(rows, r + ROW.idEnd);
    const extra = at(rows, r + ROW.extra);
    isSound = Number.isInteger(idEnd) && idEnd > end && idEnd <= ids.length && isRow(rows, r);
    isSound &&= Number.isInteger(extra) && extra >= -1 && extra < extraCount;
    end = idEnd;
  }
  if (!isSound || end !== ids.length) throw senseless();
}

function senseless(): CamfenceError {
  return new CamfenceError("zones-invalid", "the table of areas holds what no zone file can say");
}

function isRow(rows: Float64Array, r: number): boolean {
  const category = at(rows, r + ROW.category);
  const standoffM = at(rows, r + ROW.standoffM);
  const viewM = at(rows, r + ROW.viewM);
  const isDrop = at(rows, r + ROW.isDrop);
  return (
    Number.isInteger(category) &&
    category >= 0 &&
    category < CATEGORIES.length &&
    (isDrop === 0 || isDrop === 1) &&
    standoffM >= 0 &&
    viewM >= 0 &&
    Math.max(standoffM, viewM) < Infinity &&
    !Number.isNaN(at(rows, r + ROW.validFromMs)) &&
    !Number.isNaN(at(rows, r + ROW.validUntilMs))
  );
}

function parsed(extras: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(extras.buffer, extras.byteOffset, extras.length).toString("utf8"));
  } catch {
    // Undefined is no list, and refused as such.
    return undefined;
  }
}
