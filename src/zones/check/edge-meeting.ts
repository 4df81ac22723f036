import { isNeighbour, ringOf, type Edges, type Meeting } from "./edges.ts";

/** How two edges of a polygon meet, and whose they are. */
export interface EdgeMeeting {
  readonly kind: Meeting;
  readonly inOneRing: boolean;
  /** Edges of one ring that follow one another, and so meet at the vertex between them. */
  readonly areNeighbours: boolean;
}

export function edgeMeeting(edges: Edges, p: number, q: number, kind: Meeting): EdgeMeeting {
  const ring = ringOf(edges, p);
  const inOneRing = ring === ringOf(edges, q);
  return { kind, inOneRing, areNeighbours: inOneRing && isNeighbour(edges, ring, p, q) };
}
