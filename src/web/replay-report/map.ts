import { arrows } from "./map-arrows.ts";
import type { MapFrame } from "../report/map-frame.ts";
import { layerRadio, mapFigure } from "../report/map-figure.ts";
import { zoneLabels } from "../report/map-labels.ts";
import { mapLegend } from "./map-legend.ts";
import { ends, visitMarks, visitPoints } from "./map-marks.ts";
import { cameraLayer, momentLayer, trackGround } from "./map-track.ts";
import { zonesOnMap } from "../report/map-zones.ts";
import type { Markup } from "../report/markup.ts";
import { markup } from "../report/markup.ts";
import { momentsOf } from "./moments.ts";
import { zonesNote } from "../report/near-zones.ts";
import type { ReportData } from "./report-data.ts";
import { wayOf } from "./way.ts";

/** Stretches of the track in the layer of all cameras. */
const MAX_MOMENTS = 600;

/** The map section: zones, the driven track by what happened there, and the controls. */
export function mapSection(data: ReportData): Markup {
  const { frame, near } = data;
  if (frame === null) return markup`<p class="note">No map: the place of the vehicle was never known.</p>`;
  return mapFigure({
    frame,
    label: "Map of the drive; the same is in the tables below",
    whole: "whole drive",
    choice: layerChoice(data),
    drawing: drawing(data, frame),
    legend: mapLegend(near.zones),
    note: zonesNote(near),
  });
}

function drawing({ places, near, runs, visits, timeText }: ReportData, frame: MapFrame): Markup {
  const way = wayOf(places, frame);
  return markup`${zonesOnMap(near.zones, frame)} ${trackGround(way)}
    ${momentLayer(momentsOf(runs, MAX_MOMENTS), way, timeText)}
    ${runs.map((ofCamera, i) => cameraLayer(i, ofCamera, way, timeText))} ${arrows(way, frame)}
    ${zoneLabels(near.zones, frame, visitPoints(visits, way), way)} ${visitMarks(visits, way, frame, timeText)} ${ends(way)}`;
}

/** Which cameras' frames colour the track. */
function layerChoice({ cameras }: ReportData): Markup {
  if (cameras.length < 2) return markup``;
  const [all, ...each] = [
    layerRadio("layer-all", "worst of all cameras", true),
    ...cameras.map((camera, i) => layerRadio(`layer-${i}`, camera, false)),
  ];
  return markup`<fieldset class="layers"><legend>Track shows</legend>${all}${each}</fieldset>`;
}
