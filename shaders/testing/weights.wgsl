// All n x n weights as the device computes them, for tests.
//
// Inputs, group 0: 0-3 pool.wgsl. Output: 4 result, f32[n][n], LOWEST where not eligible.
// Invariant: weights are computed in the form of score-topk.wgsl, so that the bits are the same.

// #include "score/weigh.wgsl"

@group(0) @binding(4) var<storage, read_write> result: array<f32>;

override SIZE: u32 = 64u;

@compute @workgroup_size(SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  let j = id.y;
  if (i >= rule.n || j >= rule.n) {
    return;
  }
  let me = people[i];
  let you = people[j];
  var w: f32 = LOWEST;
  if (i != j && admits(me, you) && !met_lately(i, j)) {
    var a: vec4f = vec4f();
    var b: vec4f = vec4f();
    for (var k: u32 = 0u; k < rule.planes; k++) {
      let u = k * rule.stride;
      let p = u + rule.peer;
      // Only the first column is used.
      let yours = vectors[p + j];
      a += vectors[u + i] * mat4x4f(yours, yours, yours, yours);
      let mine = vectors[u + j];
      b += vectors[p + i] * mat4x4f(mine, mine, mine, mine);
    }
    if (rule.transform == HASH) {
      w = weigh_hash(vec4f(hash_weight(me.id, you.id)), vec4f(me.bonus + you.bonus), i, vec4u(j)).x;
    } else {
      w = weigh(a, b, vec4f(me.bonus + you.bonus), vec4u(me.have), vec4u(you.have), i, vec4u(j)).x;
    }
    if (!(w > rule.threshold)) {
      w = LOWEST;
    }
  }
  result[i * rule.n + j] = w;
}
