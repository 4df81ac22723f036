import { CamfenceError } from "../../core/errors.ts";
import { indexOf } from "../index/zone-index.ts";
import type { ZoneSet } from "../zone-set.ts";
import { compiledAlready } from "../zone-set.ts";
import type { TableReader } from "./area-table.ts";
import { readTable } from "./area-table.ts";
import { checkSense } from "./check-sense.ts";
import type { Areas } from "./check-sense.ts";
import { readExtras } from "./check-table.ts";
import { checksumOf } from "./checksum.ts";
import { shapesByArea } from "./rings-of-part.ts";
import type { SectionReader } from "./index-sections.ts";
import { readIndex } from "./index-sections.ts";
import {
  ALIGNMENT,
  AT,
  BYTE_ORDER,
  CHECKSUM_BYTES,
  ENTRY_BYTES,
  HASH_BYTES,
  VERSION,
  isCompiled,
} from "./layout.ts";

/**
 * The set in the bytes of a compiled file, which must begin at a multiple of 8 in their buffer and stay as they are: the
 * set's arrays are views of them. Throws CamfenceError: `malformed` for another file, `unsupported` for another version
 * or byte order, `cut-off` for one that is too short, `tampered` for one that was changed, `zones-invalid` for one
 * that is whole and makes no sense. `sum` is the checksum where it was told already, as the bytes were read.
 */
export function compiledZoneSet(bytes: Uint8Array, sum: Buffer = checksumOf([bytes])): ZoneSet {
  const parts = partsOf(bytes, sum);
  checkSense(parts.zones, parts.coverage, parts.regions);
  return setOf(parts);
}

/**
 * The same for bytes that a build has checked: if the checksum is right, they are as they were built, and that they make
 * sense was seen then. It is not looked at again, which would take most of the time.
 */
export function undamagedZoneSet(bytes: Uint8Array, sum: Buffer): ZoneSet {
  return setOf(partsOf(bytes, sum));
}

type Parts = ReturnType<typeof partsOf>;

function partsOf(bytes: Uint8Array, sum: Buffer) {
  checkHeader(bytes);
  checkSum(bytes, sum);
  const header = viewOf(bytes);
  const from = sectionReader(bytes, header);
  const [zones, coverage, regions] = [readAreas(from), readAreas(from), readAreas(from)];
  from.end();
  const hash = Buffer.from(bytes.subarray(AT.hash, AT.hash + HASH_BYTES)).toString("hex");
  return { zones, coverage, regions, hash, ...timesOf(header) };
}

function setOf({ zones, coverage, regions, ...about }: Parts): ZoneSet {
  const [zoneTable, coverageTable, regionTable] = [tableOf(zones), tableOf(coverage), tableOf(regions)];
  return compiledAlready({
    zones: zoneTable.zones,
    ids: zoneTable.ids,
    zoneIndex: indexOf(zones.index),
    coverage: coverageTable.coverage,
    coverageIndex: coverageTable.coverage.length === 0 ? null : indexOf(coverage.index),
    regions: regionTable.regions,
    regionIndex: indexOf(regions.index),
    ...about,
  });
}

function readAreas(from: SectionReader): Areas {
  return {
    table: { rows: from.doubles(), ids: from.bytes(), extras: from.bytes() },
    index: readIndex(from),
  };
}

function tableOf({ table, index }: Areas): TableReader {
  return readTable(table, readExtras(table), shapesByArea(index.shapes));
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function checkHeader(bytes: Uint8Array): void {
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

function checkSum(bytes: Uint8Array, sum: Buffer): void {
  if (!sum.equals(bytes.subarray(AT.checksum, AT.checksum + CHECKSUM_BYTES))) {
    throw tampered("was changed after it was built: its checksum is wrong");
  }
}

/** Hands out the sections in their order, each where the last one ends. */
function sectionReader(bytes: Uint8Array, header: DataView): SectionReader & { end(): void } {
  const count = header.getFloat64(AT.sections, true);
  let next = 0;
  const take = (unitBytes: number): readonly [offset: number, length: number] => {
    const entry = AT.table + ENTRY_BYTES * next;
    next += 1;
    if (!(next <= count && entry + ENTRY_BYTES <= bytes.length)) throw contradiction();
    const [offset, byteLength] = [header.getFloat64(entry, true), header.getFloat64(entry + 8, true)];
    const isPlace = Number.isSafeInteger(offset) && offset >= 0 && offset % ALIGNMENT === 0;
    const isLength = Number.isSafeInteger(byteLength) && byteLength >= 0 && byteLength % unitBytes === 0;
    if (!isPlace || !isLength || offset + byteLength > bytes.length) throw contradiction();
    return [bytes.byteOffset + offset, byteLength / unitBytes];
  };
  return {
    bytes: () => new Uint8Array(bytes.buffer, ...take(1)),
    ints: () => new Int32Array(bytes.buffer, ...take(4)),
    doubles: () => new Float64Array(bytes.buffer, ...take(8)),
    end() {
      if (next !== count) throw contradiction();
    },
  };
}

function timesOf(header: DataView): Pick<ZoneSet, "issuedMs" | "expiresMs"> {
  const issuedMs = header.getFloat64(AT.issuedMs, true);
  const expiresMs = header.getFloat64(AT.expiresMs, true);
  if (![issuedMs, expiresMs].every((timeMs) => Math.abs(timeMs) <= MAX_TIME_MS)) throw contradiction();
  return { issuedMs, expiresMs };
}

/** As far as dates go. */
const MAX_TIME_MS = 8.64e15;

function cutOff(gotBytes: number, expected: string): CamfenceError {
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
