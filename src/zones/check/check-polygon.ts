import { ringsAround } from "./rings-around.ts";
import { eachPair, edgeIndex, type EdgeIndex } from "./edge-index.ts";
import { edgeMeeting } from "./edge-meeting.ts";
import { edgesOf, isCorner, meetingOf, ringOf, touchPoint, type Edges } from "./edges.ts";
import type { RingsRule } from "./rule.ts";
import { holeCrosses } from "./rules/hole-crosses.ts";
import { holeInHole } from "./rules/hole-in-hole.ts";
import { holeOutside } from "./rules/hole-outside.ts";
import { holeSharesEdge } from "./rules/hole-shares-edge.ts";
import { interiorSplit } from "./rules/interior-split.ts";
import { ringCollapsed } from "./rules/ring-collapsed.ts";
import { ringCrossesItself } from "./rules/ring-crosses-itself.ts";
import { ringSpike } from "./rules/ring-spike.ts";
import { ringTouchesItself } from "./rules/ring-touches-itself.ts";
import { tooTangled } from "./rules/too-tangled.ts";
import type { Touch } from "./touches.ts";
import type { Ring } from "../zone.ts";

/** Something that makes a polygon ambiguous: what, and where. */
export interface Flaw {
  readonly rule: RingsRule<never>;
  readonly ring: number;
  /** Vertex of the ring at the flaw, or that the edge with the flaw begins at. */
  readonly vertex: number;
}

/** So many flaws of one polygon are named; one is enough to refuse it. */
const MAX_FLAWS = 10;

/** What one pass over all pairs of edges asks where two meet. */
const MEETING_RULES = [ringSpike, ringCrossesItself, ringTouchesItself, holeSharesEdge, holeCrosses] as const;

/** What is asked of each hole. */
const HOLE_RULES = [holeOutside, holeInHole] as const;

/**
 * Whether a polygon has one meaning, by the rules of OGC Simple Features (those of JTS `isValid`): rings that neither
 * cross nor touch themselves, holes inside the shell and outside each other that touch at single points at most, and
 * an interior in one piece. The rings must be closed and without consecutive repetitions. Exact, whatever the rounding.
 */
export function checkPolygon(rings: readonly Ring[]): readonly Flaw[] {
  const collapsed = rings.flatMap((ring, index) =>
    ringCollapsed.isBroken(ring) ? [{ rule: ringCollapsed, ring: index, vertex: 0 }] : [],
  );
  if (collapsed.length > 0) return collapsed;
  const edges = edgesOf(rings);
  const index = edgeIndex(edges);
  const { flaws, touches } = checkMeetings(edges, index);
  if (flaws.length > 0 || rings.length === 1) return flaws;
  const flaw = checkTouches(edges, touches);
  return flaw ? [flaw] : checkHoles(edges, index, touches);
}

function checkMeetings(
  edges: Edges,
  index: EdgeIndex,
): { readonly flaws: readonly Flaw[]; readonly touches: readonly Touch[] } {
  const flaws: Flaw[] = [];
  const touches: Touch[] = [];
  let pairs = 0;
  const finished = eachPair(index, (p, q) => {
    pairs += 1;
    if (q === p + 1 && isCorner(edges.points, q)) return true;
    const kind = meetingOf(edges.points, p, q);
    if (kind !== "apart") {
      const meeting = edgeMeeting(edges, p, q, kind);
      const rule = MEETING_RULES.find((each) => each.isBroken(meeting));
      if (rule) addFlaw(flaws, flawAt(rule, edges, q));
      else if (!meeting.inOneRing) touches.push({ p, q, ...touchPoint(edges.points, p, q) });
    }
    return flaws.length < MAX_FLAWS && !tooTangled.isBroken(pairs, edges.points.length / 2);
  });
  if (!finished && flaws.length === 0) flaws.push(flawAt(tooTangled, edges, 0));
  return { flaws, touches };
}

/** Two edges meet at the same vertex as often as there are edges around it; that is one flaw. */
function addFlaw(flaws: Flaw[], flaw: Flaw): void {
  const isKnown = ({ rule, ring, vertex }: Flaw) =>
    rule === flaw.rule && ring === flaw.ring && vertex === flaw.vertex;
  if (!flaws.some(isKnown)) flaws.push(flaw);
}

/** Expects that no two edges cross or overlap. */
function checkTouches(edges: Edges, touches: readonly Touch[]): Flaw | null {
  const crossing = touches.find((touch) => holeCrosses.isBrokenAt(edges, touch));
  if (crossing) return flawAt(holeCrosses, edges, Math.max(crossing.p, crossing.q));
  const split = interiorSplit.where(edges, touches);
  return split ? flawAt(interiorSplit, edges, Math.max(split.p, split.q)) : null;
}

/** Expects that rings meet in single points at most, any two in no more than one. */
function checkHoles(edges: Edges, index: EdgeIndex, touches: readonly Touch[]): readonly Flaw[] {
  return ringsAround(edges, index, touches).flatMap(({ hole, around }) => {
    const rule = HOLE_RULES.find((each) => each.isBroken(around));
    return rule ? [{ rule, ring: hole, vertex: 0 }] : [];
  });
}

/** The flaw of a point, or of the edge that begins there. */
function flawAt(rule: RingsRule<never>, edges: Edges, point: number): Flaw {
  const ring = ringOf(edges, point);
  return { rule, ring, vertex: point - (edges.starts[ring] ?? 0) };
}
