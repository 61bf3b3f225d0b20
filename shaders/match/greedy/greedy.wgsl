// Rounds of locally dominant pairs on the candidate lists. In a round every free row points at its
// best free candidate, and two rows that point at each other are paired. Under a total order of
// pairs this is the sequential greedy rule, pair for pair (Preis 1999; Manne and Bisseling 2007).
//
// Inputs, group 0: 0 round, 2 lists.
// In and out: 1 rows (list heads), 3 mates, 5 weights, 6 pairs made per round.
// Outputs: 4 best, 7 play (rows in play, then the rows left), 8 tally.
// Work: in a large pool each round is two dispatches (`point`, `pair`). Once few rows are in play,
// one workgroup plays all remaining rounds (`tail`).
// Invariant: a round without a pair is a fixed point. Every free row then has no candidate left, or
// its list ran dry (DRY), or it waits for such a row.

// #include "base/constants.wgsl"
// #include "score/rows.wgsl"
// #include "match/greedy/tally.wgsl"

// The list has no free entry left, but the row may have partners beyond it.
const DRY: u32 = 0xfffffffeu;

struct Round {
  n: u32,
  // Slot of `pairs` that counts the pairs of this round.
  round: u32,
  // 1: first round of a batch, so there is no count of a previous round.
  opening: u32,
  // The tail starts only if at most this many rows are in play.
  max_playing: u32,
  // The tail stops after about this many row visits.
  work: u32,
}

@group(0) @binding(0) var<uniform> round: Round;
@group(0) @binding(1) var<storage, read_write> rows: array<Row>;
@group(0) @binding(2) var<storage, read> lists: array<vec2u>;
@group(0) @binding(3) var<storage, read_write> mates: array<u32>;
@group(0) @binding(4) var<storage, read_write> best: array<u32>;
@group(0) @binding(5) var<storage, read_write> weights: array<f32>;
@group(0) @binding(6) var<storage, read_write> pairs: array<atomic<u32>>;
// u32[2][n]: rows in play, of this round and of the next; at the end the rows left, from index 0.
@group(0) @binding(7) var<storage, read_write> play: array<u32>;
@group(0) @binding(8) var<storage, read_write> tally: Tally;

override SIZE: u32 = 64u;
override WIDE: u32 = 256u;

// Whether an earlier round of the batch was a fixed point.
fn over() -> bool {
  return round.opening == 0u && atomicLoad(&pairs[round.round - 1u]) == 0u;
}

// First free candidate of row i; DRY or NONE if there is none.
fn look(i: u32) -> u32 {
  let row = rows[i];
  if ((row.flags & OVERFLOWN) != 0u) {
    return DRY;
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
  return found;
}

fn mutual(i: u32) -> bool {
  let j = best[i];
  return j < DRY && j > i && best[j] == i;
}

fn join(i: u32) {
  let j = best[i];
  let w = bitcast<f32>(lists[rows[i].start + rows[i].head].y);
  mates[i] = j;
  mates[j] = i;
  weights[i] = w;
  weights[j] = w;
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
  // A candidate that was skipped may be free in another matching on the same lists.
  if (round.opening != 0u) {
    rows[i].head = 0u;
  }
  best[i] = look(i);
}

@compute @workgroup_size(SIZE)
fn pair(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= round.n || over() || !mutual(i)) {
    return;
  }
  join(i);
  atomicAdd(&pairs[round.round], 1u);
}

var<workgroup> kept: atomic<u32>;
var<workgroup> made: atomic<u32>;
var<workgroup> runs_dry: atomic<u32>;

// One workgroup plays rounds until the lists decide nothing more.
@compute @workgroup_size(WIDE)
fn tail(@builtin(local_invocation_index) me: u32) {
  let n = round.n;
  for (var i: u32 = me; i < n; i += WIDE) {
    if (mates[i] == NONE) {
      play[atomicAdd(&kept, 1u)] = i;
      rows[i].head = 0u;
    }
  }
  storageBarrier();
  var count: u32 = workgroupUniformLoad(&kept);
  var rounds: u32 = 0u;
  if (count > round.max_playing) {
    if (me == 0u) {
      tally = Tally(0u, count, 0u, 0u);
    }
    return;
  }
  var at: u32 = 0u;
  var work: u32 = 0u;
  var stopped: bool = false;
  loop {
    if (count == 0u) {
      break;
    }
    if (work > round.work) {
      stopped = true;
      break;
    }
    work += count + 16u * WIDE;
    for (var k: u32 = me; k < count; k += WIDE) {
      let i = play[at + k];
      best[i] = look(i);
    }
    if (me == 0u) {
      atomicStore(&kept, 0u);
      atomicStore(&made, 0u);
    }
    storageBarrier();
    workgroupBarrier();
    for (var k: u32 = me; k < count; k += WIDE) {
      let i = play[at + k];
      if (mutual(i)) {
        join(i);
        atomicAdd(&made, 1u);
      }
    }
    storageBarrier();
    workgroupBarrier();
    let to = n - at;
    for (var k: u32 = me; k < count; k += WIDE) {
      let i = play[at + k];
      // A row without candidates leaves the play. Others may wait for a dry row.
      if (mates[i] == NONE && best[i] < DRY) {
        play[to + atomicAdd(&kept, 1u)] = i;
      }
    }
    storageBarrier();
    at = to;
    count = workgroupUniformLoad(&kept);
    if (workgroupUniformLoad(&made) == 0u) {
      break;
    }
    rounds++;
  }
  // The rows left, in any order.
  if (me == 0u) {
    atomicStore(&kept, 0u);
  }
  workgroupBarrier();
  for (var i: u32 = me; i < n; i += WIDE) {
    if (mates[i] == NONE && best[i] != NONE) {
      play[atomicAdd(&kept, 1u)] = i;
      if (best[i] == DRY) {
        atomicAdd(&runs_dry, 1u);
      }
    }
  }
  let left = workgroupUniformLoad(&kept);
  let dry = workgroupUniformLoad(&runs_dry);
  if (me == 0u) {
    tally = Tally(rounds, select(0u, count, stopped), left, dry);
  }
}
