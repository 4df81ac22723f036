// ../dc-sums.ts in AssemblyScript; the names, the order of the checks and the outcomes are the same.
const SHORT_BITS: u64 = 12;
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

let bytes: usize = 0;
let bit: u32 = 0;

/** `job` is 12 numbers, then 9 for each component; ../wasm.ts writes them in this order. */
export function dcSums(job: usize): u32 {
  bytes = load<u32>(job, 0);
  const ends: usize = load<u32>(job, 4);
  const intervals = load<u32>(job, 8);
  const interval = load<u32>(job, 12);
  const mcuColumns = load<u32>(job, 16);
  const mcus = mcuColumns * load<u32>(job, 20);
  const components = load<u32>(job, 44);
  let mcu: u32 = 0;
  bit = 0;
  for (let i: u32 = 0; i < intervals; i++) {
    const endBit = load<u32>(ends + i * 4) * 8;
    for (let c: usize = 0; c < components; c++) store<i32>(job + HEAD_BYTES + c * COMPONENT_BYTES, 0, 32);
    for (const last = min(mcus - mcu, interval) + mcu; mcu < last; mcu++) {
      const outcome = readMcu(job, mcu / mcuColumns, mcu % mcuColumns, components);
      if (outcome != READ) return outcome;
      if (bit > endBit) return ENDS_EARLY;
    }
    if (endBit - bit > MAX_SPARE_BITS) return GOES_ON;
    bit = endBit;
  }
  return READ;
}

function readMcu(job: usize, mcuRow: u32, mcuColumn: u32, components: u32): u32 {
  const gridColumns = load<u32>(job, 32);
  const cell = (mcuRow / load<u32>(job, 28)) * gridColumns + mcuColumn / load<u32>(job, 24);
  let sums: usize = <usize>load<u32>(job, 36) + <usize>cell * 8;
  const cells: usize = load<u32>(job, 40);
  for (let c: usize = 0; c < components; c++) {
    const outcome = readBlocks(job + HEAD_BYTES + c * COMPONENT_BYTES, mcuRow, mcuColumn, sums);
    if (outcome != READ) return outcome;
    sums += cells * 8;
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
  const blockColumns = load<u32>(component, 24);
  const blockRows = load<u32>(component, 28);
  let dc = load<i32>(component, 32);
  let sum: i32 = 0;
  for (let y: u32 = 0; y < v; y++) {
    for (let x: u32 = 0; x < h; x++) {
      let window = windowAt(bit);
      let entry: u32 = load<u16>(dcShort + ((<usize>(window >> (64 - SHORT_BITS))) << 1));
      if (entry == 0) entry = load<u16>(dcLong + ((<usize>(window >> 48)) << 1));
      if (entry == 0) return NO_CODE;
      const category = entry >> 8;
      if (category > MAX_DC_CATEGORY) return DC_OUT_OF_RANGE;
      let used = entry & 0xff;
      window <<= used;
      if (category != 0) {
        const value = <i32>(window >> (64 - category));
        window <<= category;
        used += category;
        dc += value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
        if (dc > MAX_DC || dc < -MAX_DC) return DC_OUT_OF_RANGE;
      }
      const outcome = skipAc(window, used, acSteps, acLong);
      if (outcome != READ) return outcome;
      if (mcuRow * v + y < blockRows && mcuColumn * h + x < blockColumns) sum += dc;
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
    const step = load<u32>(acSteps + ((<usize>(window >> (64 - SHORT_BITS))) << 2));
    const reached = next + ((step >> 8) & 0xff);
    if (step != 0 && reached <= TERMS && !(step >= ENDS_BLOCK && reached == TERMS)) {
      const bits = step & 0xff;
      used += bits;
      window <<= bits;
      next = step >= ENDS_BLOCK ? TERMS : reached;
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

function windowAt(at: u32): u64 {
  return bswap<u64>(load<u64>(bytes + (at >> 3))) << (at & 7);
}
