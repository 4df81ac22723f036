import type { Ring } from "../zone.ts";

/** Over the antimeridian, a hole may be written one turn away from its shell. */
export function besideShell(rings: readonly Ring[]): readonly Ring[] {
  const [shell, ...holes] = rings;
  if (!shell || holes.length === 0) return rings;
  const centre = middleOf(shell);
  return [shell, ...holes.map((hole) => turned(hole, 360 * Math.round((centre - middleOf(hole)) / 360)))];
}

function middleOf(ring: Ring): number {
  let [west, east] = [Infinity, -Infinity];
  for (let at = 0; at < ring.length; at += 2) {
    west = Math.min(west, ring[at] ?? 0);
    east = Math.max(east, ring[at] ?? 0);
  }
  return (west + east) / 2;
}

const turned = (ring: Ring, byDeg: number) =>
  byDeg === 0 ? ring : ring.map((value, index) => (index % 2 === 0 ? value + byDeg : value));
