// Scores a tile of rows against a tile of columns and queues every pair that may enter a list: the
// same lists as score-topk.wgsl. For scans of everyone against everyone by weight, on devices with
// fast workgroup memory.
//
// Bindings: offer.wgsl.
// Work: a workgroup of 16 x 16 scores a tile of 128 x 128 pairs, an invocation 8 rows x 8 columns,
// in registers. Vectors pass in slices through workgroup memory, turned so that a vec4 holds one
// component of four people: a product is then one multiply-add. Few pairs reach a floor. They are
// collected, and the whole workgroup offers them; those that there is no room for are scored again.
// Invariants: components are integers whose products sum exactly in any order. Rows and columns are
// positions. Every invocation meets every barrier; people beyond the last one are left out.

// #include "score/offer.wgsl"

const TILE: u32 = 128u;
// Quads of rows or columns of a tile.
const QUADS: u32 = 32u;
// Planes of a slice.
const SLICE: u32 = 2u;
const INVOCATIONS: u32 = 256u;
// Pairs that are collected at a time.
const HELD: u32 = 768u;
// 2: user and peer vectors differ.
override SIDES: u32 = 1u;

// [component of the slice][quad of people]
var<workgroup> left: array<vec4f, 4u * SLICE * QUADS>;
var<workgroup> right: array<vec4f, 4u * SLICE * QUADS>;
// 128 row + column in the tile, and the weight.
var<workgroup> held: array<vec2u, HELD>;
var<workgroup> holding: atomic<u32>;
var<workgroup> collected: u32;

// Products of 8 rows with 8 columns: [row][near or far quad of columns].
alias Block = array<vec4f, 16>;

// Brings one component each of four people to `at`, and the next ones to the next rows.
fn turn_left(at: u32, a: vec4f, b: vec4f, c: vec4f, d: vec4f) {
  left[at] = vec4f(a.x, b.x, c.x, d.x);
  left[at + QUADS] = vec4f(a.y, b.y, c.y, d.y);
  left[at + 2u * QUADS] = vec4f(a.z, b.z, c.z, d.z);
  left[at + 3u * QUADS] = vec4f(a.w, b.w, c.w, d.w);
}

fn turn_right(at: u32, a: vec4f, b: vec4f, c: vec4f, d: vec4f) {
  right[at] = vec4f(a.x, b.x, c.x, d.x);
  right[at + QUADS] = vec4f(a.y, b.y, c.y, d.y);
  right[at + 2u * QUADS] = vec4f(a.z, b.z, c.z, d.z);
  right[at + 3u * QUADS] = vec4f(a.w, b.w, c.w, d.w);
}

