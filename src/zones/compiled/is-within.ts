import { intAt } from "../../core/at.ts";

/** Whether the box at `boxes[inner]` lies within that at `boxes[outer]`. */
export function isWithin(boxes: Int32Array, inner: number, outer: number): boolean {
  return (
    intAt(boxes, inner) >= intAt(boxes, outer) &&
    intAt(boxes, inner + 1) >= intAt(boxes, outer + 1) &&
    intAt(boxes, inner + 2) <= intAt(boxes, outer + 2) &&
    intAt(boxes, inner + 3) <= intAt(boxes, outer + 3)
  );
}
