// Lays people out for score-held.wgsl, each in one run of words: have, avoid, speaks, bits of bonus; then the user vector and, where it is
// another, the peer vector, in eights of components: word k of an eight has component k below and component 4 + k above, as integers of 16
// bits (of norm at most 4,096). Needs hash.wgsl, pool.wgsl. One invocation per person and eight; the first eight's also writes the attributes.

@group(0) @binding(5) var<storage, read_write> packed: array<u32>;

override SIZE: u32 = 64u;
// Eights per vector, and vectors.
override OCTETS: u32 = 1u;
override DOTS: u32 = 2u;

@compute @workgroup_size(SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= rule.n) {
    return;
  }
  let octet = id.y;
  let origin = i + select(2u * octet * rule.stride, rule.peer + 2u * (octet - OCTETS) * rule.stride, octet >= OCTETS);
  let start = i * (4u + 4u * OCTETS * DOTS);
  let near = vec4u(vec4i(vectors[origin]));
  // An odd number of planes ends with half an eight.
  let whole = 2u * (octet % OCTETS) + 1u < rule.planes;
  let far = select(vec4u(), vec4u(vec4i(vectors[origin + rule.stride])), vec4<bool>(whole));
  let words = (near & vec4u(0xffffu)) | (far * 65536u);
  let at = start + 4u + 4u * octet;
  packed[at] = words.x;
  packed[at + 1u] = words.y;
  packed[at + 2u] = words.z;
  packed[at + 3u] = words.w;
  if (octet == 0u) {
    let me = people[i];
    packed[start] = me.have;
    packed[start + 1u] = me.avoid;
    packed[start + 2u] = me.speaks;
    packed[start + 3u] = bitcast<u32>(me.bonus);
  }
}
