import type { MapFrame } from "./map-frame.ts";
import { UNITS_PER_M } from "./map-frame.ts";
import type { Markup } from "./markup.ts";
import { isolated, markup } from "./markup.ts";

export interface MapFigure {
  readonly frame: MapFrame;
  /** For those who cannot see it. */
  readonly label: string;
  /** On the button that shows all of it. */
  readonly whole: string;
  /** Above the map: which layers it shows. */
  readonly choice: Markup;
  readonly drawing: Markup;
  readonly legend: Markup;
  readonly note: string;
}

/** A map with its controls, legend and note. The script of `map-script.ts` moves it. */
export function mapFigure({ frame, label, whole, choice, drawing, legend, note }: MapFigure): Markup {
  return markup`<figure class="map-figure">
    ${choice}
    <div class="map-box">
      <svg
        id="map"
        class="map"
        viewBox="0 0 ${frame.width} ${frame.height}"
        tabindex="0"
        role="img"
        aria-label="${label}"
      >
        ${drawing} ${scaleBar(frame)}
      </svg>
      <div class="zoom" role="group" aria-label="Zoom">
        <button type="button" data-zoom="0.625" aria-label="Zoom in">+</button
        ><button type="button" data-zoom="1.6" aria-label="Zoom out">−</button
        ><button type="button" data-zoom="0">${whole}</button>
      </div>
      <svg class="north" viewBox="-10 -22 20 34" role="img" aria-label="North is up">
        <path d="M0-20 6 0 0-4-6 0z" />
        <text y="11">N</text>
      </svg>
    </div>
    <figcaption>
      ${legend}
      <p class="note">
        ${note} Drag to move, Ctrl and wheel, pinch or the buttons to zoom; rest on anything
        for its details.
      </p>
    </figcaption>
  </figure>`;
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

/** One of the layers to choose from; the style sheet shows the layer of the radio that is checked. */
export function layerRadio(id: string, name: string, isFirst: boolean): Markup {
  const checked = isFirst ? markup` checked` : null;
  return markup`<span><input type="radio" name="layer" id="${id}"${checked}><label for="${id}">${isolated(name)}</label></span>`;
}
