import type { ZoneSetContent } from "../zone.ts";
import type { ZoneSet } from "../zone-set.ts";
import { compileZoneSet } from "../zone-set.ts";
import { sectionsOfTable, tableOf } from "./area-table.ts";
import { indexAreas } from "../index/zone-index.ts";
import { checkSense } from "./check-sense.ts";
import { checksumOf } from "./checksum.ts";
import { sectionsOfIndex } from "./index-sections.ts";
import type { Section } from "./layout.ts";
import { AT, BYTE_ORDER, ENTRY_BYTES, MAGIC, VERSION, alignedUp } from "./layout.ts";

/**
 * A set as a compiled file, in pieces that follow one another. Equal sets give equal bytes, in whatever order their
 * files were read: areas stand in the order of their ids. Throws `zones-invalid` for what a vehicle could not use.
 */
export function compiledFile(content: ZoneSetContent): readonly Uint8Array[] {
  const set = compileZoneSet(ordered(content));
  const sections = sectionsOf(set);
  const header = headerOf(set, sections);
  const pieces = [header, ...sections.flatMap((section) => [bytesOf(section), padding(section.byteLength)])];
  checksumOf(pieces).copy(header, AT.checksum);
  return pieces;
}

/** In the order in which a reader takes them. */
function sectionsOf(set: ZoneSet): readonly Section[] {
  const zones = { table: tableOf(set.zones), index: set.zoneIndex };
  const coverage = { table: tableOf(set.coverage), index: set.coverageIndex ?? indexAreas([], []) };
  const regions = { table: tableOf(set.regions), index: set.regionIndex };
  // Whoever loads it looks for damage only.
  checkSense(zones, coverage, regions);
  return [zones, coverage, regions].flatMap(({ table, index }) => [
    ...sectionsOfTable(table),
    ...sectionsOfIndex(index),
  ]);
}

function ordered({ issuedMs, expiresMs, hash, ...content }: ZoneSetContent): ZoneSetContent {
  const byId = <Area extends { readonly id: string }>(areas: readonly Area[]) =>
    areas.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const [zones, coverage, regions] = [byId(content.zones), byId(content.coverage), byId(content.regions)];
  return { zones, coverage, regions, issuedMs, expiresMs, hash };
}

function headerOf({ issuedMs, expiresMs, hash }: ZoneSet, sections: readonly Section[]): Buffer {
  const header = Buffer.alloc(alignedUp(AT.table + ENTRY_BYTES * sections.length));
  MAGIC.copy(header);
  const view = new DataView(header.buffer, header.byteOffset);
  view.setUint32(AT.version, VERSION, true);
  new Uint32Array(header.buffer, header.byteOffset + AT.byteOrder, 1)[0] = BYTE_ORDER;
  header.write(hash, AT.hash, "hex");
  view.setFloat64(AT.issuedMs, issuedMs, true);
  view.setFloat64(AT.expiresMs, expiresMs, true);
  view.setFloat64(AT.sections, sections.length, true);
  let offset = header.length;
  for (const [i, { byteLength }] of sections.entries()) {
    const entry = AT.table + ENTRY_BYTES * i;
    view.setFloat64(entry, offset, true);
    view.setFloat64(entry + 8, byteLength, true);
    offset = alignedUp(offset + byteLength);
  }
  view.setFloat64(AT.fileBytes, offset, true);
  return header;
}

function bytesOf({ buffer, byteOffset, byteLength }: Section): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function padding(byteLength: number): Uint8Array {
  return new Uint8Array(alignedUp(byteLength) - byteLength);
}
