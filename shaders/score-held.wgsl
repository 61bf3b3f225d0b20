// Where lanes are four and every load is four (a CPU that plays GPU): a strip of the half square, with the columns of a tile held by one
// subgroup, 16 per lane, in private memory at places that the compiler knows, which costs it next to nothing; rows go by one after the
// other, eight components in one load, handed to all. Besides the weights it writes the heaviest of every eight, seen from either end,
// for score-pick.wgsl. Needs score-held-*.wgsl (room for vectors), hash.wgsl, pool.wgsl, weigh.wgsl, strip.wgsl, score-blocks.wgsl.

// u32[n][4 + 4 octets]: have, avoid, speaks, bits of bonus, then vectors; see score-pack.wgsl.
@group(0) @binding(5) var<storage, read> packed: array<u32>;
@group(0) @binding(6) var<storage, read_write> weights: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> maxima: array<f32>;

// The pipeline is made for one length of vectors: what is known of an index is known before it runs.
// Eights of components per vector.
override OCTETS: u32 = 1u;
override DOTS: u32 = 2u;

// f32[octets x dots][8][16 columns].
var<private> held: array<f32, HELD>;
var<private> sums: array<f32, 16>;

// The halves of a word as floats, 2^16 times too large: shifts by lane are slow there.
fn low(word: u32) -> f32 {
  return f32(bitcast<i32>(word * 65536u));
}

fn high(word: u32) -> f32 {
  return f32(bitcast<i32>(word & 0xffff0000u));
}

// Two at a time: more values would not stay in registers.
fn add(f: u32, p: f32, q: f32) {
  sums[0] += held[f + 0u] * p + held[f + 16u] * q;
  sums[1] += held[f + 1u] * p + held[f + 17u] * q;
  sums[2] += held[f + 2u] * p + held[f + 18u] * q;
  sums[3] += held[f + 3u] * p + held[f + 19u] * q;
  sums[4] += held[f + 4u] * p + held[f + 20u] * q;
  sums[5] += held[f + 5u] * p + held[f + 21u] * q;
  sums[6] += held[f + 6u] * p + held[f + 22u] * q;
  sums[7] += held[f + 7u] * p + held[f + 23u] * q;
  sums[8] += held[f + 8u] * p + held[f + 24u] * q;
  sums[9] += held[f + 9u] * p + held[f + 25u] * q;
  sums[10] += held[f + 10u] * p + held[f + 26u] * q;
  sums[11] += held[f + 11u] * p + held[f + 27u] * q;
  sums[12] += held[f + 12u] * p + held[f + 28u] * q;
  sums[13] += held[f + 13u] * p + held[f + 29u] * q;
  sums[14] += held[f + 14u] * p + held[f + 30u] * q;
  sums[15] += held[f + 15u] * p + held[f + 31u] * q;
}

// Eight components of a row times those of 16 columns.
fn times(s: u32, at: u32) {
  let word = packed[at];
  let f = 128u * s;
  let near = low(word);
  add(f, quadBroadcast(near, 0u), quadBroadcast(near, 1u));
  add(f + 32u, quadBroadcast(near, 2u), quadBroadcast(near, 3u));
  let far = high(word);
  add(f + 64u, quadBroadcast(far, 0u), quadBroadcast(far, 1u));
  add(f + 96u, quadBroadcast(far, 2u), quadBroadcast(far, 3u));
}

// What is known of four columns.
struct Four {
  slot: vec4i,
  have: vec4u,
  avoid: vec4u,
  speaks: vec4u,
  bonus: vec4f,
}

// Beyond the last there is nobody, who speaks nothing.
fn four_at(slot: u32) -> Four {
  let last = rule.n - 1u;
  let a = people[min(slot, last)];
  let b = people[min(slot + 1u, last)];
  let c = people[min(slot + 2u, last)];
  let d = people[min(slot + 3u, last)];
  let slots = vec4u(slot, slot + 1u, slot + 2u, slot + 3u);
  return Four(
    vec4i(slots),
    vec4u(a.have, b.have, c.have, d.have),
    vec4u(a.avoid, b.avoid, c.avoid, d.avoid),
    select(vec4u(), vec4u(a.speaks, b.speaks, c.speaks, d.speaks), slots <= vec4u(last)),
    vec4f(a.bonus, b.bonus, c.bonus, d.bonus),
  );
}

struct Me {
  have: u32,
  avoid: u32,
  speaks: u32,
  bonus: f32,
}

// What does not change from row to row, looked up once.
struct Known {
  scale: f32,
  bias: f32,
  threshold: vec4f,
}

// `after`: the last column that this row does not meet.
fn finish(after: i32, me: Me, a: vec4f, b: vec4f, four: Four, known: Known) -> vec4f {
  let clash = (vec4u(me.avoid) & four.have) | (four.avoid & vec4u(me.have));
  let w = weigh_by(known.scale, known.bias, a, b, vec4f(me.bonus) + four.bonus);
  let ok = (clash == vec4u()) & ((four.speaks & vec4u(me.speaks)) != vec4u()) & (four.slot > vec4i(after)) & (w > known.threshold);
  return select(vec4f(LOWEST), w, ok);
}

