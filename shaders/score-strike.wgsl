// Strikes out of a strip those who met lately: two stores per meeting instead of a look at every pair.
// Needs hash.wgsl, pool.wgsl, strip.wgsl. One invocation per meeting that is remembered.

// Positions of two who met lately and both wait; NONE beyond the last.
@group(0) @binding(5) var<storage, read> met: array<vec2u>;
@group(0) @binding(6) var<storage, read_write> weights: array<f32>;

override SIZE: u32 = 64u;

fn strike(row: u32, column: u32) {
  let distance = on_ring(column / TILE + strip.tiles - row / TILE);
  if (distance >= strip.first && distance - strip.first < strip.deep) {
    weights[(row * strip.deep + distance - strip.first) * TILE + column % TILE] = LOWEST;
  }
}

@compute @workgroup_size(SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let two = met[id.x];
  if (two.x < rule.n) {
    // Which of the two is the row, the ring says; the other place is not looked at.
    strike(two.x, two.y);
    strike(two.y, two.x);
  }
}
