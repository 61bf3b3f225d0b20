// Rounds of locally dominant pairs on the candidate lists. In a round every free row points at its
// best free candidate, and two rows that point at each other are paired. Under a total order of
// pairs this is the sequential greedy rule, pair for pair (Preis 1999; Manne and Bisseling 2007).
//
// Inputs, group 0: 0 round, 2 lists.
// In and out: 1 rows (list heads), 3 mates, 5 weights, 6 pairs made per round, 8 tally.
// Outputs: 4 best, 7 play (rows in play, and the rows left).
// Work: in a large pool each round is two dispatches (`point`, `pair`). Once few rows are in play,
// one workgroup plays all remaining rounds (`tail`). refill.wgsl then gives some rows new lists,
// and the next batch of rounds begins. Once nothing is left to do, all of them do nothing, so that
// the host can encode more batches than it may take.
// Invariant: a round without a pair is a fixed point. Every free row then has no candidate left, or
// its list ran dry (DRY), or it waits for such a row.

// #include "base/constants.wgsl"
// #include "score/rows.wgsl"
// #include "match/greedy/tally.wgsl"

struct Round {
  n: u32,
  // Slot of `pairs` that counts the pairs of this round; for `tail` that of the batch's first.
  round: u32,
  // 1: first round of a batch, so there is no count of a previous round.
  opening: u32,
  // 1: first batch on these lists. Candidates that were skipped may be free again.
  fresh: u32,
  // Rounds of the batch that were dispatches.
  wide: u32,
  // The tail plays only if at most this many rows are in play.
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
// u32[3][n]: rows in play, of this round and of the next; the rows left.
@group(0) @binding(7) var<storage, read_write> play: array<u32>;
@group(0) @binding(8) var<storage, read_write> tally: Tally;

override SIZE: u32 = 64u;
override WIDE: u32 = 256u;

// Nothing is left to do, or nothing may be done before the host has scored some rows again.
fn at_rest() -> bool {
  return tally.done != 0u || tally.lost != 0u;
}

// Whether an earlier round of the batch was a fixed point.
fn over() -> bool {
  return at_rest() || (round.opening == 0u && atomicLoad(&pairs[round.round - 1u]) == 0u);
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
  if (round.fresh != 0u && round.opening != 0u) {
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
var<workgroup> wide_rounds: atomic<u32>;
var<workgroup> left: atomic<u32>;
var<workgroup> dry: atomic<u32>;
var<workgroup> lost: atomic<u32>;
var<workgroup> resting: u32;
// 1: rows in play are looked for among all rows, not among those left.
var<workgroup> among_all: u32;
// 1: the dispatched rounds ended in a fixed point.
var<workgroup> fixed: u32;

// A row leaves the play, but may still find a partner.
fn leave(i: u32) {
  play[2u * round.n + atomicAdd(&left, 1u)] = i;
  if (best[i] == DRY) {
    atomicAdd(&dry, 1u);
    if ((rows[i].flags & OVERFLOWN) != 0u) {
      atomicAdd(&lost, 1u);
    }
  }
}

// One workgroup plays rounds until the lists decide nothing more, and lists the rows left.
@compute @workgroup_size(WIDE)
fn tail(@builtin(local_invocation_index) me: u32) {
  let n = round.n;
  if (me == 0u) {
    resting = select(0u, 1u, at_rest());
    among_all = select(0u, 1u, round.fresh != 0u || round.wide != 0u || tally.playing != 0u);
    fixed = 0u;
    if (round.wide > 0u && atomicLoad(&pairs[round.round + round.wide - 1u]) == 0u) {
      fixed = 1u;
    }
    if (among_all == 0u) {
      atomicStore(&kept, tally.left);
    }
    // A batch after a refill was counted there.
    if (resting == 0u && (round.fresh != 0u || tally.playing != 0u)) {
      tally.batches++;
    }
  }
  if (workgroupUniformLoad(&resting) != 0u) {
    return;
  }
  for (var r: u32 = me; r < round.wide; r += WIDE) {
    if (atomicLoad(&pairs[round.round + r]) != 0u) {
      atomicAdd(&wide_rounds, 1u);
    }
  }
  if (workgroupUniformLoad(&among_all) != 0u) {
    for (var i: u32 = me; i < n; i += WIDE) {
      // `best` is not known before the first round.
      if (mates[i] != NONE || (best[i] == NONE && (round.fresh == 0u || round.wide > 0u))) {
        continue;
      }
      // The dispatched rounds looked at all lists.
      if (round.wide > 0u && best[i] == DRY) {
        leave(i);
        continue;
      }
      play[atomicAdd(&kept, 1u)] = i;
      if (round.fresh != 0u && round.wide == 0u) {
        rows[i].head = 0u;
      }
    }
  } else {
    let waiting = workgroupUniformLoad(&kept);
    for (var k: u32 = me; k < waiting; k += WIDE) {
      play[k] = play[2u * n + k];
    }
  }
  storageBarrier();
  var count: u32 = workgroupUniformLoad(&kept);
  let at_rest_already = workgroupUniformLoad(&fixed) != 0u;
  var rounds: u32 = 0u;
  if (count > round.max_playing && !at_rest_already) {
    if (me == 0u) {
      tally.rounds += atomicLoad(&wide_rounds);
      tally.playing = count;
    }
    return;
  }
  var at: u32 = 0u;
  var work: u32 = 0u;
  var stopped: bool = false;
  loop {
    if (count == 0u || at_rest_already) {
      break;
    }
    if (work > round.work) {
      stopped = true;
      break;
    }
    work += count + ROUND_COST;
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
      if (mates[i] != NONE || best[i] == NONE) {
        continue;
      }
      // A dry row leaves the play. Others may wait for it.
      if (best[i] == DRY) {
        leave(i);
      } else {
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
  for (var k: u32 = me; k < count; k += WIDE) {
    leave(play[at + k]);
  }
  workgroupBarrier();
  if (me == 0u) {
    tally.visits += work;
    tally.rounds += atomicLoad(&wide_rounds) + rounds;
    tally.playing = select(0u, count, stopped);
    tally.left = atomicLoad(&left);
    tally.dry = atomicLoad(&dry);
    tally.lost = select(atomicLoad(&lost), 0u, stopped);
    tally.done = select(0u, 1u, !stopped && atomicLoad(&dry) == 0u);
  }
}
