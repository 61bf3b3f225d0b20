// A certificate from the lists: y >= 0 with y_i + y_j >= w_ij on every eligible pair, so that sum(y) >= the optimum (weak duality of
// the matching LP). Needs rows.wgsl. Lists must hold the heaviest pairs of every row.
//
// A pair that neither list holds weighs at most the last entry of both, so y >= last / 2 at truncated rows covers it. A pair that only one
// list holds is looked after by that row alone.

struct Size {
  n: u32,
  // Length of a full list.
  length: u32,
}

@group(0) @binding(0) var<uniform> size: Size;
@group(0) @binding(1) var<storage, read> rows: array<Row>;
@group(0) @binding(2) var<storage, read> lists: array<vec2u>;
@group(0) @binding(3) var<storage, read> old: array<f32>;
@group(0) @binding(4) var<storage, read_write> next: array<f32>;

override SIZE: u32 = 64u;

fn least(row: Row) -> f32 {
  return select(0.0, max(0.0, 0.5 * row.first), (row.flags & FULL) != 0u);
}

// y_i = half of the heaviest pair of the row: feasible, since w_ij is not above either row's maximum.
@compute @workgroup_size(SIZE)
fn start(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= size.n) {
    return;
  }
  let row = rows[i];
  var y: f32 = 0.0;
  if (row.length > 0u) {
    y = max(0.0, 0.5 * bitcast<f32>(lists[row.start].y));
  }
  next[i] = y;
}

// From prices of an auction (in `old`): y = (p + pi) / 2 with pi_i = max_j (w_ij - p_j), not below 0.
@compute @workgroup_size(SIZE)
fn from_prices(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= size.n) {
    return;
  }
  let row = rows[i];
  var gain: f32 = 0.0;
  for (var k: u32 = 0u; k < row.length; k++) {
    let entry = lists[row.start + k];
    gain = max(gain, bitcast<f32>(entry.y) - old[entry.x]);
  }
  next[i] = 0.5 * (old[i] + gain);
}

// Damped Jacobi: y <- (y + what the row's pairs still ask of it) / 2. The mean of a demand and its answer keeps every pair covered.
@compute @workgroup_size(SIZE)
fn relax(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= size.n) {
    return;
  }
  let row = rows[i];
  var want: f32 = least(row);
  for (var k: u32 = 0u; k < row.length; k++) {
    let entry = lists[row.start + k];
    want = max(want, bitcast<f32>(entry.y) - old[entry.x]);
  }
  next[i] = 0.5 * (old[i] + want);
}

// Whatever is still uncovered is lifted, and the rounding errors with it: each operation above errs by at most 2^-24 of the largest
// operand, four of them per pair.
@compute @workgroup_size(SIZE)
fn finish(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= size.n) {
    return;
  }
  let row = rows[i];
  let mine = max(old[i], least(row));
  var lift: f32 = 0.0;
  for (var k: u32 = 0u; k < row.length; k++) {
    let entry = lists[row.start + k];
    let w = bitcast<f32>(entry.y);
    let other = rows[entry.x];
    let uncovered = w - mine - max(old[entry.x], least(other));
    // Where both lists hold the pair, each end lifts half.
    let both = (other.flags & FULL) == 0u || w > other.first;
    lift = max(lift, select(uncovered, 0.5 * uncovered, both));
  }
  next[i] = (mine + lift) * (1.0 + 0x1p-20) + 0x1p-126;
}
