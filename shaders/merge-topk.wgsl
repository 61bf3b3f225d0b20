// Moves the queue of every row into its sorted list of the K best, and raises the floor that newcomers must reach.
// Needs hash.wgsl, pool.wgsl, score-job.wgsl, rows.wgsl.

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

// Does (i, j) go before (i, k) in the total order?
fn goes_before(i: u32, j: u32, v: f32, k: u32, w: f32) -> bool {
  let a = keys(i, j, v) - vec2f(prices[j], 0.0);
  let b = keys(i, k, w) - vec2f(prices[k], 0.0);
  if (a.x != b.x) {
    return a.x > b.x;
  }
  if (a.y != b.y) {
    return a.y > b.y;
  }
  let me = people[i].id;
  let p = people[j].id;
  let q = people[k].id;
  let g = pair_hash(me, p, rule.seed);
  let h = pair_hash(me, q, rule.seed);
  if (g != h) {
    return g < h;
  }
  if (min(me, p) != min(me, q)) {
    return min(me, p) < min(me, q);
  }
  return max(me, p) < max(me, q);
}

@compute @workgroup_size(SIZE)
fn begin(@builtin(global_invocation_id) id: vec3u) {
  let slot = id.x;
  if (slot >= job.rows) {
    return;
  }
  floors[slot] = Place(LOWEST, LOWEST, NONE);
  counters[slot] = Counter(0u, 0u);
  var start: u32 = slot * job.length;
  if (job.starts_at != NONE) {
    start = index[job.starts_at + slot];
  }
  rows[index[job.rows_at + slot]] = Row(start, 0u, 0u, 0u, LOWEST, LOWEST);
}

@compute @workgroup_size(SIZE)
fn merge(@builtin(global_invocation_id) id: vec3u) {
  let slot = id.x;
  if (slot >= job.rows) {
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
    let w = bitcast<f32>(entry.y);
    var at: u32 = row.length;
    if (at == job.length) {
      let last = lists[row.start + at - 1u];
      if (!goes_before(i, entry.x, w, last.x, bitcast<f32>(last.y))) {
        continue;
      }
      at--;
    } else {
      row.length++;
    }
    loop {
      if (at == 0u) {
        break;
      }
      let above = lists[row.start + at - 1u];
      if (!goes_before(i, entry.x, w, above.x, bitcast<f32>(above.y))) {
        break;
      }
      lists[row.start + at] = above;
      at--;
    }
    lists[row.start + at] = entry;
  }
  if (row.length == job.length) {
    let last = lists[row.start + row.length - 1u];
    let w = bitcast<f32>(last.y);
    let k = keys(i, last.x, w) - vec2f(prices[last.x], 0.0);
    row.first = k.x;
    row.second = k.y;
    row.flags |= FULL;
    floors[slot] = Place(k.x, k.y, pair_hash(people[i].id, people[last.x].id, rule.seed));
  }
  if (queued > job.capacity) {
    row.flags |= OVERFLOWN | FULL;
  }
  rows[i] = row;
}
