// After score-strike.wgsl: the heaviest of the blocks in which somebody was struck out, anew. What it writes does not depend on who comes
// first. Needs hash.wgsl, pool.wgsl, strip.wgsl, score-blocks.wgsl. One invocation per meeting that is remembered.

// Positions of two who met lately and both wait; NONE beyond the last.
@group(0) @binding(5) var<storage, read> met: array<vec2u>;
@group(0) @binding(6) var<storage, read> weights: array<f32>;
@group(0) @binding(7) var<storage, read_write> maxima: array<f32>;

override SIZE: u32 = 64u;

fn again(i: u32, side: u32, e: u32, b: u32) {
  let eight = block_of(i, i / TILE, side, e, b);
  var best: f32 = LOWEST;
  for (var x: u32 = 0u; x < 8u; x++) {
    let w = weights[eight.at + offset_in(eight, x) * eight.stride];
    best = select(best, w, w > best);
  }
  maxima[maximum_at(i, side, e) + b] = best;
}

fn mend(row: u32, column: u32) {
  let distance = on_ring(column / TILE + strip.tiles - row / TILE);
  let live = 2u * distance != strip.tiles || row / TILE < distance;
  if (live && distance >= strip.first && distance - strip.first < strip.deep) {
    let e = distance - strip.first;
    again(row, 0u, e, 4u * ((column % TILE) / 32u) + (column % 16u) / 4u);
    again(column, 1u, e, (row % TILE) / 8u);
  }
}

@compute @workgroup_size(SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let two = met[id.x];
  if (two.x < rule.n) {
    mend(two.x, two.y);
    mend(two.y, two.x);
  }
}
