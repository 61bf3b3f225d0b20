// Whole numbers for prices and certificates: the heaviest weight comes to 2^21 to 2^22 units, so prices are exact in f32, every bid raises
// a price, and the same comes out on every device. Needs rows.wgsl.

const NONE: u32 = 0xffffffffu;
const BITS: u32 = 22u;

struct Market {
  n: u32,
  // Epsilon as a share of the mean pair, times 2^16.
  share: u32,
  // Mean weight of a pair in units, shifted right by ten bits; 0: the mean over the rows of their heaviest weight instead.
  pair: u32,
  // Rounds still allowed (or rows that were filled anew), and rows that one workgroup may go over in one dispatch.
  most: u32,
  work: u32,
  // Slot of `bids` of this round; 1 where the round cannot look back.
  round: u32,
  opening: u32,
  // 1: lists are used to the end, old or not.
  loose: u32,
  // 1: there are lists by net value.
  renewed: u32,
  // Steps of the damped iteration.
  steps: u32,
}

struct Object {
  price: i32,
  owner: u32,
  offer: atomic<i32>,
  claim: atomic<u32>,
}

struct Status {
  // Heaviest weight (bits of an f32 that is not negative), lowest price.
  top: atomic<u32>,
  low: atomic<i32>,
  // Of the solo rounds: rounds made, and bidders still without an object.
  rounds: u32,
  waiting: u32,
  // Of the rows' heaviest weights in units, shifted right by ten bits: so it fits for a million people.
  sum: atomic<u32>,
}

@group(0) @binding(0) var<uniform> market: Market;
@group(0) @binding(1) var<storage, read> rows: array<Row>;
@group(0) @binding(2) var<storage, read> lists: array<vec2u>;
@group(0) @binding(3) var<storage, read_write> objects: array<Object>;
@group(0) @binding(4) var<storage, read_write> status: Status;

override SIZE: u32 = 64u;
override WIDE: u32 = 64u;

// Units per unit of weight: a power of two.
fn units_of(top_bits: u32) -> f32 {
  if (top_bits == 0u) {
    return 1.0;
  }
  // Below the normal range the exponent is at the clamp anyway.
  let exponent = i32(top_bits >> 23u) - 127;
  return bitcast<f32>(u32(127 + clamp(i32(BITS) - 1 - exponent, -100, 120)) << 23u);
}

fn units() -> f32 {
  return units_of(atomicLoad(&status.top));
}

// A weight in units, rounded up; what is far below 0 is nobody's choice.
fn whole(bits: u32, unit: f32) -> i32 {
  return i32(max(-4194304.0, ceil(bitcast<f32>(bits) * unit)));
}

// More may exist beyond the list.
fn goes_on(row: Row) -> bool {
  return (row.flags & FULL) != 0u && row.length + 1u < market.n;
}

// Half, rounded up.
fn half_up(v: i32) -> i32 {
  return (v + 1) >> 1u;
}
