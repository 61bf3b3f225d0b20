// Scores a tile of rows against a tile of columns and queues every pair that may enter a list.
//
// Inputs, group 0: 0-3 pool.wgsl, 4 job, 12 extent, 5 index, 6 floors, 9 prices.
// In and out: 7 counters, 8 queue.
// Work: a workgroup scores (8 SIDE)^2 pairs, an invocation 8 rows x 8 columns, as two register
// blocks of 8 x 4.
// Invariants: weights never leave registers unless they reach a floor. A queue counts every
// candidate, also those it has no room for, so that merge-topk.wgsl sees an overflow.

// #include "score/weigh.wgsl"
// #include "score/job.wgsl"

override SIDE: u32 = 8u;

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
  let own = vec4<bool>(job.half != 0u) & (quad.slot <= vec4u(row_slot)) & (quad.slot / (8u * SIDE) == vec4u(row_slot / (8u * SIDE)));
  var ok: vec4<bool> = (clash == vec4u()) & ((quad.speaks & vec4u(me.speaks)) != vec4u()) & (quad.slot < vec4u(extent.columns)) & (quad.person != vec4u(i)) & !own;
  if (!any(ok)) {
    return;
  }
  var w: vec4f = vec4f();
  if (rule.transform == HASH) {
    w = vec4f(hash_weight(me.id, quad.id.x), hash_weight(me.id, quad.id.y), hash_weight(me.id, quad.id.z), hash_weight(me.id, quad.id.w)) + (vec4f(me.bonus) + quad.bonus);
  } else {
    w = weigh(a, b, vec4f(me.bonus) + quad.bonus, vec4u(me.have), quad.have);
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

@compute @workgroup_size(SIDE, SIDE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let row_tile = job.row_tile + group.x;
  var column_tile: u32 = job.first + group.y;
  if (job.half != 0u) {
    // `column_tile` is a distance on the ring of tiles, so that each pair of tiles is scored once.
    if (2u * column_tile == job.tiles && row_tile >= column_tile) {
      return;
    }
    column_tile = (row_tile + column_tile) % job.tiles;
  }
  let row = row_tile * 8u * SIDE + local.x;
  if (row >= extent.rows) {
    return;
  }
  let i0 = row_person(row);
  let i1 = row_person(row + SIDE);
  let i2 = row_person(row + 2u * SIDE);
  let i3 = row_person(row + 3u * SIDE);
  let i4 = row_person(row + 4u * SIDE);
  let i5 = row_person(row + 5u * SIDE);
  let i6 = row_person(row + 6u * SIDE);
  let i7 = row_person(row + 7u * SIDE);
  for (var side: u32 = 0u; side < 2u; side++) {
    let slot = (column_tile * SIDE + local.y) * 8u + 4u * side;
    if (slot >= extent.columns) {
      return;
    }
    let c = vec4u(column(slot), column(slot + 1u), column(slot + 2u), column(slot + 3u));
    var a0: vec4f = vec4f();
    var a1: vec4f = vec4f();
    var a2: vec4f = vec4f();
    var a3: vec4f = vec4f();
    var a4: vec4f = vec4f();
    var a5: vec4f = vec4f();
    var a6: vec4f = vec4f();
    var a7: vec4f = vec4f();
    for (var k: u32 = 0u; k < rule.planes; k++) {
      let u = k * rule.stride;
      let p = u + rule.peer;
      // A row vector times a matrix of four columns gives four dot products.
      let peers = mat4x4f(vectors[p + c.x], vectors[p + c.y], vectors[p + c.z], vectors[p + c.w]);
      a0 += vectors[u + i0] * peers;
      a1 += vectors[u + i1] * peers;
      a2 += vectors[u + i2] * peers;
      a3 += vectors[u + i3] * peers;
      a4 += vectors[u + i4] * peers;
      a5 += vectors[u + i5] * peers;
      a6 += vectors[u + i6] * peers;
      a7 += vectors[u + i7] * peers;
    }
    var b0: vec4f = a0;
    var b1: vec4f = a1;
    var b2: vec4f = a2;
    var b3: vec4f = a3;
    var b4: vec4f = a4;
    var b5: vec4f = a5;
    var b6: vec4f = a6;
    var b7: vec4f = a7;
    if (rule.peer != 0u) {
      b0 = vec4f();
      b1 = vec4f();
      b2 = vec4f();
      b3 = vec4f();
      b4 = vec4f();
      b5 = vec4f();
      b6 = vec4f();
      b7 = vec4f();
      for (var k: u32 = 0u; k < rule.planes; k++) {
        let u = k * rule.stride;
        let p = u + rule.peer;
        let users = mat4x4f(vectors[u + c.x], vectors[u + c.y], vectors[u + c.z], vectors[u + c.w]);
        b0 += vectors[p + i0] * users;
        b1 += vectors[p + i1] * users;
        b2 += vectors[p + i2] * users;
        b3 += vectors[p + i3] * users;
        b4 += vectors[p + i4] * users;
        b5 += vectors[p + i5] * users;
        b6 += vectors[p + i6] * users;
        b7 += vectors[p + i7] * users;
      }
    }
    let quad = quad_at(slot, c);
    // A loop keeps one copy of the inlined code for all eight rows.
    var a: array<vec4f, 8> = array<vec4f, 8>(a0, a1, a2, a3, a4, a5, a6, a7);
    var b: array<vec4f, 8> = array<vec4f, 8>(b0, b1, b2, b3, b4, b5, b6, b7);
    for (var r: u32 = 0u; r < 8u; r++) {
      finish_row(row + r * SIDE, a[r], b[r], quad);
    }
  }
}
