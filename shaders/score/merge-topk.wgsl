// Sorts the queue of every row into its list of the K best and raises the row's floor.
//
// Bindings: lists.wgsl.
// Invariants: one invocation owns one row. A list is sorted in the total order of pairs, its keys
// less the partners' prices. A row whose queue overflowed is marked OVERFLOWN.

// #include "score/lists.wgsl"

override SIZE: u32 = 64u;

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
  return earlier_id(i, j, k);
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
