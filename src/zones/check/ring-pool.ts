/**
 * Rings are cut from long arrays: most have a dozen vertices, for which an array of their own costs more than they do. A ring
 * therefore keeps its neighbours alive, and must be copied before it is sent to another thread.
 */
export interface RingPool {
  /** Makes room for so many more numbers of the ring that is being written. */
  readonly reserve: (numbers: number) => void;
  readonly push: (lonDeg: number, latDeg: number) => void;
  /** Ends the ring. */
  readonly take: () => Float64Array;
}

/** 256 kB */
const POOL_NUMBERS = 32 * 1024;

export function createRingPool(): RingPool {
  let pool = new Float64Array(POOL_NUMBERS);
  let start = 0;
  let end = 0;
  const reserve = (numbers: number) => {
    if (end + numbers <= pool.length) return;
    const begun = pool.subarray(start, end);
    pool = new Float64Array(Math.max(POOL_NUMBERS, 2 * (begun.length + numbers)));
    pool.set(begun);
    [start, end] = [0, begun.length];
  };
  return {
    reserve,
    push(lonDeg, latDeg) {
      if (end + 2 > pool.length) reserve(2);
      pool[end] = lonDeg;
      pool[end + 1] = latDeg;
      end += 2;
    },
    take() {
      const ring = pool.subarray(start, end);
      start = end;
      return ring;
    },
  };
}
