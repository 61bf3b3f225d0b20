// What greedy.wgsl reports after its rounds; refill.wgsl and finish.wgsl go on from it.

// `best` of a row whose list has no free entry left, but which may have partners beyond it.
const DRY: u32 = 0xfffffffeu;

// Batches whose refills are kept.
const MAX_EXTENTS: u32 = 128u;

struct Tally {
  // Rounds that made a pair.
  rounds: u32,
  // Rows still in play if the rounds were cut short, else 0. Then `left`, `dry` and `lost` mean
  // nothing.
  playing: u32,
  // Rows that may still find a partner, but not from their lists: dry rows and rows that wait for
  // one.
  left: u32,
  dry: u32,
  // Dry rows whose queue overflowed. The host must score them again.
  lost: u32,
  // 1: no row is left.
  done: u32,
  // Times that lists were refilled, and the entries read for it as a share of the square.
  refills: u32,
  scans: f32,
  // Row visits of all tails.
  visits: u32,
  // Batches played, each from the start, after a refill, or where the last one was cut short.
  batches: u32,
  // Rows that the last refill wanted, and rows that were left then; 0 before the first. Rows that
  // found a partner between the last two.
  batch: u32,
  before: u32,
  made: u32,
  // 1: the last refill wanted more rows than the one before, because that made so many pairs. And
  // rows that are wanted for this reason at most.
  grown: u32,
  limit: u32,
  // Rows and columns of the refill before each batch.
  extents: array<vec2u, MAX_EXTENTS>,
}

// A float as an integer above 0 of the same order.
fn ordered(w: f32) -> u32 {
  // Both zeros compare equal.
  let bits = select(bitcast<u32>(w), 0u, w == 0.0);
  return select(bits | 0x80000000u, ~bits, (bits & 0x80000000u) != 0u);
}
