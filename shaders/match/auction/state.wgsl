// State of the auction and of certificates in whole numbers. The heaviest weight comes to 2^21 to
// 2^22 units, so prices are exact in f32, every bid raises a price, and every device computes the
// same. The CPU reference is AuctionState (src/match/auction/auction-state.ts).
//
// Inputs, group 0: 0 auction, 1 rows, 2 lists. In and out: 3 objects, 4 status.

// #include "base/constants.wgsl"
// #include "score/rows.wgsl"

const BITS: u32 = 22u;

struct Auction {
  n: u32,
  // Epsilon as a share of the mean weight of a pair, times 2^16.
  share: u32,
  // Mean weight of a pair in units, shifted right by ten bits. 0: use the mean over the rows of
  // their heaviest weight.
  pair: u32,
  // `solo`: maximum number of rounds. `refresh`: number of rows.
  max_count: u32,
  // `solo` stops after about this many row visits.
  work: u32,
  // Slot of `bids` that counts the bidders of this round.
  round: u32,
  // 1: first round of a batch, so there is no count of a previous round.
  opening: u32,
  // 1: bid on stale lists, too.
  loose: u32,
  // 1: some lists are sorted by net value.
  renewed: u32,
  // Steps of the damped iteration of certificates.
  steps: u32,
}

struct Object {
  price: i32,
  owner: u32,
  offer: atomic<i32>,
  claim: atomic<u32>,
}

struct Status {
  // Heaviest weight, as the bits of a non-negative f32.
  top: atomic<u32>,
  // Lowest price.
  low: atomic<i32>,
  // Rounds that `solo` played, and bidders that still have no object.
  rounds: u32,
  waiting: u32,
  // Sum of the rows' heaviest weights in units, each shifted right by ten bits: a million rows fit.
  sum: atomic<u32>,
}

@group(0) @binding(0) var<uniform> auction: Auction;
@group(0) @binding(1) var<storage, read> rows: array<Row>;
@group(0) @binding(2) var<storage, read> lists: array<vec2u>;
@group(0) @binding(3) var<storage, read_write> objects: array<Object>;
@group(0) @binding(4) var<storage, read_write> status: Status;

override SIZE: u32 = 64u;
override WIDE: u32 = 256u;

// Units per unit of weight: a power of two.
fn units_of(top_bits: u32) -> f32 {
  if (top_bits == 0u) {
    return 1.0;
  }
  // Subnormal numbers end at the clamp anyway.
  let exponent = i32(top_bits >> 23u) - 127;
  return bitcast<f32>(u32(127 + clamp(i32(BITS) - 1 - exponent, -100, 120)) << 23u);
}

fn units() -> f32 {
  return units_of(atomicLoad(&status.top));
}

// A weight in units, rounded up. Weights far below 0 are clamped; no bidder chooses them.
fn whole(bits: u32, unit: f32) -> i32 {
  return i32(max(-4194304.0, ceil(bitcast<f32>(bits) * unit)));
}

// Whether eligible partners may exist beyond the list.
fn goes_on(row: Row) -> bool {
  return (row.flags & FULL) != 0u && row.length + 1u < auction.n;
}

// Half, rounded up.
fn half_up(v: i32) -> i32 {
  return (v + 1) >> 1u;
}
