// Scores a tile of rows against a tile of columns and queues every pair that may enter a list.
//
// Bindings: offer.wgsl.
// Work: a workgroup scores a tile of 64 x 64 pairs, an invocation 8 rows x 8 columns, as two
// register blocks of 8 x 4.
// Invariant: weights never leave registers unless they reach a floor.

// #include "score/offer.wgsl"

// Rows and columns of a tile.
const TILE: u32 = 64u;
override SIDE: u32 = 8u;

@compute @workgroup_size(SIDE, SIDE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let row_tile = job.row_tile + group.x;
  let tile = column_tile(group);
  if (tile == NONE) {
    return;
  }
  let row = row_tile * TILE + local.x;
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
    let slot = tile * TILE + 8u * local.y + 4u * side;
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
