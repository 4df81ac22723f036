/** Plane geometry of the tests' own, in metres: it shares no code with what it judges. */
export type Point = readonly [x: number, y: number];

/** Distance from a point to a polygon's closed area, 0 inside. */
export function distanceToPolygon([px, py]: Point, corners: readonly Point[]): number {
  let inside = false;
  let nearest = Infinity;
  for (const [i, [ax, ay]] of corners.entries()) {
    const [bx, by] = corners[(i + 1) % corners.length] ?? [ax, ay];
    if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) inside = !inside;
    const [dx, dy] = [bx - ax, by - ay];
    const t = Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy)));
    nearest = Math.min(nearest, Math.hypot(ax + t * dx - px, ay + t * dy - py));
  }
  return inside ? 0 : nearest;
}

/** How far a ray goes from a point before it meets a polygon's edge; Infinity when it misses. */
export function alongRay([px, py]: Point, bearingRad: number, corners: readonly Point[]): number {
  const [rx, ry] = [Math.sin(bearingRad), Math.cos(bearingRad)];
  let nearest = Infinity;
  for (const [i, [ax, ay]] of corners.entries()) {
    const [bx, by] = corners[(i + 1) % corners.length] ?? [ax, ay];
    const [ex, ey] = [bx - ax, by - ay];
    const cross = rx * ey - ry * ex;
    const alongM = ((ax - px) * ey - (ay - py) * ex) / cross;
    const edge = ((ax - px) * ry - (ay - py) * rx) / cross;
    if (edge >= 0 && edge <= 1 && alongM >= 0) nearest = Math.min(nearest, alongM);
  }
  return nearest;
}
