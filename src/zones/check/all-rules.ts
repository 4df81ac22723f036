import { AREA_RULES } from "./area-rules.ts";
import type { Rule } from "./rule.ts";
import { circleAtPole } from "./rules/circle-at-pole.ts";
import { circle } from "./rules/circle.ts";
import { conflictingId } from "./rules/conflicting-id.ts";
import { datumOutsideChina } from "./rules/datum-outside-china.ts";
import { duplicateId } from "./rules/duplicate-id.ts";
import { duplicateKey } from "./rules/duplicate-key.ts";
import { empty } from "./rules/empty.ts";
import { encoding } from "./rules/encoding.ts";
import { expired } from "./rules/expired.ts";
import { geometryType } from "./rules/geometry-type.ts";
import { holeCrosses } from "./rules/hole-crosses.ts";
import { holeInHole } from "./rules/hole-in-hole.ts";
import { holeOutside } from "./rules/hole-outside.ts";
import { holeSharesEdge } from "./rules/hole-shares-edge.ts";
import { interiorSplit } from "./rules/interior-split.ts";
import { issuedInFuture } from "./rules/issued-in-future.ts";
import { noZone } from "./rules/no-zone.ts";
import { position } from "./rules/position.ts";
import { ringCollapsed } from "./rules/ring-collapsed.ts";
import { ringCrossesItself } from "./rules/ring-crosses-itself.ts";
import { ringOpen } from "./rules/ring-open.ts";
import { ringRoundPole } from "./rules/ring-round-pole.ts";
import { ringShort } from "./rules/ring-short.ts";
import { ringSpike } from "./rules/ring-spike.ts";
import { ringTouchesItself } from "./rules/ring-touches-itself.ts";
import { structure } from "./rules/structure.ts";
import { syntax } from "./rules/syntax.ts";
import { tooTangled } from "./rules/too-tangled.ts";
import { unknownProperty } from "./rules/unknown-property.ts";
import { validity } from "./rules/validity.ts";
import { value } from "./rules/value.ts";
import { version } from "./rules/version.ts";
import { zoneOver } from "./rules/zone-over.ts";

/** Every rule about zone files, in the order in which a file meets them. What is asked of the whole set comes last. */
export const RULES: readonly Rule[] = [
  // the text
  encoding,
  syntax,
  duplicateKey,
  // the file and its members
  structure,
  unknownProperty,
  value,
  version,
  validity,
  expired,
  issuedInFuture,
  empty,
  duplicateId,
  // a feature
  zoneOver,
  geometryType,
  circle,
  circleAtPole,
  datumOutsideChina,
  // a ring
  position,
  ringShort,
  ringOpen,
  ringRoundPole,
  ringCollapsed,
  // the rings of a polygon
  ringSpike,
  ringCrossesItself,
  ringTouchesItself,
  holeSharesEdge,
  holeCrosses,
  interiorSplit,
  holeOutside,
  holeInHole,
  tooTangled,
  // the set
  noZone,
  conflictingId,
  ...AREA_RULES,
];
