// What the passes that merge queues into lists read and write. Included by merge-topk.wgsl and
// merge-groups.wgsl.
//
// Inputs, group 0: 0-3 pool.wgsl, 4 job, 12 extent, 5 index, 8 queue, 9 prices.
// In and out: 6 floors, 7 counters, 10 rows, 11 lists.

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

// Keys of (i, j) as row i ranks them: net of the price of j.
fn seen(i: u32, j: u32, w: f32) -> vec2f {
  return keys(i, j, w) - vec2f(prices[j], 0.0);
}

// Whether (i, j) goes before (i, k) by ids, where keys and hashes are equal.
fn earlier_id(i: u32, j: u32, k: u32) -> bool {
  let me = people[i].id;
  let p = people[j].id;
  let q = people[k].id;
  if (min(me, p) != min(me, q)) {
    return min(me, p) < min(me, q);
  }
  return max(me, p) < max(me, q);
}
