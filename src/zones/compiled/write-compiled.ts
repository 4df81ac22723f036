import type { ZoneSetContent } from "../zone.ts";
import type { ZoneSet } from "../zone-set.ts";
import { compileZoneSet } from "../zone-set.ts";
import { sectionsOfTable, tableOf } from "./area-table.ts";
import { checksumOf } from "./checksum.ts";
import { sectionsOfIndex } from "./index-sections.ts";
import type { Section } from "./layout.ts";
import { AT, BYTE_ORDER, CHECKSUM_BYTES, ENTRY_BYTES, MAGIC, VERSION, alignedUp } from "./layout.ts";

/**
 * A set as a compiled file, in pieces that follow one another. Equal sets give equal bytes, in whatever order their
 * files were read: areas stand in the order of their ids.
 */
export function compiledFile(content: ZoneSetContent): readonly Uint8Array[] {
  const set = compileZoneSet(ordered(content));
  const sections = sectionsOf(set);
  const late = verticesOf(set);
  const inOrder = [...sections.filter((section) => !late.has(section)), ...late];
  const header = headerOf(set, sections, inOrder, late);
  const pieces = [header, ...inOrder.flatMap((section) => [bytesOf(section), padding(section.byteLength)])];
  checksumOf(pieces).copy(header, AT.checksum);
  return pieces;
}

/** In the order in which `compiledZoneSet` reads them. */
function sectionsOf(set: ZoneSet): readonly Section[] {
  const { zoneIndex, coverageIndex, regionIndex } = set;
  return [
    ...sectionsOfTable(tableOf(set.zones)),
    ...sectionsOfIndex(zoneIndex),
    ...sectionsOfTable(tableOf(set.coverage)),
    ...(coverageIndex === null ? [] : sectionsOfIndex(coverageIndex)),
    ...sectionsOfTable(tableOf(set.regions)),
    ...sectionsOfIndex(regionIndex),
  ];
}

function verticesOf({ zoneIndex, coverageIndex, regionIndex }: ZoneSet): ReadonlySet<Section> {
  const indexes = coverageIndex === null ? [zoneIndex, regionIndex] : [zoneIndex, coverageIndex, regionIndex];
  return new Set(indexes.flatMap(({ shapes }) => [shapes.degrees, shapes.decimals]));
}

function ordered({ issuedMs, expiresMs, hash, ...content }: ZoneSetContent): ZoneSetContent {
  const byId = <Area extends { readonly id: string }>(areas: readonly Area[]) =>
    areas.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const [zones, coverage, regions] = [byId(content.zones), byId(content.coverage), byId(content.regions)];
  return { zones, coverage, regions, issuedMs, expiresMs, hash };
}

function headerOf(
  { issuedMs, expiresMs, hash }: ZoneSet,
  sections: readonly Section[],
  inOrder: readonly Section[],
  late: ReadonlySet<Section>,
): Buffer {
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
  for (const section of inOrder) {
    const entry = AT.table + ENTRY_BYTES * sections.indexOf(section);
    view.setFloat64(entry, offset, true);
    view.setFloat64(entry + 8, section.byteLength, true);
    offset = alignedUp(offset + section.byteLength);
    if (!late.has(section)) view.setFloat64(AT.headBytes, offset, true);
  }
  view.setFloat64(AT.fileBytes, offset, true);
  header.fill(0, AT.checksum, AT.checksum + CHECKSUM_BYTES);
  return header;
}

function bytesOf({ buffer, byteOffset, byteLength }: Section): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function padding(byteLength: number): Uint8Array {
  return new Uint8Array(alignedUp(byteLength) - byteLength);
}
