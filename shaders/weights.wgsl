// Weights of given pairs: all n x n for the tests (mode 0), or of everybody and the mate that is given (mode 1).
// Needs hash.wgsl, pool.wgsl, weigh.wgsl. One invocation per pair.

struct Task {
  mode: u32,
}

@group(0) @binding(5) var<uniform> task: Task;
@group(0) @binding(6) var<storage, read> mates: array<u32>;
// f32[n][n] or f32[n]; LOWEST where not eligible.
@group(0) @binding(7) var<storage, read_write> result: array<f32>;

override SIZE: u32 = 64u;

@compute @workgroup_size(SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  var j: u32 = id.y;
  if (i >= rule.n || j >= rule.n) {
    return;
  }
  var at: u32 = i * rule.n + j;
  if (task.mode == 1u) {
    j = mates[i];
    at = i;
    if (j >= rule.n) {
      result[at] = LOWEST;
      return;
    }
  }
  let me = people[i];
  let you = people[j];
  var w: f32 = LOWEST;
  let apart = ((me.avoid & you.have) | (you.avoid & me.have)) != 0u || (me.speaks & you.speaks) == 0u;
  if (i != j && !apart && !met_lately(i, j)) {
    var a: vec4f = vec4f();
    var b: vec4f = vec4f();
    for (var k: u32 = 0u; k < rule.planes; k++) {
      let u = k * rule.stride;
      let p = u + rule.peer;
      // Only the first column is of use; the form is that of the scoring pass, so that the bits are the same.
      let yours = vectors[p + j];
      a += vectors[u + i] * mat4x4f(yours, yours, yours, yours);
      let mine = vectors[u + j];
      b += vectors[p + i] * mat4x4f(mine, mine, mine, mine);
    }
    if (rule.transform == HASH) {
      w = hash_weight(me.id, you.id) + (me.bonus + you.bonus);
    } else {
      w = weigh(a, b, vec4f(me.bonus + you.bonus)).x;
    }
    if (!(w > rule.threshold)) {
      w = LOWEST;
    }
  }
  result[at] = w;
}
