// Tests scored pairs against filters and floors, and offers them to the queues of their rows.
// Included by score-topk.wgsl and score-blocks.wgsl, which score tiles of TILE x TILE pairs.
//
// Inputs, group 0: 0-3 pool.wgsl, 4 job, 12 extent, 5 index, 6 floors, 9 prices.
// In and out: 7 counters, 8 queue.
// Invariant: a queue counts every candidate, also those it has no room for, so that the merge sees
// an overflow.

// #include "score/weigh.wgsl"
// #include "score/job.wgsl"

struct Counter {
  // Candidates of the row since the last merge. More than `capacity` means that some were lost.
  queued: atomic<u32>,
  // Largest weight seen, as an ordered integer. Used by orders other than BY_WEIGHT only.
  top: atomic<u32>,
}

@group(0) @binding(5) var<storage, read> index: array<u32>;
@group(0) @binding(6) var<storage, read> floors: array<Place>;
@group(0) @binding(7) var<storage, read_write> counters: array<Counter>;
@group(0) @binding(8) var<storage, read_write> queue: array<vec2u>;
@group(0) @binding(9) var<storage, read> prices: array<f32>;

// Four columns, one per lane.
struct Quad {
  slot: vec4u,
  person: vec4u,
  have: vec4u,
  avoid: vec4u,
  speaks: vec4u,
  id: vec4u,
  bonus: vec4f,
  price: vec4f,
  floor: vec4f,
}

fn column(slot: u32) -> u32 {
  return index[job.columns_at + min(slot, extent.columns - 1u)];
}

fn row_person(slot: u32) -> u32 {
  return index[job.rows_at + min(slot, extent.rows - 1u)];
}

fn column_floor(slot: u32) -> f32 {
  if (job.half == 0u) {
    return 3.4028234e38;
  }
  return floors[min(slot, extent.columns - 1u)].first;
}

fn quad_at(slot: u32, c: vec4u) -> Quad {
  let p = people[c.x];
  let q = people[c.y];
  let r = people[c.z];
  let s = people[c.w];
  return Quad(
    vec4u(slot, slot + 1u, slot + 2u, slot + 3u),
    c,
    vec4u(p.have, q.have, r.have, s.have),
    vec4u(p.avoid, q.avoid, r.avoid, s.avoid),
    vec4u(p.speaks, q.speaks, r.speaks, s.speaks),
    vec4u(p.id, q.id, r.id, s.id),
    vec4f(p.bonus, q.bonus, r.bonus, s.bonus),
    vec4f(prices[c.x], prices[c.y], prices[c.z], prices[c.w]),
    vec4f(column_floor(slot), column_floor(slot + 1u), column_floor(slot + 2u), column_floor(slot + 3u)),
  );
}

fn ordered(w: f32) -> u32 {
  let bits = bitcast<u32>(w);
  return select(bits | 0x80000000u, ~bits, (bits & 0x80000000u) != 0u);
}

fn enqueue(slot: u32, other: u32, weight: f32) {
  let at = atomicAdd(&counters[slot].queued, 1u);
  if (at < job.capacity) {
    queue[slot * job.capacity + at] = vec2u(other, bitcast<u32>(weight));
  }
}

// Whether (i, j) with these keys may enter the list of the row in `slot`. The merge decides ties.
fn enters(slot: u32, key: vec2f, i: u32, j: u32) -> bool {
  let floor = floors[slot];
  if (key.x != floor.first) {
    return key.x > floor.first;
  }
  if (key.y != floor.second) {
    return key.y > floor.second;
  }
  return tie(i, j) <= floor.hash;
}

// Rare path: the pair reached the floor of its row or of its column.
fn consider(row_slot: u32, i: u32, slot: u32, j: u32, weight: f32) {
  let key = keys(i, j, weight);
  let to_row = enters(row_slot, key - vec2f(prices[j], 0.0), i, j);
  var to_column: bool = false;
  if (job.half != 0u) {
    to_column = enters(slot, key - vec2f(prices[i], 0.0), i, j);
  }
  if ((to_row || to_column) && !met_lately(i, j)) {
    if (to_row) {
      enqueue(row_slot, j, weight);
    }
    if (to_column) {
      enqueue(slot, i, weight);
    }
  }
}

fn finish_row(row_slot: u32, a: vec4f, b: vec4f, quad: Quad) {
  if (row_slot >= extent.rows) {
    return;
  }
  let i = row_person(row_slot);
  let me = people[i];
  let clash = (vec4u(me.avoid) & quad.have) | (quad.avoid & vec4u(me.have));
  // In a tile on the diagonal each pair is taken once.
  let own = vec4<bool>(job.half != 0u) & (quad.slot <= vec4u(row_slot)) & (quad.slot / (TILE) == vec4u(row_slot / (TILE)));
  var ok: vec4<bool> = (clash == vec4u()) & ((quad.speaks & vec4u(me.speaks)) != vec4u()) & (quad.slot < vec4u(extent.columns)) & (quad.person != vec4u(i)) & !own;
  if (!any(ok)) {
    return;
  }
  var w: vec4f = vec4f();
  if (rule.transform == HASH) {
    let hash = vec4f(hash_weight(me.id, quad.id.x), hash_weight(me.id, quad.id.y), hash_weight(me.id, quad.id.z), hash_weight(me.id, quad.id.w));
    w = weigh_hash(hash, vec4f(me.bonus) + quad.bonus, i, quad.person);
  } else {
    w = weigh(a, b, vec4f(me.bonus) + quad.bonus, vec4u(me.have), quad.have, i, quad.person);
  }
  ok &= w > vec4f(rule.threshold);
  if (rule.order == BY_WEIGHT) {
    ok &= (w - quad.price >= vec4f(floors[row_slot].first)) | (w - vec4f(prices[i]) >= quad.floor);
  }
  let bits = select(vec4u(), vec4u(1u, 2u, 4u, 8u), ok);
  for (var left: u32 = bits.x | bits.y | bits.z | bits.w; left != 0u; left &= left - 1u) {
    let lane = firstTrailingBit(left);
    consider(row_slot, i, quad.slot[lane], quad.person[lane], w[lane]);
    if (rule.order != BY_WEIGHT) {
      note_top(row_slot, w[lane]);
      if (job.half != 0u) {
        note_top(quad.slot[lane], w[lane]);
      }
    }
  }
}

fn note_top(slot: u32, w: f32) {
  let key = ordered(w);
  if (atomicLoad(&counters[slot].top) < key) {
    atomicMax(&counters[slot].top, key);
  }
}

// The tile of columns that a workgroup scores; NONE if another workgroup does.
fn column_tile(group: vec3u) -> u32 {
  if (job.half == 0u) {
    return job.first + group.y;
  }
  // A distance on the ring of tiles, so that each pair of tiles is scored once.
  let distance = job.first + group.y;
  let row_tile = job.row_tile + group.x;
  if (2u * distance == job.tiles && row_tile >= distance) {
    return NONE;
  }
  return (row_tile + distance) % job.tiles;
}
