import { planeAt } from "../../core/plane.ts";
import type { Position } from "../../core/position.ts";
import { sameShapes } from "../../zones/diff/area-change.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import type { Zone } from "../../zones/zone.ts";
import { countText } from "../report/count-text.ts";
import { categoryKeys, key, legend, line, surroundingKeys } from "../report/legend.ts";
import { layerRadio, mapFigure } from "../report/map-figure.ts";
import type { MapFrame } from "../report/map-frame.ts";
import { frameAround } from "../report/map-frame.ts";
import { zoneLabels } from "../report/map-labels.ts";
import type { ZoneMarks } from "../report/map-zones.ts";
import { zonesOnMap } from "../report/map-zones.ts";
import type { Markup } from "../report/markup.ts";
import { markup } from "../report/markup.ts";
import { zonesNear, zonesNote } from "../report/near-zones.ts";
import { changedDots, pointOf, wayLines } from "./place-dots.ts";

/** A square of the map with the frames in it, of all drives and cameras. */
export interface PlaceOnMap extends Position {
  readonly widthDeg: number;
  /** Frames that are held back more than before, and less. */
  readonly more: number;
  readonly less: number;
}

/** Where the drives went, and where what becomes of their frames differs. */
export interface FleetPlaces {
  readonly way: readonly PlaceOnMap[];
  readonly changed: readonly PlaceOnMap[];
}

export interface ImpactMap {
  readonly before: ZoneSet;
  readonly after: ZoneSet;
  readonly places: FleetPlaces;
}

/** What the map shows: the places that change, or where none does, all ways. */
export function impactFrame({ places: { way, changed } }: ImpactMap): MapFrame | null {
  return frameAround(changed.length > 0 ? changed : way);
}

/** Where releases are lost and won, beside the zones of both sets. `isTouched`: whose zones are to be drawn first. */
export function impactMapSection(
  map: ImpactMap,
  frame: MapFrame | null,
  isTouched: (id: string) => boolean,
): Markup {
  if (frame === null) return markup`<p class="note">No map: the place of no frame was ever known.</p>`;
  const { way, changed } = map.places;
  const near = nearOfBoth(map, isTouched);
  const points = changed.map((place) => pointOf(place, frame));
  return mapFigure({
    frame,
    label: "Map of the places that change; the stretches are in the table below",
    whole: "whole map",
    choice: changed.length > 0 ? choice() : markup``,
    drawing: markup`${zonesOnMap(near.zones, frame, near.marks)} ${wayLines(way, frame)}
      ${changedDots(changed, frame)} ${zoneLabels(near.named, frame, [], points)}`,
    legend: mapLegend(near.zones, near.marks),
    note: `${placesNote(changed)} ${zonesNote({ ...near, zones: near.named }, "the drives")}`,
  });
}

function placesNote(changed: readonly PlaceOnMap[]): string {
  const widestM = Math.max(
    ...changed.map(({ latDeg, widthDeg }) => widthDeg * planeAt({ latDeg, lonDeg: 0 }).xPerDeg),
  );
  if (changed.length === 0) return "Nothing changes.";
  return `${countText(changed.length)} dots, each for all frames that change within about ${countText(Math.round(widestM))} m.`;
}

function nearOfBoth({ before, after, places }: ImpactMap, isTouched: (id: string) => boolean) {
  const all = [...places.changed, ...places.way].map((place) => ({ ...place, join: "silence" as const }));
  const [was, is] = [zonesNear(before, all, isTouched), zonesNear(after, all, isTouched)];
  const [known, next] = [byId(before.zones), byId(after.zones)];
  const gone = was.zones.filter((zone) => !isSame(zone, next.get(zone.id)));
  const added = is.zones.filter((zone) => !isSame(zone, known.get(zone.id)));
  const marks: ZoneMarks = new Map([
    ...gone.map((zone) => [zone, "before"] as const),
    ...added.map((zone) => [zone, "after"] as const),
  ]);
  const leftOut = Math.max(was.leftOut, is.leftOut);
  const named = [...is.zones, ...gone.filter(({ id }) => !next.has(id))];
  return { zones: [...is.zones, ...gone], named, leftOut, marks };
}

function byId(zones: readonly Zone[]): ReadonlyMap<string, Zone> {
  return new Map(zones.map((zone) => [zone.id, zone]));
}

function isSame(a: Zone, b: Zone | undefined): boolean {
  return b !== undefined && rulesOf(a) === rulesOf(b) && sameShapes(a.shapes, b.shapes);
}

/** All but the shapes. JSON has no infinities: a zone that was always valid is told from one of no time by the texts. */
function rulesOf(zone: Zone): string {
  const valid = `${zone.validFromMs} ${zone.validUntilMs}`;
  return JSON.stringify({ ...zone, shapes: null, valid });
}

function choice(): Markup {
  return markup`<fieldset class="layers"><legend>Map shows</legend>
    ${layerRadio("places-all", "all changes", true)}${layerRadio("places-more", "held back more", false)}
    ${layerRadio("places-less", "held back less", false)}
  </fieldset>`;
}

function mapLegend(zones: readonly Zone[], marks: ZoneMarks): Markup {
  const kinds = new Set(marks.values());
  const box = (name: string) =>
    markup`<rect class="key-zone other ${name}" x="2" y="1" width="22" height="12" />`;
  return legend([
    key(dot("more"), "frames held back more than before"),
    key(markup`${dot("less")}${dot("hole")}`, "held back less: released, or blurred instead of dropped"),
    key(line("driven"), "driven, nothing changes"),
    ...categoryKeys(zones),
    ...(kinds.has("after") ? [key(box("only-after"), "thick edge: new, or changed by the new set")] : []),
    ...(kinds.has("before") ? [key(box("only-before"), "as it is before: gone or changed")] : []),
    ...surroundingKeys(zones),
  ]);
}

function dot(name: string): Markup {
  return markup`<path class="${name}" d="M13 7h0" />`;
}
