// Where lanes are four and every load is four (a CPU that plays GPU): a strip of the half square, with the columns of a tile held by one
// subgroup, 16 per lane, in private memory at places that the compiler knows, which costs it next to nothing; rows go by one after the
// other, four components in one load, handed to all. Besides the weights it writes the heaviest of every eight, seen from either end,
// for score-pick.wgsl. Needs score-held-*.wgsl (room for vectors), hash.wgsl, pool.wgsl, strip.wgsl, score-blocks.wgsl.

// `vectors`, component by component.
@group(0) @binding(5) var<storage, read> components: array<f32>;
@group(0) @binding(6) var<storage, read_write> weights: array<f32>;
@group(0) @binding(7) var<storage, read_write> maxima: array<f32>;

// The pipeline is made for one length of vectors: what is known of an index is known before it runs.
override PLANES: u32 = 1u;
override DOTS: u32 = 2u;

// f32[planes x dots][4][16 columns].
var<private> held: array<f32, HELD>;
var<private> sums: array<f32, 16>;

fn add(first: u32, p: f32) {
  sums[0] += held[first + 0u] * p;
  sums[1] += held[first + 1u] * p;
  sums[2] += held[first + 2u] * p;
  sums[3] += held[first + 3u] * p;
  sums[4] += held[first + 4u] * p;
  sums[5] += held[first + 5u] * p;
  sums[6] += held[first + 6u] * p;
  sums[7] += held[first + 7u] * p;
  sums[8] += held[first + 8u] * p;
  sums[9] += held[first + 9u] * p;
  sums[10] += held[first + 10u] * p;
  sums[11] += held[first + 11u] * p;
  sums[12] += held[first + 12u] * p;
  sums[13] += held[first + 13u] * p;
  sums[14] += held[first + 14u] * p;
  sums[15] += held[first + 15u] * p;
}

// Four components of a row times those of 16 columns.
fn times(s: u32, at: u32) {
  let mine = components[at];
  add(64u * s, subgroupBroadcast(mine, 0u));
  add(64u * s + 16u, subgroupBroadcast(mine, 1u));
  add(64u * s + 32u, subgroupBroadcast(mine, 2u));
  add(64u * s + 48u, subgroupBroadcast(mine, 3u));
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
  let last = rule.n - 1u;
  let a = people[min(slot, last)];
  let b = people[min(slot + 4u, last)];
  let c = people[min(slot + 8u, last)];
  let d = people[min(slot + 12u, last)];
  return Four(
    vec4u(slot, slot + 4u, slot + 8u, slot + 12u),
    vec4u(a.have, b.have, c.have, d.have),
    vec4u(a.avoid, b.avoid, c.avoid, d.avoid),
    vec4u(a.speaks, b.speaks, c.speaks, d.speaks),
    vec4f(a.bonus, b.bonus, c.bonus, d.bonus),
  );
}

fn finish(slot: u32, after: u32, me: Person, a: vec4f, b: vec4f, four: Four) -> vec4f {
  let clash = (vec4u(me.avoid) & four.have) | (four.avoid & vec4u(me.have));
  let w = weigh(a, b, vec4f(me.bonus) + four.bonus);
  let ok = vec4<bool>(slot < rule.n) & (clash == vec4u()) & ((four.speaks & vec4u(me.speaks)) != vec4u()) & (four.slot < vec4u(rule.n)) & (four.slot >= vec4u(after)) & (w > vec4f(rule.threshold));
  return select(vec4f(LOWEST), w, ok);
}

fn keep(at: u32, w: vec4f) {
  weights[at] = w.x;
  weights[at + 4u] = w.y;
  weights[at + 8u] = w.z;
  weights[at + 12u] = w.w;
}

fn widest(v: vec4f) -> f32 {
  return max(max(v.x, v.y), max(v.z, v.w));
}