// Products of the vectors of the rows, from plane `row_plane` on, with those of the columns.
fn products(first_row: u32, first_column: u32, row_plane: u32, column_plane: u32, local: vec2u, me: u32) -> Block {
  var s0: vec4f = vec4f();
  var s1: vec4f = vec4f();
  var s2: vec4f = vec4f();
  var s3: vec4f = vec4f();
  var s4: vec4f = vec4f();
  var s5: vec4f = vec4f();
  var s6: vec4f = vec4f();
  var s7: vec4f = vec4f();
  var s8: vec4f = vec4f();
  var s9: vec4f = vec4f();
  var s10: vec4f = vec4f();
  var s11: vec4f = vec4f();
  var s12: vec4f = vec4f();
  var s13: vec4f = vec4f();
  var s14: vec4f = vec4f();
  var s15: vec4f = vec4f();
  // Some invocations bring rows, others columns: one plane of four people each.
  let is_left = me < SLICE * QUADS;
  let brings = me < 2u * SLICE * QUADS;
  let quad = me % QUADS;
  let plane = (me / QUADS) % SLICE;
  let person = min(select(first_column, first_row, is_left) + 4u * quad, rule.stride - 4u);
  let base = select(column_plane, row_plane, is_left) + person;
  for (var first: u32 = 0u; first < rule.planes; first += SLICE) {
    let count = min(SLICE, rule.planes - first);
    workgroupBarrier();
    if (brings && plane < count) {
      let at = base + (first + plane) * rule.stride;
      let to = 4u * plane * QUADS + quad;
      if (is_left) {
        turn_left(to, vectors[at], vectors[at + 1u], vectors[at + 2u], vectors[at + 3u]);
      } else {
        turn_right(to, vectors[at], vectors[at + 1u], vectors[at + 2u], vectors[at + 3u]);
      }
    }
    workgroupBarrier();
    for (var k: u32 = 0u; k < 4u * count; k++) {
      let p = left[k * QUADS + local.y];
      let q = left[k * QUADS + 16u + local.y];
      let near = right[k * QUADS + local.x];
      let far = right[k * QUADS + 16u + local.x];
      s0 += p.x * near;
      s1 += p.x * far;
      s2 += p.y * near;
      s3 += p.y * far;
      s4 += p.z * near;
      s5 += p.z * far;
      s6 += p.w * near;
      s7 += p.w * far;
      s8 += q.x * near;
      s9 += q.x * far;
      s10 += q.y * near;
      s11 += q.y * far;
      s12 += q.z * near;
      s13 += q.z * far;
      s14 += q.w * near;
      s15 += q.w * far;
    }
  }
  return Block(s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15);
}

fn quad_from(first: u32) -> Quad {
  return quad_at(first, min(vec4u(first, first + 1u, first + 2u, first + 3u), vec4u(rule.n - 1u)));
}

fn hold(at: u32, w: f32) -> bool {
  let k = atomicAdd(&holding, 1u);
  if (k >= HELD) {
    return false;
  }
  held[k] = vec2u(at, bitcast<u32>(w));
  return true;
}

// Collects the pairs of a row with four columns that reach the floor of one of them. Returns those
// that there was no room for, as bits from 0. `at` is the place of the first pair in the tile.
fn collect(slot: u32, at: u32, a: vec4f, b: vec4f, quad: Quad) -> u32 {
  let i = min(slot, rule.n - 1u);
  let me = people[i];
  let w = weigh(a, b, vec4f(me.bonus) + quad.bonus, vec4u(me.have), quad.have, i, quad.person);
  var ok: vec4<bool> = (w > vec4f(rule.threshold)) & ((w - quad.price >= vec4f(floors[i].first)) | (w - vec4f(prices[i]) >= quad.floor));
  if (!any(ok)) {
    return 0u;
  }
  let clash = (vec4u(me.avoid) & quad.have) | (quad.avoid & vec4u(me.have));
  ok &= (clash == vec4u()) & ((quad.speaks & vec4u(me.speaks)) != vec4u());
  var rest: u32 = 0u;
  if (ok.x && !hold(at, w.x)) {
    rest |= 1u;
  }
  if (ok.y && !hold(at + 1u, w.y)) {
    rest |= 2u;
  }
  if (ok.z && !hold(at + 2u, w.z)) {
    rest |= 4u;
  }
  if (ok.w && !hold(at + 3u, w.w)) {
    rest |= 8u;
  }
  return rest;
}

// Whether a pair of the tile is one that the workgroup offers: of two people, and in a tile on the
// diagonal once.
fn counts(i: u32, j: u32) -> bool {
  return i < rule.n && j < rule.n && (i / TILE != j / TILE || j > i);
}

// The weight of a pair that was collected without it.
fn weight_of(i: u32, j: u32) -> f32 {
  var a: f32 = 0.0;
  var b: f32 = 0.0;
  for (var k: u32 = 0u; k < rule.planes; k++) {
    let u = k * rule.stride;
    a += dot(vectors[u + i], vectors[u + rule.peer + j]);
    if (SIDES == 2u) {
      b += dot(vectors[u + rule.peer + i], vectors[u + j]);
    }
  }
  if (SIDES == 1u) {
    b = a;
  }
  let me = people[i];
  let you = people[j];
  return weigh(vec4f(a), vec4f(b), vec4f(me.bonus + you.bonus), vec4u(me.have), vec4u(you.have), i, vec4u(j)).x;
}

