// Sorts the queue of every row into its list of the K best and raises the row's floor.
//
// Bindings: lists.wgsl. The same lists as merge-topk.wgsl, for devices with workgroup memory.
// Work: a workgroup merges one row. The list and a part of the queue are in workgroup memory, and
// the new place of an entry is the number of entries that go before it.
// Invariants: a list is sorted in the total order of pairs, its keys less the partners' prices. A
// pair is in the list or the queue of a row once. A row whose queue overflowed is marked OVERFLOWN.

// #include "score/lists.wgsl"

override LANES: u32 = 64u;

// Entries of a queue that are merged at a time.
const PART: u32 = 128u;
// With those of a list, at most 128 (MAX_LENGTH of the host).
const ROOM: u32 = 256u;

// Entries, their keys as the row ranks them, and the hashes of their pairs; twice, so that entries
// move from one half to the other.
var<workgroup> entries: array<vec2u, 2u * ROOM>;
var<workgroup> ranks: array<vec2f, 2u * ROOM>;
var<workgroup> hashes: array<u32, 2u * ROOM>;
var<workgroup> queued: u32;
var<workgroup> listed: u32;

// Puts an entry of row i to `at`. Its keys are net of the price of the partner.
fn hold(at: u32, i: u32, entry: vec2u) {
  entries[at] = entry;
  ranks[at] = seen(i, entry.x, bitcast<f32>(entry.y));
  hashes[at] = tie(i, entry.x);
}

// Whether the entry at a goes before the entry at b in the total order. Both are of row i.
fn goes_before(a: u32, b: u32, i: u32) -> bool {
  let p = ranks[a];
  let q = ranks[b];
  if (p.x != q.x) {
    return p.x > q.x;
  }
  if (p.y != q.y) {
    return p.y > q.y;
  }
  if (hashes[a] != hashes[b]) {
    return hashes[a] < hashes[b];
  }
  return earlier_id(i, entries[a].x, entries[b].x);
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
    hold(e, i, lists[start + e]);
  }
  var half: u32 = 0u;
  for (var done: u32 = 0u; done < kept; done += PART) {
    let count = length + min(PART, kept - done);
    for (var e: u32 = length + me; e < count; e += LANES) {
      hold(half + e, i, queue[slot * job.capacity + done + e - length]);
    }
    workgroupBarrier();
    let to = ROOM - half;
    for (var e: u32 = me; e < count; e += LANES) {
      // Entries of the list are in order already.
      var place: u32 = select(0u, e, e < length);
      for (var other: u32 = select(0u, length, e < length); other < count; other++) {
        place += select(0u, 1u, goes_before(half + other, half + e, i));
      }
      if (place < job.length) {
        entries[to + place] = entries[half + e];
        ranks[to + place] = ranks[half + e];
        hashes[to + place] = hashes[half + e];
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
