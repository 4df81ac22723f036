import { arrows } from "./map-arrows.ts";
import type { MapFrame } from "./map-frame.ts";
import { UNITS_PER_M } from "./map-frame.ts";
import { zoneLabels } from "./map-labels.ts";
import { mapLegend } from "./map-legend.ts";
import { ends, visitMarks, visitPoints } from "./map-marks.ts";
import { cameraLayer, momentLayer, trackGround } from "./map-track.ts";
import { zonesOnMap } from "./map-zones.ts";
import type { Markup } from "./markup.ts";
import { isolated, markup } from "./markup.ts";
import { momentsOf } from "./moments.ts";
import type { NearZones } from "./near-zones.ts";
import { NEAR_M } from "./near-zones.ts";
import type { ReportData } from "./report-data.ts";
import { wayOf } from "./way.ts";
import { countText } from "./wording.ts";

/** Stretches of the track in the layer of all cameras. */
const MAX_MOMENTS = 600;

/** The map section: zones, the driven track by what happened there, and the controls. */
export function mapSection(data: ReportData): Markup {
  const { frame } = data;
  if (frame === null) return markup`<p class="note">No map: the place of the vehicle was never known.</p>`;
  return markup`<figure class="map-figure">
    ${layerChoice(data)}
    <div class="map-box">
      ${picture(data, frame)}
      <div class="zoom" role="group" aria-label="Zoom">
        <button type="button" data-zoom="0.625" aria-label="Zoom in">+</button
        ><button type="button" data-zoom="1.6" aria-label="Zoom out">−</button
        ><button type="button" data-zoom="0">whole drive</button>
      </div>
      <svg class="north" viewBox="-10 -22 20 34" role="img" aria-label="North is up">
        <path d="M0-20 6 0 0-4-6 0z" />
        <text y="11">N</text>
      </svg>
    </div>
    <figcaption>
      ${mapLegend(data.near.zones)}
      <p class="note">
        ${zonesNote(data.near)} Drag to move, Ctrl and wheel, pinch or the buttons to zoom; rest on anything
        for its details.
      </p>
    </figcaption>
  </figure>`;
}

function picture({ places, near, runs, visits, timeText }: ReportData, frame: MapFrame): Markup {
  const way = wayOf(places, frame);
  return markup`<svg
    id="map"
    class="map"
    viewBox="0 0 ${frame.width} ${frame.height}"
    tabindex="0"
    role="img"
    aria-label="Map of the drive; the same is in the tables below"
  >
    ${zonesOnMap(near.zones, frame)} ${trackGround(way)}
    ${momentLayer(momentsOf(runs, MAX_MOMENTS), way, timeText)}
    ${runs.map((ofCamera, i) => cameraLayer(i, ofCamera, way, timeText))} ${arrows(way, frame)}
    ${zoneLabels(near.zones, frame, visitPoints(visits, way), way)} ${visitMarks(visits, way, frame, timeText)} ${ends(way)}
    ${scaleBar(frame)}
  </svg>`;
}

/** Its length is a round number near a sixth of the width; the script keeps it so. */
function scaleBar({ width, height, pixel }: MapFrame): Markup {
  const wantedM = width / UNITS_PER_M / 6;
  const power = 10 ** Math.floor(Math.log10(wantedM));
  const lengthM = ([5, 2, 1].find((step) => step * power <= wantedM) ?? 1) * power;
  const text = lengthM >= 1000 ? `${lengthM / 1000} km` : `${lengthM} m`;
  const [x, y] = [Math.round(16 * pixel), Math.round(height - 16 * pixel)];
  return markup`<g id="scale" class="scale" transform="translate(${x} ${y})">
    <path d="M0 0h${lengthM * UNITS_PER_M}" />
    <g class="fixed"><text x="2" y="-7">${text}</text></g>
  </g>`;
}

/** Which cameras' frames colour the track. */
function layerChoice({ cameras }: ReportData): Markup {
  if (cameras.length < 2) return markup``;
  const [all, ...each] = [
    choice("layer-all", "worst of all cameras", true),
    ...cameras.map((camera, i) => choice(`layer-${i}`, camera, false)),
  ];
  return markup`<fieldset class="layers"><legend>Track shows</legend>${all}${each}</fieldset>`;
}

function choice(id: string, name: string, isFirst: boolean): Markup {
  const checked = isFirst ? markup` checked` : null;
  return markup`<span><input type="radio" name="layer" id="${id}"${checked}><label for="${id}">${isolated(name)}</label></span>`;
}
function zonesNote({ zones, leftOut }: NearZones): string {
  const drawn = `${countText(zones.length)} ${zones.length === 1 ? "zone" : "zones"} drawn: those whose effect comes within about ${NEAR_M} m of the track`;
  return leftOut === 0
    ? `${drawn}.`
    : `${drawn}, without ${countText(leftOut)} more that there was no room for.`;
}
