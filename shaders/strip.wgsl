// A strip of the half square of pairs: every row with the columns of tiles `first` to `first + deep - 1` further on the ring of
// tiles. Every pair lies in one strip once. Needs pool.wgsl.

const TILE: u32 = 64u;

struct Strip {
  // Tiles of columns. Their number, not that of columns: some devices divide lane by lane.
  deep: u32,
  // Its first distance between tiles.
  first: u32,
  tiles: u32,
  // Slots of a component (people rounded up to whole tiles).
  slots: u32,
  // 1 where user and peer vectors are the same, else 2.
  dots: u32,
  // First block of rows, or first row, of this dispatch.
  row_block: u32,
  // 1: the first strip; lists begin empty.
  opening: u32,
  // Entries of a list, at most 16.
  length: u32,
}

@group(0) @binding(4) var<uniform> strip: Strip;

// A tile so many further on the ring than another that it may be beyond the end.
fn on_ring(tile: u32) -> u32 {
  return select(tile, tile - strip.tiles, tile >= strip.tiles);
}