@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) me: u32) {
  let row_tile = job.row_tile + group.x;
  let tile = column_tile(group);
  let first_row = row_tile * TILE;
  let first_column = tile * TILE;
  if (tile == NONE || first_row >= rule.n || first_column >= rule.n) {
    return;
  }
  if (me == 0u) {
    atomicStore(&holding, 0u);
  }
  let a = products(first_row, first_column, 0u, rule.peer, local.xy, me);
  var b: Block = a;
  if (SIDES == 2u) {
    b = products(first_row, first_column, rule.peer, 0u, local.xy, me);
  }
  let row = first_row + 4u * local.y;
  let near = quad_from(first_column + 4u * local.x);
  let far = quad_from(first_column + 4u * local.x + 64u);
  // Pairs without room: four bits per row.
  var near_bits: u32 = 0u;
  var far_bits: u32 = 0u;
  let at = TILE * 4u * local.y + 4u * local.x;
  near_bits |= collect(row + 0u, at + 0u, a[0], b[0], near) << 0u;
  far_bits |= collect(row + 0u, at + 64u, a[1], b[1], far) << 0u;
  near_bits |= collect(row + 1u, at + 128u, a[2], b[2], near) << 4u;
  far_bits |= collect(row + 1u, at + 192u, a[3], b[3], far) << 4u;
  near_bits |= collect(row + 2u, at + 256u, a[4], b[4], near) << 8u;
  far_bits |= collect(row + 2u, at + 320u, a[5], b[5], far) << 8u;
  near_bits |= collect(row + 3u, at + 384u, a[6], b[6], near) << 12u;
  far_bits |= collect(row + 3u, at + 448u, a[7], b[7], far) << 12u;
  near_bits |= collect(row + 64u, at + 8192u, a[8], b[8], near) << 16u;
  far_bits |= collect(row + 64u, at + 8256u, a[9], b[9], far) << 16u;
  near_bits |= collect(row + 65u, at + 8320u, a[10], b[10], near) << 20u;
  far_bits |= collect(row + 65u, at + 8384u, a[11], b[11], far) << 20u;
  near_bits |= collect(row + 66u, at + 8448u, a[12], b[12], near) << 24u;
  far_bits |= collect(row + 66u, at + 8512u, a[13], b[13], far) << 24u;
  near_bits |= collect(row + 67u, at + 8576u, a[14], b[14], near) << 28u;
  far_bits |= collect(row + 67u, at + 8640u, a[15], b[15], far) << 28u;
  for (var weighed: bool = true;; weighed = false) {
    workgroupBarrier();
    if (me == 0u) {
      collected = atomicLoad(&holding);
    }
    let count = workgroupUniformLoad(&collected);
    for (var e: u32 = me; e < min(count, HELD); e += INVOCATIONS) {
      let i = first_row + held[e].x / TILE;
      let j = first_column + held[e].x % TILE;
      if (counts(i, j)) {
        var w: f32 = bitcast<f32>(held[e].y);
        if (!weighed) {
          w = weight_of(i, j);
        }
        consider(i, i, j, j, w);
      }
    }
    if (count <= HELD) {
      break;
    }
    workgroupBarrier();
    if (me == 0u) {
      atomicStore(&holding, 0u);
    }
    workgroupBarrier();
    while ((near_bits | far_bits) != 0u) {
      let is_near = near_bits != 0u;
      let bit = firstTrailingBit(select(far_bits, near_bits, is_near));
      let r = bit / 4u;
      if (!hold(at + TILE * (r + select(0u, 60u, r >= 4u)) + bit % 4u + select(64u, 0u, is_near), 0.0)) {
        break;
      }
      if (is_near) {
        near_bits &= near_bits - 1u;
      } else {
        far_bits &= far_bits - 1u;
      }
    }
  }
}
