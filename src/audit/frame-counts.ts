import type { Outcome } from "../gate/record.ts";
import type { Action } from "../gate/verdict.ts";
import { REASONS } from "../gate/verdict.ts";
import type { CheckpointLine, FrameRow } from "./ledger-line.ts";

type RowReason = FrameRow["reason"];
type Sums = CheckpointLine["frames"];
type Cell = { -readonly [K in keyof Sums]: Sums[K] };

/** Frames by camera and reason. */
export interface FrameCounts {
  add(outcome: Outcome): void;
  /** Frames that came in and never got a verdict. */
  lose(camera: string, frames: number): void;
  /** Adds all of these to `target` and starts again from nothing. */
  moveTo(target: FrameCounts): void;
  /** What `moveTo` uses. */
  addCell(camera: string, reason: RowReason, cell: Readonly<Cell>): void;
  /** Frames of which something was released. */
  released(): number;
  addReleased(frames: number): void;
  /** By camera, then by reason; the same for the same counts. */
  rows(): FrameRow[];
}

const COUNT_OF = { pass: "passed", blur: "blurred", drop: "dropped" } as const satisfies Record<
  Action,
  keyof Sums
>;

export function createFrameCounts(): FrameCounts {
  const cameras = new Map<string, Map<RowReason, Cell>>();
  let released = 0;

  function cellOf(camera: string, reason: RowReason): Cell {
    let cells = cameras.get(camera);
    if (cells === undefined) cameras.set(camera, (cells = new Map()));
    let cell = cells.get(reason);
    if (cell === undefined) cells.set(reason, (cell = { ...NO_FRAMES }));
    return cell;
  }

  const counts: FrameCounts = {
    add({ record, released: what }) {
      const cell = cellOf(record.camera, record.reason);
      cell.in++;
      cell[COUNT_OF[record.action]]++;
      if (what !== null) released++;
    },
    lose(camera, frames) {
      const cell = cellOf(camera, "unjudged");
      cell.in += frames;
      cell.lost += frames;
    },
    addCell(camera, reason, cell) {
      const own = cellOf(camera, reason);
      for (const name of SUM_NAMES) own[name] += cell[name];
    },
    moveTo(target) {
      for (const [camera, cells] of cameras) {
        for (const [reason, cell] of cells) target.addCell(camera, reason, cell);
      }
      target.addReleased(released);
      cameras.clear();
      released = 0;
    },
    released: () => released,
    addReleased(frames) {
      released += frames;
    },
    rows: () =>
      [...cameras.keys()].toSorted().flatMap((camera) =>
        ROW_REASONS.flatMap((reason) => {
          const cell = cameras.get(camera)?.get(reason);
          return cell === undefined ? [] : [{ camera, reason, ...cell }];
        }),
      ),
  };
  return counts;
}

/** The sums over rows. */
export function sumsOf(rows: readonly Sums[]): Sums {
  const sums: Cell = { ...NO_FRAMES };
  for (const row of rows) for (const name of SUM_NAMES) sums[name] += row[name];
  return sums;
}

const NO_FRAMES = { in: 0, passed: 0, blurred: 0, dropped: 0, lost: 0 } as const satisfies Sums;
const SUM_NAMES = Object.keys(NO_FRAMES) as (keyof Sums)[];
const ROW_REASONS: readonly RowReason[] = [...REASONS, "unjudged"];
