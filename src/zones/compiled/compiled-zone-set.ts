import { CamfenceError } from "../../core/errors.ts";
import { indexOf } from "../index/zone-index.ts";
import type { ZoneSet } from "../zone-set.ts";
import { compiledAlready } from "../zone-set.ts";
import type { AreaTable, TableReader } from "./area-table.ts";
import { ROW, readTable } from "./area-table.ts";
import { checkIndex, checkVertices } from "./check-index.ts";
import { checkRules } from "./check-rules.ts";
import { checksumOf } from "./checksum.ts";
import { shapesByArea } from "./rings-of-part.ts";
import type { SectionReader, StoredIndex } from "./index-sections.ts";
import { readIndex } from "./index-sections.ts";
import {
  ALIGNMENT,
  AT,
  BYTE_ORDER,
  CHECKSUM_BYTES,
  ENTRY_BYTES,
  HASH_BYTES,
  MAGIC,
  VERSION,
} from "./layout.ts";

/** Whether a file claims to be a compiled set, by its first bytes. */
export function isCompiled(head: Uint8Array): boolean {
  return MAGIC.equals(head.subarray(0, MAGIC.length));
}

/**
 * The set in the bytes of a compiled file, which must begin at a multiple of 8 in their buffer and stay as they are: the
 * set's arrays are views of them. Throws CamfenceError: `malformed` for another file, `unsupported` for another version
 * or byte order, `cut-off` for one that is too short, `tampered` for one that was changed, `zones-invalid` for one
 * that is whole and makes no sense.
 */
export function compiledZoneSet(bytes: Uint8Array): ZoneSet {
  checkHeader(bytes);
  checkSum(bytes);
  return openSet(bytes)();
}

/**
 * Reads and checks a set of which only `headBytesOf` need be there yet. What it gives checks the rest, once all is
 * there and its checksum is right, and gives the set. Throws `zones-invalid`, as that does.
 */
export function openSet(bytes: Uint8Array): () => ZoneSet {
  const header = viewOf(bytes);
  const from = sectionReader(bytes, header);
  const [zoneTable, zoneIndex] = [tableFrom(from), readIndex(from)];
  const coverageTable = tableFrom(from);
  const coverageIndex = coverageTable.rows.length === 0 ? null : readIndex(from);
  const [regionTable, regionIndex] = [tableFrom(from), readIndex(from)];
  const zones = areasOf(zoneTable, zoneIndex);
  checkRules(zoneTable, zoneIndex.shapes);
  from.end();
  const set = {
    zones: zones.zones,
    ids: zones.ids,
    zoneIndex: indexOf(zoneIndex),
    coverage: coverageIndex === null ? [] : areasOf(coverageTable, coverageIndex).coverage,
    coverageIndex: coverageIndex === null ? null : indexOf(coverageIndex),
    regions: areasOf(regionTable, regionIndex).regions,
    regionIndex: indexOf(regionIndex),
    ...timesOf(header),
    hash: Buffer.from(bytes.subarray(AT.hash, AT.hash + HASH_BYTES)).toString("hex"),
  };
  return () => {
    checkVertices(zoneIndex.shapes);
    if (coverageIndex !== null) checkVertices(coverageIndex.shapes);
    checkVertices(regionIndex.shapes);
    return compiledAlready(set);
  };
}

