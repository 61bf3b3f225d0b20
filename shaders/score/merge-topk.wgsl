// Sorts the queue of every row into its list of the K best and raises the row's floor.
//
// Inputs, group 0: 0-3 pool.wgsl, 4 job, 12 extent, 5 index, 8 queue, 9 prices.
// In and out: 6 floors, 7 counters, 10 rows, 11 lists.
// Invariants: one invocation owns one row. A list is sorted in the total order of pairs, its keys
// less the partners' prices. A row whose queue overflowed is marked OVERFLOWN.

// #include "score/job.wgsl"
// #include "score/rows.wgsl"

struct Counter {
  queued: u32,
  top: u32,
}

@group(0) @binding(5) var<storage, read> index: array<u32>;
@group(0) @binding(6) var<storage, read_write> floors: array<Place>;
@group(0) @binding(7) var<storage, read_write> counters: array<Counter>;
@group(0) @binding(8) var<storage, read> queue: array<vec2u>;
@group(0) @binding(9) var<storage, read> prices: array<f32>;
@group(0) @binding(10) var<storage, read_write> rows: array<Row>;
@group(0) @binding(11) var<storage, read_write> lists: array<vec2u>;

override SIZE: u32 = 64u;

// Keys of (i, j) as row i ranks them: net of the price of j.
fn seen(i: u32, j: u32, w: f32) -> vec2f {
  return keys(i, j, w) - vec2f(prices[j], 0.0);
}

// Whether (i, j) with keys a goes before (i, k) with keys b in the total order.
fn goes_before(i: u32, j: u32, a: vec2f, k: u32, b: vec2f) -> bool {
  if (a.x != b.x) {
    return a.x > b.x;
  }
  if (a.y != b.y) {
    return a.y > b.y;
  }
  let g = tie(i, j);
  let h = tie(i, k);
  if (g != h) {
    return g < h;
  }
  let me = people[i].id;
  let p = people[j].id;
  let q = people[k].id;
  if (min(me, p) != min(me, q)) {
    return min(me, p) < min(me, q);
  }
  return max(me, p) < max(me, q);
}

// Empties lists, floors and queues of the job's rows.
@compute @workgroup_size(SIZE)
fn begin(@builtin(global_invocation_id) id: vec3u) {
  let slot = id.x;
  if (slot >= extent.rows) {
    return;
  }
  floors[slot] = Place(LOWEST, LOWEST, NONE);
  counters[slot] = Counter(0u, 0u);
  let i = index[job.rows_at + slot];
  rows[i] = Row(job.lists_at + i * job.length, 0u, 0u, 0u, LOWEST, LOWEST, 0.0);
}

@compute @workgroup_size(SIZE)
fn merge(@builtin(global_invocation_id) id: vec3u) {
  let slot = job.row_first + id.x;
  if (slot >= min(job.row_end, extent.rows)) {
    return;
  }
  let queued = counters[slot].queued;
  if (queued == 0u) {
    return;
  }
  counters[slot].queued = 0u;
  let i = index[job.rows_at + slot];
  var row: Row = rows[i];
  let kept = min(queued, job.capacity);
  for (var q: u32 = 0u; q < kept; q++) {
    let entry = queue[slot * job.capacity + q];
    let key = seen(i, entry.x, bitcast<f32>(entry.y));
    // Binary search. An entry that falls off a full list is dropped.
    var place: u32 = 0u;
    var end: u32 = row.length;
    while (place < end) {
      let middle = (place + end) / 2u;
      let other = lists[row.start + middle];
      let first = goes_before(i, entry.x, key, other.x, seen(i, other.x, bitcast<f32>(other.y)));
      end = select(end, middle, first);
      place = select(middle + 1u, place, first);
    }
    if (place < job.length) {
      for (var at: u32 = min(row.length, job.length - 1u); at > place; at--) {
        lists[row.start + at] = lists[row.start + at - 1u];
      }
      lists[row.start + place] = entry;
      row.length = min(row.length + 1u, job.length);
    }
  }
  if (row.length > 0u) {
    row.top = bitcast<f32>(lists[row.start].y);
  }
  if (row.length == job.length) {
    let last = lists[row.start + row.length - 1u];
    let k = seen(i, last.x, bitcast<f32>(last.y));
    row.first = k.x;
    row.second = k.y;
    row.flags |= FULL;
    floors[slot] = Place(k.x, k.y, tie(i, last.x));
  }
  if (queued > job.capacity) {
    row.flags |= OVERFLOWN | FULL;
  }
  rows[i] = row;
}
