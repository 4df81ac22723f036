import { place } from "../place.ts";

export interface SquareSpec {
  readonly id: string;
  readonly eastM: number;
  readonly northM: number;
  readonly widthM: number;
  readonly heightM: number;
  readonly action?: "drop" | "blur";
  readonly standoffM?: number;
  readonly viewM?: number;
}

/** A zone file with rectangles, in metres from the tests' origin. */
export function zoneFile(squares: readonly SquareSpec[], header: Readonly<Record<string, unknown>> = {}) {
  return {
    type: "FeatureCollection",
    camfence: {
      version: 1,
      datum: "wgs84",
      issued: "2026-01-01T00:00:00Z",
      expires: "2099-01-01T00:00:00Z",
      issuer: "tests",
      ...header,
    },
    features: squares.map(({ id, eastM, northM, widthM, heightM, ...rules }) => ({
      type: "Feature",
      properties: { id, category: "other", action: "drop", standoffM: 0, viewM: 0, ...rules },
      geometry: { type: "Polygon", coordinates: [ring(eastM, northM, widthM, heightM)] },
    })),
  };
}

function ring(
  eastM: number,
  northM: number,
  widthM: number,
  heightM: number,
): readonly (readonly number[])[] {
  const corners = [
    [0, 0],
    [widthM, 0],
    [widthM, heightM],
    [0, heightM],
    [0, 0],
  ];
  return corners.map(([x = 0, y = 0]) => {
    const { lonDeg, latDeg } = place(eastM + x, northM + y);
    return [lonDeg, latDeg];
  });
}
