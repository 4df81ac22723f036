import { CamfenceError } from "../core/errors.ts";
import { loadZones } from "../zones/load-zones.ts";
import type { FileReport } from "../zones/load-zones.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import { compileZoneSet } from "../zones/zone-set.ts";
import type { ZoneSetContent } from "../zones/zone.ts";
import type { Io } from "./io.ts";
import { formatReports } from "./zones/zones-report.ts";

/**
 * The zone set of files and folders, as of `atMs`; warnings go to stderr. An expired one loads: its verdicts say so.
 * `cameras` "all": zones concern every camera, for cameras whose ids nobody knows.
 * `tell` says what is wrong with them; in a vehicle, it must not say where zones are.
 * Throws CamfenceError: `zones-invalid` after all mistakes of all files were printed.
 */
export async function loadZoneSet(
  paths: readonly string[],
  atMs: number,
  io: Io,
  cameras: "as-stated" | "all" = "as-stated",
  tell: (reports: readonly FileReport[]) => string = (reports) => formatReports(reports, false),
): Promise<ZoneSet> {
  if (paths.length === 0)
    throw new CamfenceError("usage", "got no --zones, expected zone files or folders of them");
  const load = await loadZones(paths, { nowMs: atMs, expired: "accept" });
  if (load.outcome === "loaded") {
    const { content } = load;
    return compileZoneSet(cameras === "all" ? everyCamera(content) : content);
  }
  io.stderr(tell(load.reports));
  const errors = load.reports.reduce((sum, { errorCount }) => sum + errorCount, 0);
  const first = load.reports.find(({ errorCount }) => errorCount > 0);
  const mistake = first?.mistakes.find(({ severity }) => severity === "error");
  const where = `${first?.file ?? paths.join(" ")}:${mistake?.line ?? 1}`;
  throw new CamfenceError(
    "zones-invalid",
    `${where}: the zone files have ${errors} mistake${errors === 1 ? "" : "s"}; mend them, then check with: camfence zones check`,
    { ...(first && { file: first.file }), ...(mistake && { line: mistake.line }) },
  );
}

/** The same zones, each for every camera. */
export function everyCamera(content: ZoneSetContent): ZoneSetContent {
  return { ...content, zones: content.zones.map((zone) => ({ ...zone, cameras: null })) };
}
