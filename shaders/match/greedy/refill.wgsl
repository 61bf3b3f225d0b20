// Chooses the rows that get a longer list at a stall of greedy, and writes the job of scoring
// them: the chosen rows against all rows left. Candidates are the rows that ran dry, and those
// whose longer list is nearly used up, because they will stall next. Of more candidates than
// `batch` those with a longer list go first: they were among the best at an earlier stall and
// still have no partner. Then those with the best last entries: an unseen entry of a row is at
// most as good as its last one, so these rows block all others, many of which find a partner
// before their turn. The matching never depends on the choice.
//
// `batch` follows what became of the last two refills. It doubles where as many rows found a
// partner as got a list, until half as many more do not follow from it, and where nearly all rows
// with new lists wait for others. It halves where less than half found a partner, and not ever
// more: lists that share a direction of popularity hold the same few people.
//
// Inputs, group 0: 0 refill, 1 rows, 2 best, 3 play.
// In and out: 4 index, 5 tally. Outputs: 6 extent.
// Work: one workgroup. Digits of 8 bits from the top narrow the keys down to a threshold.

// #include "base/constants.wgsl"
// #include "score/rows.wgsl"
// #include "match/greedy/tally.wgsl"

const DIGITS: u32 = 256u;
// Words of a key: whether the row has a longer list and the first key of its last entry; the second
// key; the position.
const WORDS: u32 = 3u;

struct Refill {
  n: u32,
  // Rows wanted at least, and at most and at first, and rows that there is room for.
  least: u32,
  most: u32,
  room: u32,
  // The longer lists begin at this entry.
  lists_at: u32,
  // With at most so many rows left finish.wgsl decides them all.
  max_left: u32,
  // Rows left that the host has encoded scoring for.
  columns: u32,
}

@group(0) @binding(0) var<uniform> refill: Refill;
@group(0) @binding(1) var<storage, read> rows: array<Row>;
@group(0) @binding(2) var<storage, read> best: array<u32>;
@group(0) @binding(3) var<storage, read> play: array<u32>;
@group(0) @binding(4) var<storage, read_write> index: array<u32>;
@group(0) @binding(5) var<storage, read_write> tally: Tally;
@group(0) @binding(6) var<storage, read_write> extent: vec2u;

override WIDE: u32 = 256u;

var<workgroup> bins: array<atomic<u32>, DIGITS>;
var<workgroup> taken: atomic<u32>;
var<workgroup> left: u32;
var<workgroup> want: u32;
// Rows that the first digit found: candidates, and those of them that have a longer list.
var<workgroup> found: u32;
var<workgroup> spent: u32;
// The threshold so far; rows above it; 1: rows that equal it so far are all taken.
var<workgroup> bound: array<u32, WORDS>;
var<workgroup> above: u32;
var<workgroup> settled: u32;
// 1: all candidates are taken.
var<workgroup> all: u32;

fn refilled(i: u32) -> bool {
  return rows[i].start >= refill.lists_at;
}

// Whether row i ran dry, or soon will.
fn candidate(i: u32) -> bool {
  if (best[i] == DRY) {
    return true;
  }
  let row = rows[i];
  return refilled(i) && (row.flags & FULL) != 0u && 4u * row.head >= 3u * row.length;
}

fn word(i: u32, w: u32) -> u32 {
  if (w == 0u) {
    return select(0u, 0x80000000u, refilled(i)) | (ordered(rows[i].first) >> 1u);
  }
  if (w == 1u) {
    return ordered(rows[i].second);
  }
  return ~i;
}

// Sign of the first `digits` digits of the key of row i less the threshold: 0, 1 or 2 for less,
// equal, more.
fn against_bound(i: u32, digits: u32) -> u32 {
  for (var w: u32 = 0u; w < WORDS; w++) {
    if (4u * w >= digits) {
      break;
    }
    let used = min(4u, digits - 4u * w);
    let drop = 32u - 8u * used;
    let mine = word(i, w) >> drop;
    let limit = bound[w] >> drop;
    if (mine != limit) {
      return select(0u, 2u, mine > limit);
    }
  }
  return 1u;
}

