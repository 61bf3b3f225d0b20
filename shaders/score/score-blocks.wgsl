// Scores a tile of rows against a tile of columns and queues every pair that may enter a list: the
// same lists as score-topk.wgsl. For scans of everyone against everyone by weight, on devices with
// fast workgroup memory.
//
// Bindings: offer.wgsl.
// Work: a workgroup of 16 x 16 scores a tile of 128 x 128 pairs, an invocation 8 rows x 8 columns in
// registers. Slices of 16 components of all rows and columns pass through 16 KiB of workgroup memory,
// turned so that a vec4 holds one component of four people: a product is then one multiply-add.
// Invariants: components are integers whose products sum exactly in any order. Rows and columns are
// positions. Every invocation meets every barrier; people beyond the last one are left out.

// #include "score/offer.wgsl"

const TILE: u32 = 128u;
// Quads of rows or columns of a tile.
const QUADS: u32 = 32u;
// Planes of a slice.
const SLICE: u32 = 4u;
// 2: user and peer vectors differ.
override SIDES: u32 = 1u;

// [component of the slice][quad of people]
var<workgroup> left: array<vec4f, 4u * SLICE * QUADS>;
var<workgroup> right: array<vec4f, 4u * SLICE * QUADS>;

// Products of 8 rows with 8 columns: [row][near or far quad of columns].
alias Block = array<vec4f, 16>;

// A row as its pairs are tested.
struct Own {
  slot: u32,
  have: u32,
  avoid: u32,
  speaks: u32,
  bonus: f32,
  price: f32,
  floor: f32,
}

