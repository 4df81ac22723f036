import { CamfenceError } from "../../core/errors.ts";
import { reachesOf } from "../../web/map/reach-outline.ts";
import type { Reaches } from "../../web/map/map-state.ts";
import type { MapAnswers } from "../../web/map/map-server.ts";
import { judgePlace } from "../judge-place.ts";
import type { MapSession } from "./map-session.ts";

/** What the page asks of the server. */
export function mapQuestions(session: MapSession, nowMs: () => number): MapAnswers["questions"] {
  return new Map<string, (query: URLSearchParams) => unknown>([
    ["state", () => session.state()],
    ["drives", () => session.drives()],
    ["outlines", (query) => outlines(session, query)],
    ["verdict", (query) => verdict(session, query, nowMs())],
  ]);
}

/** As many as fill a screen. */
const MAX_OUTLINES = 500;

/** Of areas by their numbers; nothing where the numbers are those of another reading. */
function outlines(session: MapSession, query: URLSearchParams): Readonly<Record<string, Reaches>> {
  const read = session.zones();
  if (read === null || numberIn(query, "revision", 0, 1e15) !== session.state().revision) return {};
  const numbers = (query.get("of") ?? "").split(",").slice(0, MAX_OUTLINES);
  const reaches = numbers.flatMap((number) => {
    const zone = read.zoneOf(Number(number));
    return zone === null ? [] : [[number, reachesOf(zone)] as const];
  });
  return Object.fromEntries(reaches);
}

/** What `camfence verdict` says of the place, at this time. */
function verdict(session: MapSession, query: URLSearchParams, timeMs: number) {
  const zones = session.zones()?.zones ?? null;
  if (zones === null)
    throw new CamfenceError(
      "zones-invalid",
      "no vehicle would load these files, and without zones every frame is dropped; mend the findings first",
    );
  const at = {
    latDeg: numberIn(query, "lat", -90, 90),
    lonDeg: numberIn(query, "lon", -180, 180),
    accuracyM: query.has("accuracy") ? numberIn(query, "accuracy", 0, 1e6) : null,
    headingDeg: query.has("heading") ? numberIn(query, "heading", -360, 360) : null,
    timeMs,
  };
  return judgePlace(zones, at, session.cameras);
}

function numberIn(query: URLSearchParams, name: string, least: number, most: number): number {
  const text = query.get(name) ?? "";
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= least && value <= most) return value;
  throw new CamfenceError("usage", `${name}: got "${text}", expected a number from ${least} to ${most}`);
}
