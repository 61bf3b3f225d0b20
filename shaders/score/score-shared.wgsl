// Scores a tile of rows against a tile of columns and queues every pair that may enter a list: the
// same lists as score-topk.wgsl, for devices whose workgroup memory is faster than their caches.
//
// Bindings: offer.wgsl.
// Work: a workgroup scores a tile of 64 x 64 pairs, an invocation 8 rows x 8 columns in registers.
// Slices of the vectors of all rows and columns pass through 16 KiB of workgroup memory, once for
// the dot products of the rows' user vectors and once for those of their peer vectors.
// Invariants: products are summed in the form of score-topk.wgsl. Every invocation meets every
// barrier; rows and columns beyond the last one are scored like the last and then left out.

// #include "score/offer.wgsl"

const SIDE: u32 = 8u;
// Planes of a slice.
const SLICE: u32 = 8u;

// [plane of the slice][row or column of the tile]
var<workgroup> rows: array<vec4f, SLICE * TILE>;
var<workgroup> columns: array<vec4f, SLICE * TILE>;

@compute @workgroup_size(SIDE, SIDE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) me: u32) {
  let row_tile = job.row_tile + group.x;
  let tile = column_tile(group);
  if (tile == NONE || row_tile * TILE >= extent.rows || tile * TILE >= extent.columns) {
    return;
  }
  // Each invocation brings the vectors of one row and of one column.
  let my_row = row_person(row_tile * TILE + me);
  let my_column = column(tile * TILE + me);
  // Dot products of four columns each: two blocks of eight rows. First those of the rows' user
  // vectors, then of their peer vectors.
  var dots: array<vec4f, 32> = array<vec4f, 32>();
  let sides = select(2u, 1u, rule.peer == 0u);
  for (var side: u32 = 0u; side < sides; side++) {
    var a0: vec4f = vec4f();
    var a1: vec4f = vec4f();
    var a2: vec4f = vec4f();
    var a3: vec4f = vec4f();
    var a4: vec4f = vec4f();
    var a5: vec4f = vec4f();
    var a6: vec4f = vec4f();
    var a7: vec4f = vec4f();
    var a8: vec4f = vec4f();
    var a9: vec4f = vec4f();
    var a10: vec4f = vec4f();
    var a11: vec4f = vec4f();
    var a12: vec4f = vec4f();
    var a13: vec4f = vec4f();
    var a14: vec4f = vec4f();
    var a15: vec4f = vec4f();
    for (var first: u32 = 0u; first < rule.planes; first += SLICE) {
      let count = min(SLICE, rule.planes - first);
      workgroupBarrier();
      for (var k: u32 = 0u; k < count; k++) {
        let plane = (first + k) * rule.stride;
        rows[k * TILE + me] = vectors[plane + side * rule.peer + my_row];
        columns[k * TILE + me] = vectors[plane + (1u - side) * rule.peer + my_column];
      }
      workgroupBarrier();
      for (var k: u32 = 0u; k < count; k++) {
        let r = k * TILE + local.x;
        let c = k * TILE + 8u * local.y;
        let m0 = mat4x4f(columns[c + 0u], columns[c + 1u], columns[c + 2u], columns[c + 3u]);
        let m1 = mat4x4f(columns[c + 4u], columns[c + 5u], columns[c + 6u], columns[c + 7u]);
        let v0 = rows[r + 0u];
        a0 += v0 * m0;
        a8 += v0 * m1;
        let v1 = rows[r + 8u];
        a1 += v1 * m0;
        a9 += v1 * m1;
        let v2 = rows[r + 16u];
        a2 += v2 * m0;
        a10 += v2 * m1;
        let v3 = rows[r + 24u];
        a3 += v3 * m0;
        a11 += v3 * m1;
        let v4 = rows[r + 32u];
        a4 += v4 * m0;
        a12 += v4 * m1;
        let v5 = rows[r + 40u];
        a5 += v5 * m0;
        a13 += v5 * m1;
        let v6 = rows[r + 48u];
        a6 += v6 * m0;
        a14 += v6 * m1;
        let v7 = rows[r + 56u];
        a7 += v7 * m0;
        a15 += v7 * m1;
      }
    }
    var sums: array<vec4f, 16> = array<vec4f, 16>(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15);
    for (var k: u32 = 0u; k < 16u; k++) {
      dots[16u * side + k] = sums[k];
    }
  }
  let row = row_tile * TILE + local.x;
  for (var k: u32 = 0u; k < 16u; k++) {
    let slot = tile * TILE + 8u * local.y + 4u * (k / 8u);
    let quad = quad_at(slot, vec4u(column(slot), column(slot + 1u), column(slot + 2u), column(slot + 3u)));
    finish_row(row + (k % 8u) * SIDE, dots[k], dots[16u * (sides - 1u) + k], quad);
  }
}