fn most(wanted: u32) -> u32 {
  // A quarter more rows than wanted cost less than another look.
  return min(refill.room, wanted + wanted / 4u);
}

// Decides how many rows are wanted, by what became of the last refill.
fn plan() {
  found = 0u;
  spent = 0u;
  for (var d: u32 = 0u; d < DIGITS; d++) {
    let here = atomicLoad(&bins[d]);
    found += here;
    spent += select(0u, here, d >= DIGITS / 2u);
  }
  var batch: u32 = tally.batch;
  var grown: u32 = 0u;
  if (batch == 0u) {
    batch = refill.most;
    tally.limit = refill.most;
  } else {
    let made = tally.before - tally.left;
    if (tally.grown != 0u && 2u * made < 3u * tally.made) {
      batch /= 2u;
      tally.limit = batch;
    } else if (4u * max(made, spent) < batch) {
      batch = min(refill.most, 2u * batch);
    } else if (made + tally.made >= 2u * batch && batch < tally.limit) {
      grown = 1u;
      batch = min(tally.limit, 2u * batch);
    } else if (made + tally.made < batch && made <= tally.made) {
      batch = max(refill.least, batch / 2u);
    }
    tally.made = made;
  }
  tally.grown = grown;
  tally.batch = batch;
  tally.before = tally.left;
  want = min(batch, found);
  all = select(0u, 1u, found <= most(batch));
}

fn narrow(digits: u32) {
  let at = 24u - 8u * (digits % 4u);
  var d: u32 = DIGITS - 1u;
  var more: u32 = above;
  loop {
    let here = atomicLoad(&bins[d]);
    if (more + here >= want || d == 0u) {
      above = more;
      bound[digits / 4u] |= d << at;
      settled = select(0u, 1u, more + here <= most(want));
      break;
    }
    more += here;
    d--;
  }
}

@compute @workgroup_size(WIDE)
fn choose(@builtin(local_invocation_index) me: u32) {
  if (me == 0u) {
    let wanted = tally.done == 0u && tally.lost == 0u && tally.playing == 0u &&
      tally.left > refill.max_left && tally.left <= refill.columns;
    left = select(0u, tally.left, wanted);
    settled = 0u;
    all = 0u;
    above = 0u;
    for (var w: u32 = 0u; w < WORDS; w++) {
      bound[w] = 0u;
    }
    if (!wanted) {
      extent = vec2u();
    }
  }
  let count = workgroupUniformLoad(&left);
  if (count == 0u) {
    return;
  }
  let first_left = 2u * refill.n;
  var digits: u32 = 0u;
  loop {
    if (workgroupUniformLoad(&settled) != 0u || digits == 4u * WORDS) {
      break;
    }
    for (var d: u32 = me; d < DIGITS; d += WIDE) {
      atomicStore(&bins[d], 0u);
    }
    workgroupBarrier();
    for (var k: u32 = me; k < count; k += WIDE) {
      let i = play[first_left + k];
      if (candidate(i) && against_bound(i, digits) == 1u) {
        atomicAdd(&bins[(word(i, digits / 4u) >> (24u - 8u * (digits % 4u))) & 255u], 1u);
      }
    }
    workgroupBarrier();
    if (me == 0u) {
      if (digits == 0u) {
        plan();
      }
      narrow(digits);
      settled |= all;
    }
    digits++;
  }
  let take_all = workgroupUniformLoad(&all) != 0u;
  for (var k: u32 = me; k < count; k += WIDE) {
    let i = play[first_left + k];
    index[first_left + k] = i;
    if (candidate(i) && (take_all || against_bound(i, digits) != 0u)) {
      index[refill.n + atomicAdd(&taken, 1u)] = i;
    }
  }
  workgroupBarrier();
  if (me == 0u) {
    let chosen = atomicLoad(&taken);
    extent = vec2u(chosen, count);
    if (tally.batches < MAX_EXTENTS) {
      tally.extents[tally.batches] = extent;
    }
    tally.batches++;
    tally.refills++;
    tally.scans += f32(chosen) / f32(refill.n) * (f32(count) / f32(refill.n));
  }
}
