// What both ways of choosing the best out of a strip share: where these go, and how floats are counted. Needs rows.wgsl, strip.wgsl.

@group(0) @binding(5) var<storage, read> weights: array<f32>;
@group(0) @binding(6) var<storage, read_write> rows: array<Row>;
@group(0) @binding(7) var<storage, read_write> lists: array<vec2u>;

override SIZE: u32 = 64u;

// Rescans for ties at the floor, each with another bound on the hash; one or two are enough.
const TRIES: u32 = 12u;

// Floats as integers of the same order, and back.
fn ordered(w: vec4f) -> vec4u {
  let bits = bitcast<vec4u>(w);
  return select(bits | vec4u(0x80000000u), ~bits, (bits & vec4u(0x80000000u)) != vec4u());
}

fn weight_of(key: u32) -> f32 {
  return bitcast<f32>(select(~key, key & 0x7fffffffu, (key & 0x80000000u) != 0u));
}

fn count_of(found: vec4<bool>) -> vec4u {
  return select(vec4u(), vec4u(1u), found);
}
