import { checkConnections } from "./check-connections.ts";
import { checkHoles } from "./check-holes.ts";
import { eachPair, edgeIndex, type EdgeIndex } from "./edge-index.ts";
import { edgesOf, isCorner, isNeighbour, meetingOf, ringOf, touchPoint, type Edges } from "./edges.ts";
import type { Rule } from "./mistake.ts";
import type { Ring } from "../zone.ts";

/** Something that makes a polygon ambiguous: what, and where. */
export interface Flaw {
  readonly rule: Rule;
  readonly ring: number;
  /** Vertex of the ring at the flaw, or that the edge with the flaw begins at. */
  readonly vertex: number;
}

/** A point that edges of two different rings share. */
export interface Touch {
  readonly p: number;
  readonly q: number;
  readonly x: number;
  readonly y: number;
}

/** So many flaws of one polygon are named; one is enough to refuse it. */
const MAX_FLAWS = 10;

/** The box of a real outline's edge meets a few others. One that exceeds this is refused, not looked at for minutes. */
const MAX_PAIRS = 10_000_000;
const MAX_PAIRS_PER_EDGE = 8;

/**
 * Whether a polygon has one meaning, by the rules of OGC Simple Features (those of JTS `isValid`): rings that neither
 * cross nor touch themselves, holes inside the shell and outside each other that touch at single points at most, and
 * an interior in one piece. The rings must be closed and without consecutive repetitions. Exact, whatever the rounding.
 */
export function checkPolygon(rings: readonly Ring[]): readonly Flaw[] {
  if (rings.some(isCollapsed))
    return rings.flatMap((ring, index) => (isCollapsed(ring) ? [collapsed(index)] : []));
  const edges = edgesOf(rings);
  const index = edgeIndex(edges);
  const { flaws, touches } = checkMeetings(edges, index);
  if (flaws.length > 0 || rings.length === 1) return flaws;
  const split = checkConnections(edges, touches);
  return split.length > 0 ? split : checkHoles(edges, index, touches);
}

const isCollapsed = (ring: Ring) => ring.length < 2 * 4;

const collapsed = (ring: number): Flaw => ({ rule: "ring-collapsed", ring, vertex: 0 });

function checkMeetings(
  edges: Edges,
  index: EdgeIndex,
): { readonly flaws: Flaw[]; readonly touches: Touch[] } {
  const flaws: Flaw[] = [];
  const touches: Touch[] = [];
  let pairs = 0;
  const maxPairs = MAX_PAIRS + MAX_PAIRS_PER_EDGE * (edges.points.length / 2);
  const finished = eachPair(index, (p, q) => {
    pairs += 1;
    if (q === p + 1 && isCorner(edges.points, q)) return true;
    const meeting = meetingOf(edges.points, p, q);
    if (meeting !== "apart") {
      const ring = ringOf(edges, p);
      const rule = ring === ringOf(edges, q) ? ruleInRing(edges, ring, p, q, meeting) : ruleBetween(meeting);
      if (rule !== null) addFlaw(flaws, flawAt(rule, edges, q));
      else if (ring !== ringOf(edges, q)) touches.push({ p, q, ...touchPoint(edges.points, p, q) });
    }
    return flaws.length < MAX_FLAWS && pairs < maxPairs;
  });
  if (!finished && flaws.length === 0) flaws.push(flawAt("too-tangled", edges, 0));
  return { flaws, touches };
}

type Meeting = ReturnType<typeof meetingOf>;

function ruleInRing(edges: Edges, ring: number, p: number, q: number, meeting: Meeting): Rule | null {
  if (meeting === "overlap") return "ring-spike";
  if (meeting === "cross") return "ring-crosses-itself";
  return isNeighbour(edges, ring, p, q) ? null : "ring-touches-itself";
}

function ruleBetween(meeting: Meeting): Rule | null {
  if (meeting === "overlap") return "hole-shares-edge";
  return meeting === "cross" ? "hole-crosses" : null;
}

/** Two edges meet at the same vertex as often as there are edges around it; that is one flaw. */
function addFlaw(flaws: Flaw[], flaw: Flaw): void {
  const isKnown = ({ rule, ring, vertex }: Flaw) =>
    rule === flaw.rule && ring === flaw.ring && vertex === flaw.vertex;
  if (!flaws.some(isKnown)) flaws.push(flaw);
}

/** The flaw of a point, or of the edge that begins there. */
export function flawAt(rule: Rule, edges: Edges, point: number): Flaw {
  const ring = ringOf(edges, point);
  return { rule, ring, vertex: point - (edges.starts[ring] ?? 0) };
}
