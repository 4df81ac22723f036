import { writeTemp } from "./cli.ts";

type Properties = Readonly<Record<string, unknown>>;

export function box(
  west: number,
  south: number,
  east: number,
  north: number,
): readonly (readonly number[])[][] {
  return [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ];
}

export function feature(properties: Properties, coordinates: unknown, type = "Polygon"): unknown {
  return { type: "Feature", properties, geometry: { type, coordinates } };
}

/** A zone file of these features, valid from 2026 to 2036 unless told otherwise. */
export function zoneText(features: readonly unknown[], header: Properties = {}): string {
  const camfence = {
    version: 1,
    datum: "wgs84",
    issued: "2026-01-01T00:00:00Z",
    expires: "2036-01-01T00:00:00Z",
    issuer: "test",
    ...header,
  };
  return JSON.stringify({ type: "FeatureCollection", camfence, features }, null, 1);
}

export function zoneFile(features: readonly unknown[], header: Properties = {}): string {
  return writeTemp("zones.geojson", zoneText(features, header));
}
