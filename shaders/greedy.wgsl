// Locally dominant pairs, one round in two passes: every free row points at its best free candidate; those who point at each other
// are paired. Under a total order of pairs this is the sequential greedy rule, pair for pair (Preis 1999; Manne and Bisseling 2007).
// Needs rows.wgsl.

const NONE: u32 = 0xffffffffu;
// The list ran dry, but it was not the whole of the row.
const DRY: u32 = 0xfffffffeu;

struct Round {
  n: u32,
  // Slot of `pairs` that counts this round.
  round: u32,
  // 1: the first of a batch, which cannot look back.
  opening: u32,
}

@group(0) @binding(0) var<uniform> round: Round;
@group(0) @binding(1) var<storage, read_write> rows: array<Row>;
@group(0) @binding(2) var<storage, read> lists: array<vec2u>;
@group(0) @binding(3) var<storage, read_write> mates: array<u32>;
@group(0) @binding(4) var<storage, read_write> best: array<u32>;
@group(0) @binding(5) var<storage, read_write> weights: array<f32>;
@group(0) @binding(6) var<storage, read_write> pairs: array<atomic<u32>>;

override SIZE: u32 = 64u;

// A round without pairs is a fixed point: whatever follows in the batch would find nothing either.
fn over() -> bool {
  return round.opening == 0u && atomicLoad(&pairs[round.round - 1u]) == 0u;
}

@compute @workgroup_size(SIZE)
fn point(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= round.n || over()) {
    return;
  }
  if (mates[i] != NONE) {
    best[i] = NONE;
    return;
  }
  var row: Row = rows[i];
  if ((row.flags & OVERFLOWN) != 0u) {
    best[i] = DRY;
    return;
  }
  var found: u32 = select(NONE, DRY, (row.flags & FULL) != 0u);
  var at: u32 = row.head;
  loop {
    if (at >= row.length) {
      break;
    }
    let j = lists[row.start + at].x;
    if (mates[j] == NONE) {
      found = j;
      break;
    }
    at++;
  }
  rows[i].head = at;
  best[i] = found;
}

@compute @workgroup_size(SIZE)
fn pair(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= round.n || over()) {
    return;
  }
  let j = best[i];
  if (j >= DRY || j < i || best[j] != i) {
    return;
  }
  let w = bitcast<f32>(lists[rows[i].start + rows[i].head].y);
  mates[i] = j;
  mates[j] = i;
  weights[i] = w;
  weights[j] = w;
  atomicAdd(&pairs[round.round], 1u);
}
