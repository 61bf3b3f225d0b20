// Strikes out of a strip those who met lately: eight stores per person instead of a look at every pair.
// Needs hash.wgsl, pool.wgsl, strip.wgsl. One invocation per person and remembered partner.

// u32[n][8]: where the remembered partners stand, NONE where they do not wait.
@group(0) @binding(5) var<storage, read> met: array<u32>;
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
  if (id.x >= 8u * rule.n) {
    return;
  }
  let j = met[id.x];
  if (j < rule.n) {
    // Which of the two is the row, the ring says; the other place is not looked at.
    strike(id.x / 8u, j);
    strike(j, id.x / 8u);
  }
}
