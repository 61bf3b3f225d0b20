// Brings an uploaded pool into the shuffled order of the tick.
//
// Inputs, group 0: 0 rule, 1 order, 2 fields, 3 memories, 4 components. All as the host has them.
// Outputs: 5 people, 6 recent, 7 index, 8 mates, 9 vectors, 10 faults.
// Invariant: components are copied bit for bit. Whether one is not finite is told from its bits,
// because a compiler may assume that no float is.

// #include "base/constants.wgsl"
// #include "score/person.wgsl"

// u32[n]: position in the pool of each position on the GPU.
@group(0) @binding(1) var<storage, read> order: array<u32>;
// u32[6][n]: the fields of Person, one after the other.
@group(0) @binding(2) var<storage, read> fields: array<u32>;
// u32[n][8]: ids met lately.
@group(0) @binding(3) var<storage, read> memories: array<vec4u>;
// f32[1 or 2][n][4 planes]: user vectors, then peer vectors if they differ.
@group(0) @binding(4) var<storage, read> components: array<vec4u>;
@group(0) @binding(5) var<storage, read_write> people: array<Person>;
@group(0) @binding(6) var<storage, read_write> recent: array<vec4u>;
@group(0) @binding(7) var<storage, read_write> index: array<u32>;
@group(0) @binding(8) var<storage, read_write> mates: array<u32>;
@group(0) @binding(9) var<storage, read_write> vectors: array<vec4u>;
// 1: a component is NaN or infinite.
@group(0) @binding(10) var<storage, read_write> faults: atomic<u32>;

override SIZE: u32 = 64u;

// People, and the state before the first round: all positions, and nobody has a partner.
@compute @workgroup_size(SIZE)
fn gather_people(@builtin(global_invocation_id) id: vec3u) {
  let k = id.x;
  let n = rule.n;
  if (k >= n) {
    return;
  }
  let i = order[k];
  people[k] = Person(fields[i], fields[n + i], fields[2u * n + i], fields[3u * n + i], bitcast<f32>(fields[4u * n + i]), bitcast<f32>(fields[5u * n + i]));
  recent[2u * k] = memories[2u * i];
  recent[2u * k + 1u] = memories[2u * i + 1u];
  index[k] = k;
  mates[k] = NONE;
}

// Vectors by planes: plane `id.y` of the user vectors, and after `planes` of them of the peers'.
@compute @workgroup_size(SIZE)
fn gather_vectors(@builtin(global_invocation_id) id: vec3u) {
  let k = id.x;
  if (k >= rule.n) {
    return;
  }
  let side = id.y / rule.planes;
  let plane = id.y % rule.planes;
  let four = components[(side * rule.n + order[k]) * rule.planes + plane];
  vectors[id.y * rule.stride + k] = four;
  let exponent = vec4u(0x7f800000u);
  if (any((four & exponent) == exponent)) {
    atomicStore(&faults, 1u);
  }
}
