import {
  TerraDrawCircleMode,
  TerraDrawPointMode,
  TerraDrawPolygonMode,
  TerraDrawSelectMode,
} from "terra-draw";
import { paletteNow } from "./palette.ts";

/** What hands can do, in the page's colours. */
export function drawModes() {
  const { accent } = paletteNow();
  const colour = accent as `#${string}`;
  const drawn = { fillColor: colour, fillOpacity: 0.15, outlineColor: colour, outlineWidth: 2 };
  const coordinates = { midpoints: true, draggable: true, deletable: true };
  return [
    new TerraDrawPolygonMode({ styles: drawn }),
    new TerraDrawCircleMode({ styles: drawn, segments: 96 }),
    new TerraDrawPointMode({ styles: { pointColor: colour, pointWidth: 7 } }),
    new TerraDrawSelectMode({
      // Delete would take a whole ring out.
      keyEvents: null,
      flags: {
        polygon: { feature: { draggable: true, coordinates } },
        point: { feature: { draggable: true } },
      },
      styles: {
        selectedPolygonColor: colour,
        selectedPolygonFillOpacity: 0.15,
        selectedPolygonOutlineColor: colour,
        selectedPolygonOutlineWidth: 2,
        selectionPointColor: colour,
        midPointColor: colour,
        midPointOpacity: 0.5,
        selectedPointColor: colour,
        selectedPointWidth: 7,
      },
    }),
  ];
}