// One component of four people, of the four components of each.
fn turned(at: u32, a: vec4f, b: vec4f, c: vec4f, d: vec4f, is_left: bool) {
  if (is_left) {
    left[at] = vec4f(a.x, b.x, c.x, d.x);
    left[at + QUADS] = vec4f(a.y, b.y, c.y, d.y);
    left[at + 2u * QUADS] = vec4f(a.z, b.z, c.z, d.z);
    left[at + 3u * QUADS] = vec4f(a.w, b.w, c.w, d.w);
  } else {
    right[at] = vec4f(a.x, b.x, c.x, d.x);
    right[at + QUADS] = vec4f(a.y, b.y, c.y, d.y);
    right[at + 2u * QUADS] = vec4f(a.z, b.z, c.z, d.z);
    right[at + 3u * QUADS] = vec4f(a.w, b.w, c.w, d.w);
  }
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
  // Half of the invocations bring rows, the others columns: four people, one plane each.
  let is_left = me < SLICE * QUADS;
  let quad = me % QUADS;
  let plane = (me / QUADS) % SLICE;
  let person = min(select(first_column, first_row, is_left) + 4u * quad, rule.stride - 4u);
  let base = select(column_plane, row_plane, is_left);
  for (var first: u32 = 0u; first < rule.planes; first += SLICE) {
    let count = min(SLICE, rule.planes - first);
    workgroupBarrier();
    if (plane < count) {
      let at = base + (first + plane) * rule.stride + person;
      turned(4u * plane * QUADS + quad, vectors[at], vectors[at + 1u], vectors[at + 2u], vectors[at + 3u], is_left);
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

fn own(slot: u32) -> Own {
  let position = min(slot, rule.n - 1u);
  let p = people[position];
  return Own(slot, p.have, p.avoid, p.speaks, p.bonus, prices[position], floors[position].first);
}

// Which pairs of a row with four columns are eligible and reach the floor of their row or column:
// bits from 0.
fn reached(row: Own, a: vec4f, b: vec4f, quad: Quad, apart: bool) -> u32 {
  let clash = (vec4u(row.avoid) & quad.have) | (quad.avoid & vec4u(row.have));
  let w = weigh(a, b, vec4f(row.bonus) + quad.bonus, vec4u(row.have), quad.have);
  var ok: vec4<bool> = (clash == vec4u()) & ((quad.speaks & vec4u(row.speaks)) != vec4u());
  ok &= w > vec4f(rule.threshold);
  ok &= (w - quad.price >= vec4f(row.floor)) | (w - vec4f(row.price) >= quad.floor);
  if (!apart) {
    // In a tile on the diagonal each pair is taken once; the last tile may have less people.
    let same_tile = quad.slot / TILE == vec4u(row.slot / TILE);
    ok &= (quad.slot < vec4u(rule.n)) & vec4<bool>(row.slot < rule.n) & ((quad.slot > vec4u(row.slot)) | !same_tile);
  }
  let bits = select(vec4u(), vec4u(1u, 2u, 4u, 8u), ok);
  return bits.x | bits.y | bits.z | bits.w;
}

// Offers the pairs of these bits: four of every row.
fn offer(bits: u32, far: u32, first_row: u32, a: Block, b: Block, quad: Quad) {
  var all_a: Block = a;
  var all_b: Block = b;
  for (var rest: u32 = bits; rest != 0u; rest &= rest - 1u) {
    let bit = firstTrailingBit(rest);
    let r = bit / 4u;
    let lane = bit % 4u;
    let i = first_row + r + select(0u, 60u, r >= 4u);
    let me = people[i];
    let w = weigh(all_a[2u * r + far], all_b[2u * r + far], vec4f(me.bonus) + quad.bonus, vec4u(me.have), quad.have);
    consider(i, i, quad.slot[lane], quad.person[lane], w[lane]);
  }
}

fn quad_from(first: u32) -> Quad {
  let slots = vec4u(first, first + 1u, first + 2u, first + 3u);
  return quad_at(first, min(slots, vec4u(rule.n - 1u)));
}

@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) me: u32) {
  let row_tile = job.row_tile + group.x;
  let tile = column_tile(group);
  if (tile == NONE || row_tile * TILE >= rule.n || tile * TILE >= rule.n) {
    return;
  }
  let first_row = row_tile * TILE;
  let first_column = tile * TILE;
  let a = products(first_row, first_column, 0u, rule.peer, local.xy, me);
  var b: Block = a;
  if (SIDES == 2u) {
    b = products(first_row, first_column, rule.peer, 0u, local.xy, me);
  }
  let apart = row_tile != tile && max(first_row, first_column) + TILE <= rule.n;
  let row = first_row + 4u * local.y;
  let column = first_column + 4u * local.x;
  let near = quad_from(column);
  let far = quad_from(column + 64u);
  var near_bits: u32 = 0u;
  var far_bits: u32 = 0u;
  let row0 = own(row + 0u);
  near_bits |= reached(row0, a[0], b[0], near, apart) << 0u;
  far_bits |= reached(row0, a[1], b[1], far, apart) << 0u;
  let row1 = own(row + 1u);
  near_bits |= reached(row1, a[2], b[2], near, apart) << 4u;
  far_bits |= reached(row1, a[3], b[3], far, apart) << 4u;
  let row2 = own(row + 2u);
  near_bits |= reached(row2, a[4], b[4], near, apart) << 8u;
  far_bits |= reached(row2, a[5], b[5], far, apart) << 8u;
  let row3 = own(row + 3u);
  near_bits |= reached(row3, a[6], b[6], near, apart) << 12u;
  far_bits |= reached(row3, a[7], b[7], far, apart) << 12u;
  let row4 = own(row + 64u);
  near_bits |= reached(row4, a[8], b[8], near, apart) << 16u;
  far_bits |= reached(row4, a[9], b[9], far, apart) << 16u;
  let row5 = own(row + 65u);
  near_bits |= reached(row5, a[10], b[10], near, apart) << 20u;
  far_bits |= reached(row5, a[11], b[11], far, apart) << 20u;
  let row6 = own(row + 66u);
  near_bits |= reached(row6, a[12], b[12], near, apart) << 24u;
  far_bits |= reached(row6, a[13], b[13], far, apart) << 24u;
  let row7 = own(row + 67u);
  near_bits |= reached(row7, a[14], b[14], near, apart) << 28u;
  far_bits |= reached(row7, a[15], b[15], far, apart) << 28u;
  if (near_bits != 0u) {
    offer(near_bits, 0u, row, a, b, near);
  }
  if (far_bits != 0u) {
    offer(far_bits, 1u, row, a, b, far);
  }
}
