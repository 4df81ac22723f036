import { createHash } from "node:crypto";
import { parseIsoMs } from "../core/time.ts";
import type { Area } from "./area.ts";
import type { ZoneFile } from "./check/check-zone-file.ts";
import type { Findings } from "./check/findings.ts";
import { under } from "./check/mistake.ts";
import { conflictingId } from "./check/rules/conflicting-id.ts";
import type { Coverage, Region, Zone, ZoneSetContent } from "./zone.ts";

/** Joins the areas of several files into one set. */
export interface ZoneSetBuilder {
  /** Adds a file, and reports where it disagrees with those before it. `hash` is the SHA-256 of its bytes. */
  readonly add: (name: string, file: ZoneFile, hash: string, findings: Findings) => void;
  readonly build: () => ZoneSetContent;
}

export function createZoneSetBuilder(): ZoneSetBuilder {
  const hashes = new Set<string>();
  const headers: ZoneFile["header"][] = [];
  let areas: readonly Area[] = [];
  const known: KnownAreas = new Map();
  let firstName = "";
  return {
    add(name, file, hash, findings) {
      hashes.add(hash);
      headers.push(file.header);
      if (headers.length === 1) {
        // A single file has no id twice: it is indexed only when another one comes.
        firstName = name;
        areas = file.areas;
        return;
      }
      if (headers.length === 2) for (const area of areas) known.set(area.id, { area, file: firstName });
      areas = [...areas, ...newAreas(name, file, known, findings)];
    },
    build: () => ({
      ...sorted(areas),
      issuedMs: Math.max(...headers.map(({ issued }) => parseIsoMs(issued))),
      expiresMs: Math.min(...headers.map(({ expires }) => parseIsoMs(expires))),
      hash: hashOfSet(hashes),
    }),
  };
}

type KnownAreas = Map<string, { readonly area: Area; readonly file: string }>;

/** The areas that no file before had; reports those that another file has otherwise. */
function newAreas(name: string, file: ZoneFile, known: KnownAreas, findings: Findings): readonly Area[] {
  const list = under(null, "features");
  return file.areas.filter((area, index) => {
    const other = known.get(area.id);
    if (!other) known.set(area.id, { area, file: name });
    else
      findings.passes(conflictingId, conflictingId.check(area, other.area, other.file), under(list, index));
    return other === undefined;
  });
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
