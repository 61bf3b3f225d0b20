// Blocks of eight candidates within a strip, and the heaviest of each, so that whoever looks for the best of a person reads an eighth.
// Needs pool.wgsl, strip.wgsl.

// f32[slots][2 sides][tiles of the strip][8]: where `maxima` has those of a person and tile. Side 0: of its row, the block 4 h + l has the
// columns 32 h + 4 l and 32 h + 16 + 4 l of a tile, and three more after each; side 1: of its column, the block b has the rows 8 b to 8 b + 7.
fn maximum_at(slot: u32, side: u32, e: u32) -> u32 {
  return ((slot * 2u + side) * strip.deep + e) * 8u;
}

// A block seen by a person, as two fours of neighbours: its first candidate, and that of the second four; the place of its first weight, the
// step to the next, and to the second four.
struct Block {
  other: u32,
  leap: u32,
  at: u32,
  stride: u32,
}

// `tile`: the person's, i / TILE, which a device that divides lane by lane should find once only.
fn block_of(i: u32, tile: u32, side: u32, e: u32, b: u32) -> Block {
  let distance = strip.first + e;
  let above = select(0u, 1u, b > 3u);
  let within = 32u * above + 4u * (b - 4u * above);
  let ahead = on_ring(tile + distance) * TILE + within;
  let behind = on_ring(tile + strip.tiles - distance) * TILE + 8u * b;
  if (side == 0u) {
    return Block(ahead, 16u, (i * strip.deep + e) * TILE + within, 1u);
  }
  return Block(behind, 4u, (behind * strip.deep + e) * TILE + i - tile * TILE, strip.deep * TILE);
}

// How far the x-th of a block is from its first.
fn offset_in(eight: Block, x: u32) -> u32 {
  return select(x, x - 4u + eight.leap, x > 3u);
}
