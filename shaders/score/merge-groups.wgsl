// Sorts the queue of every row into its list of the K best and raises the row's floor.
//
// Bindings: lists.wgsl. The same lists as merge-topk.wgsl, for devices with workgroup memory.
// Work: a workgroup merges one row. The list and a part of the queue are in workgroup memory. Those
// of the part that go before the last entry of a full list enter: a binary search finds their place
// among the list, and a count those of the part that go before.
// Invariants: a list is sorted in the total order of pairs, its keys less the partners' prices. A
// pair is in the list or the queue of a row once. A row whose queue overflowed is marked OVERFLOWN.

// #include "score/lists.wgsl"

override LANES: u32 = 64u;

// Entries of a queue that are merged at a time.
const PART: u32 = 128u;
// With those of a list, at most 128 (MAX_LENGTH of the host).
const ROOM: u32 = 256u;

// Entries, their keys as the row ranks them, and the hashes of their pairs; twice, so that entries
// move from one half to the other. In each half the list, then those that enter.
var<workgroup> entries: array<vec2u, 2u * ROOM>;
var<workgroup> ranks: array<vec2f, 2u * ROOM>;
var<workgroup> hashes: array<u32, 2u * ROOM>;
// Entries of the list that go before one that enters.
var<workgroup> spots: array<u32, PART>;
var<workgroup> entering: atomic<u32>;
var<workgroup> queued: u32;
var<workgroup> listed: u32;

struct Ranked {
  entry: vec2u,
  // Keys, net of the price of the partner.
  rank: vec2f,
  hash: u32,
}

fn ranked(i: u32, entry: vec2u) -> Ranked {
  return Ranked(entry, seen(i, entry.x, bitcast<f32>(entry.y)), tie(i, entry.x));
}

fn put(at: u32, a: Ranked) {
  entries[at] = a.entry;
  ranks[at] = a.rank;
  hashes[at] = a.hash;
}

fn taken(at: u32) -> Ranked {
  return Ranked(entries[at], ranks[at], hashes[at]);
}

// Whether `a` goes before the entry at b in the total order. Both are of row i.
fn goes_before(a: Ranked, b: u32, i: u32) -> bool {
  let q = ranks[b];
  if (a.rank.x != q.x) {
    return a.rank.x > q.x;
  }
  if (a.rank.y != q.y) {
    return a.rank.y > q.y;
  }
  if (a.hash != hashes[b]) {
    return a.hash < hashes[b];
  }
  return earlier_id(i, a.entry.x, entries[b].x);
}

// How many of the `length` entries from `first` on, in order, go before `a`, which is none of them.
fn spot(a: Ranked, first: u32, length: u32, i: u32) -> u32 {
  var low: u32 = 0u;
  var high: u32 = length;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (goes_before(a, first + middle, i)) {
      high = middle;
    } else {
      low = middle + 1u;
    }
  }
  return low;
}

@compute @workgroup_size(LANES)
fn merge(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) me: u32) {
  let slot = job.row_first + group.x;
  if (slot >= min(job.row_end, extent.rows)) {
    return;
  }
  let i = index[job.rows_at + slot];
  if (me == 0u) {
    queued = counters[slot].queued;
    listed = rows[i].length;
  }
  let offered = workgroupUniformLoad(&queued);
  if (offered == 0u) {
    return;
  }
  let start = job.lists_at + i * job.length;
  let kept = min(offered, job.capacity);
  var length: u32 = workgroupUniformLoad(&listed);
  for (var e: u32 = me; e < length; e += LANES) {
    put(e, ranked(i, lists[start + e]));
  }
  var half: u32 = 0u;
  for (var done: u32 = 0u; done < kept; done += PART) {
    if (me == 0u) {
      atomicStore(&entering, 0u);
    }
    workgroupBarrier();
    let part = min(PART, kept - done);
    for (var e: u32 = me; e < part; e += LANES) {
      let a = ranked(i, queue[slot * job.capacity + done + e]);
      if (length < job.length || goes_before(a, half + length - 1u, i)) {
        let k = atomicAdd(&entering, 1u);
        put(half + length + k, a);
        spots[k] = spot(a, half, length, i);
      }
    }
    let new_ones = workgroupUniformLoad(&entering);
    let count = length + new_ones;
    let to = ROOM - half;
    for (var e: u32 = me; e < count; e += LANES) {
      let a = taken(half + e);
      var place: u32 = e;
      if (e < length) {
        for (var k: u32 = 0u; k < new_ones; k++) {
          place += select(0u, 1u, spots[k] <= e);
        }
      } else {
        place = spots[e - length];
        for (var other: u32 = length; other < count; other++) {
          place += select(1u, 0u, other == e || goes_before(a, half + other, i));
        }
      }
      if (place < job.length) {
        put(to + place, a);
      }
    }
    workgroupBarrier();
    half = to;
    length = min(count, job.length);
  }
  for (var e: u32 = me; e < length; e += LANES) {
    lists[start + e] = entries[half + e];
  }
  if (me != 0u) {
    return;
  }
  counters[slot].queued = 0u;
  var row: Row = rows[i];
  row.length = length;
  row.top = bitcast<f32>(entries[half].y);
  if (length == job.length) {
    let last = half + length - 1u;
    row.first = ranks[last].x;
    row.second = ranks[last].y;
    row.flags |= FULL;
    floors[slot] = Place(row.first, row.second, hashes[last]);
  }
  if (offered > job.capacity) {
    row.flags |= OVERFLOWN | FULL;
  }
  rows[i] = row;
}
