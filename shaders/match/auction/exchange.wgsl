// 2-opt exchanges: i takes c from its list, and the two people left behind, a and d, are paired if
// they are eligible. Of all exchanges that share a person, only the one with the largest gain is
// made.
//
// Inputs, group 0: 0-3 pool.wgsl, 4 turn, 5 rows, 6 lists.
// In and out: 7 mates, 8 weights. Scratch: 9 moves; moves[n].best counts the exchanges made.
// Invariants: every exchange raises the total. `propose`, `post`, `claim`, `judge` and `apply` are
// separate dispatches, because each reads what all invocations of the previous one wrote.

// #include "score/weigh.wgsl"
// #include "score/rows.wgsl"

struct Turn {
  // Smaller gains are rounding errors.
  min_gain: f32,
  // First row of this dispatch of `propose`.
  first: u32,
}

struct Move {
  gain: f32,
  partner: u32,
  // Weight of (i, partner) and of the pair left behind (LOWEST: not paired).
  taken: f32,
  left: f32,
  // Bits of the largest gain of a move that touches this person, and who proposed that move.
  best: atomic<u32>,
  mover: atomic<u32>,
}

@group(0) @binding(4) var<uniform> turn: Turn;
@group(0) @binding(5) var<storage, read> rows: array<Row>;
@group(0) @binding(6) var<storage, read> lists: array<vec2u>;
@group(0) @binding(7) var<storage, read_write> mates: array<u32>;
@group(0) @binding(8) var<storage, read_write> weights: array<f32>;
@group(0) @binding(9) var<storage, read_write> moves: array<Move>;

override SIZE: u32 = 64u;

fn pair_weight(i: u32, j: u32) -> f32 {
  let me = people[i];
  let you = people[j];
  if (!admits(me, you) || met_lately(i, j)) {
    return LOWEST;
  }
  if (rule.transform == HASH) {
    let h = weigh_hash(vec4f(hash_weight(me.id, you.id)), vec4f(me.bonus + you.bonus), i, vec4u(j)).x;
    return select(LOWEST, h, h > rule.threshold);
  }
  var a: f32 = 0.0;
  var b: f32 = 0.0;
  for (var k: u32 = 0u; k < rule.planes; k++) {
    let u = k * rule.stride;
    let p = u + rule.peer;
    a += dot(vectors[u + i], vectors[p + j]);
    b += dot(vectors[u + j], vectors[p + i]);
  }
  let w = weigh(vec4f(a), vec4f(b), vec4f(me.bonus + you.bonus), vec4u(me.have), vec4u(you.have), i, vec4u(j)).x;
  return select(LOWEST, w, w > rule.threshold);
}

fn held(i: u32) -> f32 {
  if (mates[i] == NONE) {
    return 0.0;
  }
  return weights[i];
}

// Finds the exchange with the largest gain that i can start.
@compute @workgroup_size(SIZE)
fn propose(@builtin(global_invocation_id) id: vec3u) {
  let i = turn.first + id.x;
  if (i >= rule.n) {
    return;
  }
  let row = rows[i];
  let a = mates[i];
  let mine = held(i);
  var top_a: f32 = 0.0;
  if (a != NONE) {
    top_a = max(0.0, rows[a].top);
  }
  var gain: f32 = turn.min_gain;
  var partner: u32 = NONE;
  var taken: f32 = 0.0;
  var left: f32 = LOWEST;
  for (var k: u32 = 0u; k < row.length; k++) {
    let entry = lists[row.start + k];
    let c = entry.x;
    let w = bitcast<f32>(entry.y);
    // Even with the best partner for a, the rest of the list is too light.
    if (w + top_a - mine <= gain) {
      break;
    }
    if (c == a) {
      continue;
    }
    let d = mates[c];
    let loss = mine + held(c);
    var behind: f32 = LOWEST;
    if (a != NONE && d != NONE && w + min(top_a, max(0.0, rows[d].top)) - loss > gain) {
      behind = pair_weight(a, d);
    }
    let g = w + max(0.0, behind) - loss;
    if (g > gain) {
      gain = g;
      partner = c;
      taken = w;
      left = select(LOWEST, behind, behind > 0.0);
    }
  }
  moves[i].gain = gain;
  moves[i].partner = partner;
  moves[i].taken = taken;
  moves[i].left = left;
  atomicStore(&moves[i].best, 0u);
  atomicStore(&moves[i].mover, NONE);
}

// The four people of i's move; NONE for missing partners.
fn touched(i: u32) -> vec4u {
  let c = moves[i].partner;
  return vec4u(i, mates[i], c, mates[c]);
}

// Gains are positive, so their bits have the same order.
@compute @workgroup_size(SIZE)
fn post(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= rule.n || moves[i].partner == NONE) {
    return;
  }
  let all = touched(i);
  for (var k: u32 = 0u; k < 4u; k++) {
    if (all[k] != NONE) {
      atomicMax(&moves[all[k]].best, bitcast<u32>(moves[i].gain));
    }
  }
}

@compute @workgroup_size(SIZE)
fn claim(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= rule.n || moves[i].partner == NONE) {
    return;
  }
  let all = touched(i);
  for (var k: u32 = 0u; k < 4u; k++) {
    if (all[k] != NONE && atomicLoad(&moves[all[k]].best) == bitcast<u32>(moves[i].gain)) {
      atomicMin(&moves[all[k]].mover, i);
    }
  }
}

// Drops the moves that lost, before `apply` changes the mates that `touched` reads.
@compute @workgroup_size(SIZE)
fn judge(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= rule.n || moves[i].partner == NONE) {
    return;
  }
  let all = touched(i);
  var wins: bool = true;
  for (var k: u32 = 0u; k < 4u; k++) {
    if (all[k] != NONE) {
      wins = wins && atomicLoad(&moves[all[k]].best) == bitcast<u32>(moves[i].gain) && atomicLoad(&moves[all[k]].mover) == i;
    }
  }
  if (!wins) {
    moves[i].partner = NONE;
  }
}

@compute @workgroup_size(SIZE)
fn apply(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= rule.n || moves[i].partner == NONE) {
    return;
  }
  let all = touched(i);
  let taken = moves[i].taken;
  mates[all.x] = all.z;
  mates[all.z] = all.x;
  weights[all.x] = taken;
  weights[all.z] = taken;
  let left = moves[i].left;
  let kept = left > LOWEST;
  if (all.y != NONE) {
    mates[all.y] = select(NONE, all.w, kept);
    weights[all.y] = select(0.0, left, kept);
  }
  if (all.w != NONE) {
    mates[all.w] = select(NONE, all.y, kept);
    weights[all.w] = select(0.0, left, kept);
  }
  atomicAdd(&moves[rule.n].best, 1u);
}
