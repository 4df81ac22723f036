import type { AreaOnMap, DriveOnMap } from "../map-state.ts";

/** West, south, east, north. */
export type Box = readonly [number, number, number, number];

/** Around all zones and ways. */
export function boxOfAll(areas: readonly AreaOnMap[], drives: readonly DriveOnMap[]): Box | null {
  const zones = areas.filter(({ kind }) => kind === "zone").map(({ box }) => box);
  const ways = drives.flatMap(({ pieces }) => pieces.flatMap(({ line }) => line.map(boxOf)));
  return boxAround([...zones, ...ways]);
}

export function boxOf([lon, lat]: readonly [number, number]): Box {
  return [lon, lat, lon, lat];
}

/** null around nothing. */
export function boxAround(boxes: readonly Box[]): Box | null {
  const [first, ...others] = boxes;
  if (first === undefined) return null;
  return others.reduce(
    (all, box) => [
      Math.min(all[0], box[0]),
      Math.min(all[1], box[1]),
      Math.max(all[2], box[2]),
      Math.max(all[3], box[3]),
    ],
    first,
  );
}