fn note(column: u32, e: u32, b: u32, best: vec4f) {
  maxima[maximum_at(column, 1u, e) + b] = best.x;
  maxima[maximum_at(column + 4u, 1u, e) + b] = best.y;
  maxima[maximum_at(column + 8u, 1u, e) + b] = best.z;
  maxima[maximum_at(column + 12u, 1u, e) + b] = best.w;
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(subgroup_invocation_id) lane: u32) {
  let tile = strip.row_block + group.x;
  let column = tile * TILE + lane;
  let last = rule.n - 1u;
  for (var s: u32 = 0u; s < PLANES * DOTS; s++) {
    let vector = select(rule.peer + s * rule.stride, (s - PLANES) * rule.stride, s >= PLANES);
    for (var c: u32 = 0u; c < 16u; c++) {
      let source = 4u * (vector + min(column + 4u * c, last));
      let target_at = 64u * s + c;
      held[target_at] = components[source];
      held[target_at + 16u] = components[source + 1u];
      held[target_at + 32u] = components[source + 2u];
      held[target_at + 48u] = components[source + 3u];
    }
  }
  let f0 = four_at(column);
  let f1 = four_at(column + 16u);
  let f2 = four_at(column + 32u);
  let f3 = four_at(column + 48u);
  let along = 4u * rule.stride;
  for (var e: u32 = 0u; e < strip.width / TILE; e++) {
    let distance = strip.first + e;
    let row_tile = (tile + strip.tiles - distance) % strip.tiles;
    // Half way round the ring both tiles would meet twice; the weights of the second time are never looked at.
    let live = 2u * distance != strip.tiles || row_tile < distance;
    for (var b: u32 = 0u; b < select(0u, 8u, live); b++) {
      var m0: vec4f = vec4f(LOWEST);
      var m1: vec4f = m0;
      var m2: vec4f = m0;
      var m3: vec4f = m0;
      for (var r: u32 = 0u; r < 8u; r++) {
        let row = row_tile * TILE + 8u * b + r;
        let me = people[min(row, last)];
        let at = 4u * min(row, last) + lane;
        sums = array<f32, 16>();
        if (PLANES > 0u) { times(0u, at + 0u * along); }
        if (PLANES > 1u) { times(1u, at + 1u * along); }
        if (PLANES > 2u) { times(2u, at + 2u * along); }
        if (PLANES > 3u) { times(3u, at + 3u * along); }
        if (PLANES > 4u) { times(4u, at + 4u * along); }
        if (PLANES > 5u) { times(5u, at + 5u * along); }
        if (PLANES > 6u) { times(6u, at + 6u * along); }
        if (PLANES > 7u) { times(7u, at + 7u * along); }
        if (PLANES > 8u) { times(8u, at + 8u * along); }
        if (PLANES > 9u) { times(9u, at + 9u * along); }
        if (PLANES > 10u) { times(10u, at + 10u * along); }
        if (PLANES > 11u) { times(11u, at + 11u * along); }
        if (PLANES > 12u) { times(12u, at + 12u * along); }
        if (PLANES > 13u) { times(13u, at + 13u * along); }
        if (PLANES > 14u) { times(14u, at + 14u * along); }
        if (PLANES > 15u) { times(15u, at + 15u * along); }
        let s = sums;
        if (DOTS == 2u) {
          let over = at + 4u * rule.peer;
          sums = array<f32, 16>();
          if (PLANES > 0u) { times(PLANES + 0u, over + 0u * along); }
          if (PLANES > 1u) { times(PLANES + 1u, over + 1u * along); }
          if (PLANES > 2u) { times(PLANES + 2u, over + 2u * along); }
          if (PLANES > 3u) { times(PLANES + 3u, over + 3u * along); }
          if (PLANES > 4u) { times(PLANES + 4u, over + 4u * along); }
          if (PLANES > 5u) { times(PLANES + 5u, over + 5u * along); }
          if (PLANES > 6u) { times(PLANES + 6u, over + 6u * along); }
          if (PLANES > 7u) { times(PLANES + 7u, over + 7u * along); }
          if (PLANES > 8u) { times(PLANES + 8u, over + 8u * along); }
          if (PLANES > 9u) { times(PLANES + 9u, over + 9u * along); }
          if (PLANES > 10u) { times(PLANES + 10u, over + 10u * along); }
          if (PLANES > 11u) { times(PLANES + 11u, over + 11u * along); }
          if (PLANES > 12u) { times(PLANES + 12u, over + 12u * along); }
          if (PLANES > 13u) { times(PLANES + 13u, over + 13u * along); }
          if (PLANES > 14u) { times(PLANES + 14u, over + 14u * along); }
          if (PLANES > 15u) { times(PLANES + 15u, over + 15u * along); }
        }
        let t = sums;
        // In a tile of its own people, each pair is taken once.
        let after = select(0u, row + 1u, distance == 0u);
        let w0 = finish(row, after, me, vec4f(s[0], s[1], s[2], s[3]), vec4f(t[0], t[1], t[2], t[3]), f0);
        let w1 = finish(row, after, me, vec4f(s[4], s[5], s[6], s[7]), vec4f(t[4], t[5], t[6], t[7]), f1);
        let w2 = finish(row, after, me, vec4f(s[8], s[9], s[10], s[11]), vec4f(t[8], t[9], t[10], t[11]), f2);
        let w3 = finish(row, after, me, vec4f(s[12], s[13], s[14], s[15]), vec4f(t[12], t[13], t[14], t[15]), f3);
        let to = row * strip.width + e * TILE + lane;
        keep(to, w0);
        keep(to + 16u, w1);
        keep(to + 32u, w2);
        keep(to + 48u, w3);
        let mine = maximum_at(row, 0u, e) + lane;
        maxima[mine] = widest(max(w0, w1));
        maxima[mine + 4u] = widest(max(w2, w3));
        m0 = max(m0, w0);
        m1 = max(m1, w1);
        m2 = max(m2, w2);
        m3 = max(m3, w3);
      }
      note(column, e, b, m0);
      note(column + 16u, e, b, m1);
      note(column + 32u, e, b, m2);
      note(column + 48u, e, b, m3);
    }
    for (var b: u32 = 0u; b < select(8u, 0u, live); b++) {
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
