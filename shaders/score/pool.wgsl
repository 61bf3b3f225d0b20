// The pool of one tick: people, vectors, the weight rule, and the total order of pairs.
// Every pass that looks at pairs includes this file, so that a weight is bit for bit the same
// wherever a device computes it.
//
// Inputs, group 0: 0 rule, 1 people, 2 recent partners, 3 vectors.
// Invariant: people stand in the shuffled order of the tick (src/gpu/tick-buffers.ts).

// #include "base/constants.wgsl"
// #include "base/hash.wgsl"
// #include "score/person.wgsl"

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

@group(0) @binding(1) var<storage, read> people: array<Person>;
// Behind them, the terms of a formula (formula.wgsl).
@group(0) @binding(2) var<storage, read> recent: array<vec4u>;
// vec4f[2][planes][stride]: four components of every person, then the next four; `user` planes
// first, then `peer` planes.
@group(0) @binding(3) var<storage, read> vectors: array<vec4f>;

// Weight of the random scorer: uniform in [0, 1].
fn hash_weight(id_a: u32, id_b: u32) -> f32 {
  return f32(pair_hash(id_a, id_b, rule.seed)) * 0x1p-32;
}

// Whether either person remembers the other. Each person remembers up to eight ids.
fn met_lately(i: u32, j: u32) -> bool {
  let a = vec4u(people[i].id);
  let b = vec4u(people[j].id);
  return any((recent[2u * i] == b) | (recent[2u * i + 1u] == b) | (recent[2u * j] == a) | (recent[2u * j + 1u] == a));
}

// Whether attributes and languages admit the pair; says nothing of recent meetings.
fn admits(me: Person, you: Person) -> bool {
  return ((me.avoid & you.have) | (you.avoid & me.have)) == 0u && (me.speaks & you.speaks) != 0u;
}

// Place of a pair in the total order: larger keys first, then smaller hashes.
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
