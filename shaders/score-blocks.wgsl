// Blocks of eight candidates within a strip, and the heaviest of each, so that whoever looks for the best of a person reads an eighth.
// Needs pool.wgsl, strip.wgsl.

// f32[slots][2 sides][tiles of the strip][8]: where `maxima` has those of a person and tile. Side 0: of its row, of columns 4 c + l of a tile
// the block h 4 + l has c = 8 h to 8 h + 7; side 1: of its column, the block b has the rows 8 b to 8 b + 7 of a tile.
fn maximum_at(slot: u32, side: u32, e: u32) -> u32 {
  return ((slot * 2u + side) * (strip.width / TILE) + e) * 8u;
}

// A block seen by a person: its first candidate and the step to the next, the place of its first weight and the step to the next.
struct Block {
  other: u32,
  by: u32,
  at: u32,
  stride: u32,
}

fn block_of(i: u32, side: u32, e: u32, b: u32) -> Block {
  let tile = i / TILE;
  let distance = strip.first + e;
  if (side == 0u) {
    let within = 32u * (b / 4u) + b % 4u;
    let other = ((tile + distance) % strip.tiles) * TILE + within;
    return Block(other, 4u, i * strip.width + e * TILE + within, 4u);
  }
  let other = ((tile + strip.tiles - distance) % strip.tiles) * TILE + 8u * b;
  return Block(other, 1u, other * strip.width + e * TILE + i % TILE, strip.width);
}
