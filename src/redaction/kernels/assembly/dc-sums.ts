// ../dc-sums.ts in AssemblyScript: the order of the checks and the outcomes are the same.
const SHORT_BITS: u64 = 12;
const STEP_BITS: u64 = 12;
const TERMS: u32 = 64;
const ENDS_BLOCK: u32 = 1 << 16;
const ZERO_RUN: u32 = 0xf0;
const MAX_DC_CATEGORY: u32 = 11;
const MAX_DC: i32 = 0x7fff;
const MAX_SPARE_BITS: u32 = 64;
// After a load at any bit at least 57 bits are there; a look at the next 16 needs that many left.
const REFILL_AT_BITS: u32 = 57 - 16;

// Indexes into DC_OUTCOMES of ../kernels.ts.
const READ: u32 = 0;
const NO_CODE: u32 = 1;
const DC_OUT_OF_RANGE: u32 = 2;
const OVER_64_TERMS: u32 = 3;
const RUN_WITHOUT_VALUE: u32 = 4;
const ENDS_EARLY: u32 = 5;
const GOES_ON: u32 = 6;

const HEAD_BYTES: usize = 12 * 4;
const COMPONENT_BYTES: usize = 9 * 4;

// Where eight bytes are loaded for bit 0.
let origin: usize = 0;
let bit: u32 = 0;

/** `job` is 12 numbers, then 9 for each component; ../wasm.ts writes them in this order. */
export function dcSums(job: usize): u32 {
  origin = load<u32>(job, 0);
  const ends: usize = load<u32>(job, 4);
  const intervals = load<u32>(job, 8);
  const interval = load<u32>(job, 12);
  const mcuColumns = load<u32>(job, 16);
  const mcus = mcuColumns * load<u32>(job, 20);
  const components: usize = load<u32>(job, 44);
  let mcu: u32 = 0;
  let mcuRow: u32 = 0;
  let mcuColumn: u32 = 0;
  const mcusAcross = load<u32>(job, 24);
  let cell = rowOfCells(job, 0);
  let left = mcusAcross;
  bit = 0;
  for (let i: u32 = 0; i < intervals; i++) {
    const endBit = load<u32>(ends + i * 4) * 8;
    for (let c: usize = 0; c < components; c++) store<i32>(job + HEAD_BYTES + c * COMPONENT_BYTES, 0, 32);
    for (const last = min(mcus - mcu, interval) + mcu; mcu < last; mcu++) {
      const outcome = readMcu(job, components, mcuRow, mcuColumn, cell);
      if (outcome != READ) return outcome;
      if (bit > endBit) return ENDS_EARLY;
      // Counted, not divided: a division takes as long as half a block.
      if (--left == 0) {
        cell += 8;
        left = mcusAcross;
      }
      if (++mcuColumn == mcuColumns) {
        mcuColumn = 0;
        cell = rowOfCells(job, ++mcuRow);
        left = mcusAcross;
      }
    }
    if (endBit - bit > MAX_SPARE_BITS) return GOES_ON;
    bit = endBit;
  }
  return READ;
}

/** Where the sum of the first cell of the MCU row is. */
function rowOfCells(job: usize, mcuRow: u32): usize {
  return <usize>load<u32>(job, 36) + (mcuRow / load<u32>(job, 28)) * load<u32>(job, 32) * 8;
}

function readMcu(job: usize, components: usize, mcuRow: u32, mcuColumn: u32, cell: usize): u32 {
  const cellsBytes: usize = load<u32>(job, 40) * 8;
  const end = job + HEAD_BYTES + components * COMPONENT_BYTES;
  for (let component = job + HEAD_BYTES; component < end; component += COMPONENT_BYTES) {
    const outcome = readBlocks(component, mcuRow, mcuColumn, cell);
    if (outcome != READ) return outcome;
    cell += cellsBytes;
  }
  return READ;
}

/** All blocks of one component in one MCU; adds the DC terms of those that hold any of the picture. */
function readBlocks(component: usize, mcuRow: u32, mcuColumn: u32, sums: usize): u32 {
  const dcShort: usize = load<u32>(component, 0);
  const dcLong: usize = load<u32>(component, 4);
  const acSteps: usize = load<u32>(component, 8);
  const acLong: usize = load<u32>(component, 12);
  const h = load<u32>(component, 16);
  const v = load<u32>(component, 20);
  const insideColumns = load<u32>(component, 24) - mcuColumn * h;
  const insideRows = load<u32>(component, 28) - mcuRow * v;
  let dc = load<i32>(component, 32);
  let sum: i32 = 0;
  for (let y: u32 = 0; y < v; y++) {
    for (let x: u32 = 0; x < h; x++) {
      const window = windowAt(bit);
      let entry: u32 = load<u16>(dcShort + ((<usize>(window >> (64 - SHORT_BITS))) << 1));
      if (entry == 0) entry = load<u16>(dcLong + ((<usize>(window >> 48)) << 1));
      if (entry == 0) return NO_CODE;
      const category = entry >> 8;
      if (category > MAX_DC_CATEGORY) return DC_OUT_OF_RANGE;
      const length = entry & 0xff;
      // Without a branch, since it would be guessed wrong in every other block; category 0 gives 0.
      const value = <i32>(((window << length) >> 1) >> (63 - category));
      const half = (1 << category) >> 1;
      dc += select(value - (1 << category) + 1, value, value < half);
      if (dc > MAX_DC || dc < -MAX_DC) return DC_OUT_OF_RANGE;
      // The AC terms do not wait for the value.
      const used = length + category;
      const outcome = skipAc(window << used, used, acSteps, acLong);
      if (outcome != READ) return outcome;
      sum += select(dc, 0, y < insideRows && x < insideColumns);
    }
  }
  store<i32>(component, dc, 32);
  store<f64>(sums, load<f64>(sums) + <f64>sum);
  return READ;
}

/** Moves past the AC terms of one block; `used` bits of the window that was loaded at `bit` are behind. */
function skipAc(window: u64, used: u32, acSteps: usize, acLong: usize): u32 {
  let next: u32 = 1;
  while (next < TERMS) {
    if (used > REFILL_AT_BITS) {
      bit += used;
      used = 0;
      window = windowAt(bit);
    }
    const step = load<u32>(acSteps + ((<usize>(window >> (64 - STEP_BITS))) << 2));
    const reached = next + ((step >> 8) & 0xff);
    if (step >= ENDS_BLOCK && reached < TERMS) {
      used += step & 0xff;
      break;
    }
    if (step != 0 && step < ENDS_BLOCK && reached <= TERMS) {
      const bits = step & 0xff;
      used += bits;
      window <<= bits;
      next = reached;
      continue;
    }
    const entry: u32 = load<u16>(acLong + ((<usize>(window >> 48)) << 1));
    if (entry == 0) return NO_CODE;
    const symbol = entry >> 8;
    const size = symbol & 15;
    // The value's bits may lie beyond the window: load anew.
    bit += used + (entry & 0xff) + size;
    used = 0;
    window = windowAt(bit);
    if (symbol == 0) break;
    if (size == 0 && symbol != ZERO_RUN) return RUN_WITHOUT_VALUE;
    next += (symbol >> 4) + 1;
    if (next > TERMS) return OVER_64_TERMS;
  }
  bit += used;
  return READ;
}

/** 57 bits or more from the left. The bytes lie in reverse, so that a load needs no swapping. */
function windowAt(at: u32): u64 {
  return load<u64>(origin - (at >> 3)) << (at & 7);
}
