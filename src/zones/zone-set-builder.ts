import { createHash } from "node:crypto";
import { parseIsoMs } from "../core/time.ts";
import type { Area } from "./area.ts";
import type { ZoneFile } from "./check-zone-file.ts";
import type { Findings } from "./findings.ts";
import { show, under } from "./mistake.ts";
import type { Coverage, Region, Zone, ZoneSetContent } from "./zone.ts";

/** Joins the areas of several files into one set. */
export interface ZoneSetBuilder {
  /** Adds a file, and reports where it disagrees with those before it. `hash` is the SHA-256 of its bytes. */
  readonly add: (name: string, file: ZoneFile, hash: string, findings: Findings) => void;
  readonly build: () => ZoneSetContent;
}

export function createZoneSetBuilder(): ZoneSetBuilder {
  const hashes = new Set<string>();
  const files: { readonly name: string; readonly file: ZoneFile }[] = [];
  const known = new Map<string, { readonly area: Area; readonly name: string }>();
  return {
    add(name, file, hash, findings) {
      if (hashes.has(hash)) return;
      hashes.add(hash);
      for (const [index, area] of file.areas.entries()) {
        const other = known.get(area.id);
        if (!other) known.set(area.id, { area, name });
        else if (!isSame(other.area, area)) reportConflict(area.id, index, other.name, findings);
      }
      files.push({ name, file });
    },
    build: () => ({
      ...sorted(known.size > 0 ? [...known.values()].map(({ area }) => area) : []),
      issuedMs: Math.max(...files.map(({ file }) => parseIsoMs(file.header.issued))),
      expiresMs: Math.min(...files.map(({ file }) => parseIsoMs(file.header.expires))),
      hash: hashOfSet(hashes),
    }),
  };
}

/** Does not depend on the order of the files. */
function hashOfSet(hashes: ReadonlySet<string>): string {
  const lines = [...hashes].toSorted().map((hash) => `${hash}\n`);
  return createHash("sha256").update(lines.join("")).digest("hex");
}

function sorted(areas: readonly Area[]): Pick<ZoneSetContent, "zones" | "coverage" | "regions"> {
  const zones: Zone[] = [];
  const coverage: Coverage[] = [];
  const regions: Region[] = [];
  for (const area of areas) {
    if (area.kind === "zone") zones.push(area);
    else if (area.kind === "coverage") coverage.push(area);
    else regions.push(area);
  }
  return { zones, coverage, regions };
}

/** Whether two areas mean the same to a vehicle; names and `x-` members may differ. */
function isSame(a: Area, b: Area): boolean {
  return JSON.stringify(a, plainList) === JSON.stringify(b, plainList);
}

const plainList = (_key: string, value: unknown) => (value instanceof Float64Array ? [...value] : value);

function reportConflict(id: string, index: number, otherFile: string, findings: Findings): void {
  findings.add({
    rule: "conflicting-id",
    at: under(null, "features", index, "properties", "id"),
    got: `${show(id)}, which is something else in ${otherFile}`,
    expected: "the same content in both files, or an id of its own",
    advice: "delete the outdated one, or rename one",
  });
}
