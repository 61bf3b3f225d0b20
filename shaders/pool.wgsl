// Who waits, who may meet whom, and what a pair weighs. Needs hash.wgsl. Joined in front of every pass that looks at pairs, so that
// there is one text for a weight: bit for bit the same wherever a device computes it.

const NONE: u32 = 0xffffffffu;
const LOWEST: f32 = -3.4028234e38;

const EXP: u32 = 0u;
const IDENTITY: u32 = 1u;
const HASH: u32 = 2u;

const PRODUCT: u32 = 0u;
const SUM: u32 = 1u;
const MINIMUM: u32 = 2u;
const HARMONIC: u32 = 3u;

const BY_WEIGHT: u32 = 0u;
const BY_HASH: u32 = 1u;
const BY_WAIT: u32 = 2u;

struct Rule {
  n: u32,
  // Rows of a plane of vectors (n rounded up), and planes of four components per vector.
  stride: u32,
  planes: u32,
  // Where the peer planes begin; 0 where user and peer vectors are the same.
  peer: u32,
  seed: u32,
  transform: u32,
  combination: u32,
  // What the order of pairs goes by.
  order: u32,
  scale: f32,
  bias: f32,
  threshold: f32,
}

struct Person {
  have: u32,
  avoid: u32,
  speaks: u32,
  id: u32,
  bonus: f32,
  waited: f32,
}

@group(0) @binding(0) var<uniform> rule: Rule;
@group(0) @binding(1) var<storage, read> people: array<Person>;
@group(0) @binding(2) var<storage, read> recent: array<vec4u>;
// vec4f[2][planes][stride]: four components of everybody, then the next four; first `user`, then `peer`.
@group(0) @binding(3) var<storage, read> vectors: array<vec4f>;

// The larger and the smaller of two numbers. `max` and `min` must mind what is not a number, which takes some devices thirty steps each;
// of two zeros the first is taken.
fn larger(a: vec4f, b: vec4f) -> vec4f {
  return select(a, b, b > a);
}

fn lesser(a: vec4f, b: vec4f) -> vec4f {
  return select(a, b, b < a);
}

fn widest(v: vec4f) -> f32 {
  let two = select(v.xy, v.zw, v.zw > v.xy);
  return select(two.x, two.y, two.y > two.x);
}

// The random scorer: uniform in [0, 1].
fn hash_weight(id_a: u32, id_b: u32) -> f32 {
  return f32(pair_hash(id_a, id_b, rule.seed)) * 0x1p-32;
}

fn met_lately(i: u32, j: u32) -> bool {
  // Eight ids per person.
  let a = vec4u(people[i].id);
  let b = vec4u(people[j].id);
  return any((recent[2u * i] == b) | (recent[2u * i + 1u] == b) | (recent[2u * j] == a) | (recent[2u * j + 1u] == a));
}

// Place of a pair in the total order: keys, larger first; then hash, smaller first.
struct Place {
  first: f32,
  second: f32,
  hash: u32,
}

fn keys(i: u32, j: u32, weight: f32) -> vec2f {
  if (rule.order == BY_WEIGHT) {
    return vec2f(weight, 0.0);
  }
  if (rule.order == BY_WAIT) {
    let a = people[i].waited;
    let b = people[j].waited;
    return vec2f(max(a, b), min(a, b));
  }
  return vec2f(0.0);
}

fn tie(i: u32, j: u32) -> u32 {
  return pair_hash(people[i].id, people[j].id, rule.seed);
}
