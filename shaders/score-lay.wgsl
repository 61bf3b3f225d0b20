// Lays vectors and attributes out for score-strip.wgsl: neighbouring people side by side, component after component.
// Needs hash.wgsl, pool.wgsl, strip.wgsl. One invocation per person and plane; the first plane's also writes the attributes.

@group(0) @binding(5) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(6) var<storage, read_write> facts: array<u32>;

override SIZE: u32 = 64u;

@compute @workgroup_size(SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= rule.n) {
    return;
  }
  let plane = id.y;
  let v = vectors[plane * rule.stride + i];
  let at = 4u * plane * strip.slots + i;
  scalars[at] = v.x;
  scalars[at + strip.slots] = v.y;
  scalars[at + 2u * strip.slots] = v.z;
  scalars[at + 3u * strip.slots] = v.w;
  if (plane == 0u) {
    let p = people[i];
    facts[i] = p.have;
    facts[strip.slots + i] = p.avoid;
    facts[2u * strip.slots + i] = p.speaks;
    facts[3u * strip.slots + i] = bitcast<u32>(p.bonus);
  }
}