fn note(column: u32, e: u32, b: u32, best: vec4f) {
  maxima[maximum_at(column, 1u, e) + b] = best.x;
  maxima[maximum_at(column + 1u, 1u, e) + b] = best.y;
  maxima[maximum_at(column + 2u, 1u, e) + b] = best.z;
  maxima[maximum_at(column + 3u, 1u, e) + b] = best.w;
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(subgroup_invocation_id) lane: u32) {
  let tile = strip.row_block + group.x;
  // Four neighbours per lane, four times.
  let column = tile * TILE + 4u * lane;
  let last = rule.n - 1u;
  let words = 4u + 4u * OCTETS * DOTS;
  for (var s: u32 = 0u; s < OCTETS * DOTS; s++) {
    // My peer vector meets the row's user vector, and the other way round.
    let octet = select(select(s, s + OCTETS, DOTS == 2u), s - OCTETS, s >= OCTETS);
    for (var c: u32 = 0u; c < 16u; c++) {
      let source = min(column + 16u * (c / 4u) + c % 4u, last) * words + 4u + 4u * octet;
      for (var k: u32 = 0u; k < 4u; k++) {
        let word = packed[source + k];
        held[128u * s + 16u * k + c] = low(word) * 0x1p-32;
        held[128u * s + 64u + 16u * k + c] = high(word) * 0x1p-32;
      }
    }
  }
  let known = Known(rule.scale, rule.bias, vec4f(rule.threshold));
  let f0 = four_at(column);
  let f1 = four_at(column + 16u);
  let f2 = four_at(column + 32u);
  let f3 = four_at(column + 48u);
  for (var e: u32 = 0u; e < strip.deep; e++) {
    let distance = strip.first + e;
    let row_tile = on_ring(tile + strip.tiles - distance);
    // Half way round the ring both tiles would meet twice; the weights of the second time are never looked at.
    let live = 2u * distance != strip.tiles || row_tile < distance;
    // Nor are those of rows beyond the last.
    let blocks = select(0u, min(8u, (last + 8u - row_tile * TILE) / 8u), live);
    for (var b: u32 = 0u; b < blocks; b++) {
      var m0: vec4f = vec4f(LOWEST);
      var m1: vec4f = m0;
      var m2: vec4f = m0;
      var m3: vec4f = m0;
      for (var r: u32 = 0u; r < 8u; r++) {
        let row = row_tile * TILE + 8u * b + r;
        let at = min(row, last) * words + lane;
        sums = array<f32, 16>();
        if (OCTETS > 0u) { times(0u, at + 4u + 0u); }
        if (OCTETS > 1u) { times(1u, at + 4u + 4u); }
        if (OCTETS > 2u) { times(2u, at + 4u + 8u); }
        if (OCTETS > 3u) { times(3u, at + 4u + 12u); }
        if (OCTETS > 4u) { times(4u, at + 4u + 16u); }
        if (OCTETS > 5u) { times(5u, at + 4u + 20u); }
        if (OCTETS > 6u) { times(6u, at + 4u + 24u); }
        if (OCTETS > 7u) { times(7u, at + 4u + 28u); }
        let s = sums;
        if (DOTS == 2u) {
          let over = at + 4u + 4u * OCTETS;
          sums = array<f32, 16>();
          if (OCTETS > 0u) { times(OCTETS + 0u, over + 0u); }
          if (OCTETS > 1u) { times(OCTETS + 1u, over + 4u); }
          if (OCTETS > 2u) { times(OCTETS + 2u, over + 8u); }
          if (OCTETS > 3u) { times(OCTETS + 3u, over + 12u); }
          if (OCTETS > 4u) { times(OCTETS + 4u, over + 16u); }
          if (OCTETS > 5u) { times(OCTETS + 5u, over + 20u); }
          if (OCTETS > 6u) { times(OCTETS + 6u, over + 24u); }
          if (OCTETS > 7u) { times(OCTETS + 7u, over + 28u); }
        }
        let t = sums;
        // Looked up so late to leave the registers to the dots.
        let facts = packed[at];
        let speaks = select(0u, quadBroadcast(facts, 2u), row <= last);
        let me = Me(quadBroadcast(facts, 0u), quadBroadcast(facts, 1u), speaks, bitcast<f32>(quadBroadcast(facts, 3u)));
        // In a tile of its own people, each pair is taken once.
        let after = select(-1, i32(row), distance == 0u);
        let w0 = finish(after, me, vec4f(s[0], s[1], s[2], s[3]), vec4f(t[0], t[1], t[2], t[3]), f0, known);
        let w1 = finish(after, me, vec4f(s[4], s[5], s[6], s[7]), vec4f(t[4], t[5], t[6], t[7]), f1, known);
        let w2 = finish(after, me, vec4f(s[8], s[9], s[10], s[11]), vec4f(t[8], t[9], t[10], t[11]), f2, known);
        let w3 = finish(after, me, vec4f(s[12], s[13], s[14], s[15]), vec4f(t[12], t[13], t[14], t[15]), f3, known);
        let to = (row * strip.deep + e) * (TILE / 4u) + lane;
        weights[to] = w0;
        weights[to + 4u] = w1;
        weights[to + 8u] = w2;
        weights[to + 12u] = w3;
        let mine = maximum_at(row, 0u, e) + lane;
        maxima[mine] = widest(larger(w0, w1));
        maxima[mine + 4u] = widest(larger(w2, w3));
        m0 = larger(m0, w0);
        m1 = larger(m1, w1);
        m2 = larger(m2, w2);
        m3 = larger(m3, w3);
      }
      note(column, e, b, m0);
      note(column + 16u, e, b, m1);
      note(column + 32u, e, b, m2);
      note(column + 48u, e, b, m3);
    }
    for (var b: u32 = blocks; b < 8u; b++) {
      for (var r: u32 = 0u; r < 8u; r++) {
        let mine = maximum_at(row_tile * TILE + 8u * b + r, 0u, e) + lane;
        maxima[mine] = LOWEST;
        maxima[mine + 4u] = LOWEST;
      }
      note(column, e, b, vec4f(LOWEST));
      note(column + 16u, e, b, vec4f(LOWEST));
      note(column + 32u, e, b, vec4f(LOWEST));
      note(column + 48u, e, b, vec4f(LOWEST));
    }
  }
}