/** Where the vertices begin, by a header that was checked. */
export function headBytesOf(bytes: Uint8Array): number {
  const headBytes = viewOf(bytes).getFloat64(AT.headBytes, true);
  return headBytes >= AT.table && headBytes <= bytes.length ? headBytes : bytes.length;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Of the whole file only its first `AT.table` bytes need be there. Throws as `compiledZoneSet` does. */
export function checkHeader(bytes: Uint8Array): void {
  const header = viewOf(bytes);
  if (!isCompiled(bytes))
    throw new CamfenceError("malformed", "is no compiled zone set; make one with: camfence zones build");
  if (bytes.length < AT.table) throw cutOff(bytes.length, "its header");
  const version = header.getUint32(AT.version, true);
  if (version !== VERSION) {
    throw new CamfenceError(
      "unsupported",
      `is a compiled zone set of version ${version}, expected ${VERSION}; build it again`,
    );
  }
  if (new Uint32Array(bytes.buffer, bytes.byteOffset + AT.byteOrder, 1)[0] !== BYTE_ORDER) {
    throw new CamfenceError(
      "unsupported",
      "was built on a machine of another byte order; build it on one like this",
    );
  }
  const fileBytes = header.getFloat64(AT.fileBytes, true);
  if (bytes.length < fileBytes) throw cutOff(bytes.length, `${fileBytes} bytes`);
  if (bytes.length !== fileBytes) throw tampered(`has ${bytes.length} bytes, expected ${fileBytes}`);
}

export function checkSum(bytes: Uint8Array): void {
  const [before, after] = [bytes.subarray(0, AT.checksum), bytes.subarray(AT.checksum + CHECKSUM_BYTES)];
  const sum = checksumOf([before, new Uint8Array(CHECKSUM_BYTES), after]);
  if (!sum.equals(bytes.subarray(AT.checksum, AT.checksum + CHECKSUM_BYTES))) {
    throw tampered("was changed after it was built: its checksum is wrong");
  }
}

/** Hands out the sections in their order, each where the last one ends. */
function sectionReader(bytes: Uint8Array, header: DataView): SectionReader & { end(): void } {
  const count = header.getFloat64(AT.sections, true);
  const headBytes = headBytesOf(bytes);
  let next = 0;
  const take = (unitBytes: number, endBytes = headBytes): readonly [offset: number, length: number] => {
    const entry = AT.table + ENTRY_BYTES * next;
    next += 1;
    if (!(next <= count && entry + ENTRY_BYTES <= headBytes)) throw contradiction();
    const [offset, byteLength] = [header.getFloat64(entry, true), header.getFloat64(entry + 8, true)];
    const isPlace = Number.isSafeInteger(offset) && offset >= 0 && offset % ALIGNMENT === 0;
    const isLength = Number.isSafeInteger(byteLength) && byteLength >= 0 && byteLength % unitBytes === 0;
    if (!isPlace || !isLength || offset + byteLength > endBytes) throw contradiction();
    return [bytes.byteOffset + offset, byteLength / unitBytes];
  };
  return {
    bytes: () => new Uint8Array(bytes.buffer, ...take(1)),
    ints: () => new Int32Array(bytes.buffer, ...take(4)),
    doubles: () => new Float64Array(bytes.buffer, ...take(8)),
    late: {
      ints: () => new Int32Array(bytes.buffer, ...take(4, bytes.length)),
      doubles: () => new Float64Array(bytes.buffer, ...take(8, bytes.length)),
    },
    end() {
      if (next !== count) throw contradiction();
    },
  };
}

function tableFrom(from: SectionReader): AreaTable {
  return { rows: from.doubles(), ids: from.bytes(), extras: from.bytes() };
}

function areasOf(table: AreaTable, index: StoredIndex): TableReader {
  checkIndex(index, table.rows.length / ROW.size);
  return readTable(table, shapesByArea(index.shapes));
}

function timesOf(header: DataView): Pick<ZoneSet, "issuedMs" | "expiresMs"> {
  const issuedMs = header.getFloat64(AT.issuedMs, true);
  const expiresMs = header.getFloat64(AT.expiresMs, true);
  if (![issuedMs, expiresMs].every((timeMs) => Math.abs(timeMs) <= MAX_TIME_MS)) throw contradiction();
  return { issuedMs, expiresMs };
}

/** As far as dates go. */
const MAX_TIME_MS = 8.64e15;

export function cutOff(gotBytes: number, expected: string): CamfenceError {
  return new CamfenceError(
    "cut-off",
    `ends after ${gotBytes} bytes, expected ${expected}; get the file again`,
  );
}

function tampered(what: string): CamfenceError {
  return new CamfenceError("tampered", `${what}; get the file again`);
}

function contradiction(): CamfenceError {
  return new CamfenceError("zones-invalid", "its sections contradict each other; build it again");
}
