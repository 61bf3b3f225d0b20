// Takes the vectors of those who are left over to tables of their own. One invocation per person, y: planes of both sides.

struct Narrowing {
  // People who are left; rows per plane there, and in the tables they come from.
  n: u32,
  stride: u32,
  from_stride: u32,
  // Where their old positions stand in `index`.
  at: u32,
}

@group(0) @binding(0) var<uniform> narrowing: Narrowing;
@group(0) @binding(1) var<storage, read> index: array<u32>;
// vec4f[2][planes][from_stride] and vec4f[2][planes][stride].
@group(0) @binding(2) var<storage, read> all: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> vectors: array<vec4f>;

override SIZE: u32 = 64u;

@compute @workgroup_size(SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= narrowing.n) {
    return;
  }
  let old = index[narrowing.at + id.x];
  vectors[id.y * narrowing.stride + id.x] = all[id.y * narrowing.from_stride + old];
}
