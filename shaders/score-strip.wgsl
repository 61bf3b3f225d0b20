// A strip of the half square: the weights of every row with the columns of a few tiles to its right on a ring, LOWEST where not
// eligible. Needs hash.wgsl, pool.wgsl, weigh.wgsl, strip.wgsl, and a way to load eight rows (score-rows-*.wgsl). One invocation: 8 x 8 pairs.
// Columns of one invocation lie SIDE apart, so that neighbours load neighbours; both dots stay in registers.

// Invocations along rows: 8 each.
override HIGH: u32 = 1u;
const SIDE: u32 = 8u;

// f32[2][planes][4][slots]: one component of everybody after the other; first `user`, then `peer`.
@group(0) @binding(5) var<storage, read> scalars: array<f32>;
// u32[4][slots]: have, avoid, speaks, bonus.
@group(0) @binding(6) var<storage, read> facts: array<u32>;
// f32[slots][width].
@group(0) @binding(7) var<storage, read_write> weights: array<f32>;

fn four_columns(at: u32) -> vec4f {
  return vec4f(scalars[at], scalars[at + SIDE], scalars[at + 2u * SIDE], scalars[at + 3u * SIDE]);
}

fn four_facts(fact: u32, slot: u32) -> vec4u {
  let at = fact * strip.slots + slot;
  return vec4u(facts[at], facts[at + SIDE], facts[at + 2u * SIDE], facts[at + 3u * SIDE]);
}

// What is known of four columns.
struct Four {
  slot: vec4u,
  have: vec4u,
  avoid: vec4u,
  speaks: vec4u,
  bonus: vec4f,
}

fn four_at(slot: u32) -> Four {
  return Four(
    vec4u(slot, slot + SIDE, slot + 2u * SIDE, slot + 3u * SIDE),
    four_facts(0u, slot),
    four_facts(1u, slot),
    four_facts(2u, slot),
    bitcast<vec4f>(four_facts(3u, slot)),
  );
}

fn score(group: vec3u, local: vec3u, lane: u32) {
  let high = strip.row_block + group.y;
  let row_tile = (high * HIGH) / 8u;
  let distance = strip.first + group.x;
  // Half way round the ring both tiles would meet twice.
  let live = 2u * distance != strip.tiles || row_tile < distance;
  let length = select(0u, 4u * rule.planes, live);
  let row = (high * HIGH + local.y) * 8u;
  let column = ((row_tile + distance) % strip.tiles) * TILE + local.x;
  // [8 rows][2 times four columns], of one side and of the other.
  var dots: array<vec4f, 16> = array<vec4f, 16>();
  var back: array<vec4f, 16> = array<vec4f, 16>();
  let peers = 4u * rule.planes * strip.slots;
  for (var side: u32 = 0u; side < strip.dots; side++) {
    var users_at: u32 = row + select(0u, peers, side == 1u);
    var peers_at: u32 = column + select(select(0u, peers, strip.dots == 2u), 0u, side == 1u);
    var a0: vec4f = vec4f();
    var a1: vec4f = vec4f();
    var a2: vec4f = vec4f();
    var a3: vec4f = vec4f();
    var a4: vec4f = vec4f();
    var a5: vec4f = vec4f();
    var a6: vec4f = vec4f();
    var a7: vec4f = vec4f();
    var b0: vec4f = vec4f();
    var b1: vec4f = vec4f();
    var b2: vec4f = vec4f();
    var b3: vec4f = vec4f();
    var b4: vec4f = vec4f();
    var b5: vec4f = vec4f();
    var b6: vec4f = vec4f();
    var b7: vec4f = vec4f();
    for (var k: u32 = 0u; k < length; k++) {
      let near = four_columns(peers_at);
      let far = four_columns(peers_at + 4u * SIDE);
      let p = four_rows(users_at, lane);
      let q = four_rows(users_at + 4u, lane);
      a0 += p.x * near;
      b0 += p.x * far;
      a1 += p.y * near;
      b1 += p.y * far;
      a2 += p.z * near;
      b2 += p.z * far;
      a3 += p.w * near;
      b3 += p.w * far;
      a4 += q.x * near;
      b4 += q.x * far;
      a5 += q.y * near;
      b5 += q.y * far;
      a6 += q.z * near;
      b6 += q.z * far;
      a7 += q.w * near;
      b7 += q.w * far;
      users_at += strip.slots;
      peers_at += strip.slots;
    }
    let sums = array<vec4f, 16>(a0, b0, a1, b1, a2, b2, a3, b3, a4, b4, a5, b5, a6, b6, a7, b7);
    if (side == 0u) {
      dots = sums;
    }
    back = sums;
  }
  let near = four_at(column);
  let far = four_at(column + 4u * SIDE);
  let first = group.x * TILE + local.x;
  for (var r: u32 = 0u; r < 8u; r++) {
    let slot = row + r;
    // In a tile of its own people, each pair is taken once.
    let after = select(0u, slot + 1u, distance == 0u);
    let me = vec4u(facts[slot], facts[strip.slots + slot], facts[2u * strip.slots + slot], facts[3u * strip.slots + slot]);
    let at = slot * strip.deep * TILE + first;
    keep(at, finish(live && slot < rule.n, after, me, dots[2u * r], back[2u * r], near));
    keep(at + 4u * SIDE, finish(live && slot < rule.n, after, me, dots[2u * r + 1u], back[2u * r + 1u], far));
  }
}

fn keep(at: u32, w: vec4f) {
  weights[at] = w.x;
  weights[at + SIDE] = w.y;
  weights[at + 2u * SIDE] = w.z;
  weights[at + 3u * SIDE] = w.w;
}

fn finish(live: bool, after: u32, me: vec4u, a: vec4f, b: vec4f, four: Four) -> vec4f {
  let clash = (vec4u(me.y) & four.have) | (four.avoid & vec4u(me.x));
  let w = weigh(a, b, vec4f(bitcast<f32>(me.w)) + four.bonus);
  let ok = vec4<bool>(live) & (clash == vec4u()) & ((four.speaks & vec4u(me.z)) != vec4u()) & (four.slot < vec4u(rule.n)) & (four.slot >= vec4u(after)) & (w > vec4f(rule.threshold));
  return select(vec4f(LOWEST), w, ok);
}
