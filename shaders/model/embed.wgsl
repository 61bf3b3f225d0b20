// The user and peer vectors of every person, from one tower network (Tower in
// src/model/layout/types.ts).
//
// Inputs, group 0: 0 layer, 1 sparse, 2 dense, 3 embedding, 4 wide, 5 parameters, 6 input, 8
// session, 9 order. Sparse, dense and session stand in the order of the pool.
// Output: 7 output; the vectors of the tick in the last dispatch.
// Passes: `gather` the inputs; `forward` one dense layer at a time; with a head also `combine` and
// one more `forward`; `finish` rounds. One invocation computes four outputs of one person
// (`forward`: of four people).
// Invariants: inputs and outputs are padded with zeros to vectors of four. Vectors are integers of
// at most `limit`, so that dot products are exact in f32.

struct Layer {
  n: u32,
  slots: u32,
  embed: u32,
  dense: u32,
  // Inputs and outputs in vectors of four.
  inputs: u32,
  outputs: u32,
  // Offsets of this layer's weights (vec4f[4 inputs][outputs]) and biases in `parameters`.
  weights_at: u32,
  biases_at: u32,
  rectify: u32,
  // Planes per vector and rows per plane of the output of `finish`.
  planes: u32,
  stride: u32,
  // Value of one integer step, and the largest integer.
  quantum: f32,
  limit: f32,
  // Sparse slots whose wide rows are added.
  wide_slots: u32,
  // First person of this dispatch.
  first: u32,
}

@group(0) @binding(0) var<uniform> layer: Layer;
@group(0) @binding(1) var<storage, read> sparse: array<u32>;
@group(0) @binding(2) var<storage, read> dense: array<f32>;
@group(0) @binding(3) var<storage, read> embedding: array<f32>;
@group(0) @binding(4) var<storage, read> wide: array<vec4f>;
@group(0) @binding(5) var<storage, read> parameters: array<vec4f>;
@group(0) @binding(6) var<storage, read> input: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(8) var<storage, read> session: array<vec4f>;
// u32[n]: position in the pool of each position on the GPU.
@group(0) @binding(9) var<storage, read> order: array<u32>;

override SIZE: u32 = 64u;

fn feature(i: u32, k: u32) -> f32 {
  let deep = layer.slots * layer.embed;
  if (k < deep) {
    return embedding[sparse[i * layer.slots + k / layer.embed] * layer.embed + k % layer.embed];
  }
  if (k < deep + layer.dense) {
    return dense[i * layer.dense + k - deep];
  }
  return 0.0;
}

@compute @workgroup_size(SIZE)
fn gather(@builtin(global_invocation_id) id: vec3u) {
  let i = layer.first + id.x;
  let k = id.y;
  if (i >= layer.n || k >= layer.inputs) {
    return;
  }
  let who = order[i];
  output[i * layer.inputs + k] = vec4f(feature(who, 4u * k), feature(who, 4u * k + 1u), feature(who, 4u * k + 2u), feature(who, 4u * k + 3u));
}

fn rectified(sum: vec4f) -> vec4f {
  return select(sum, vec4f(), vec4<bool>(layer.rectify != 0u) & (sum < vec4f()));
}

// Four people per invocation, SIZE apart, so that weights are loaded once for all four.
@compute @workgroup_size(SIZE)
fn forward(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let a = layer.first + 4u * SIZE * group.x + local;
  let o = group.y;
  if (a >= layer.n) {
    return;
  }
  // Beyond the last person, the last person again.
  let last = layer.n - 1u;
  let b = min(a + SIZE, last);
  let c = min(a + 2u * SIZE, last);
  let d = min(a + 3u * SIZE, last);
  let bias = parameters[layer.biases_at + o];
  var p: vec4f = bias;
  var q: vec4f = bias;
  var r: vec4f = bias;
  var s: vec4f = bias;
  for (var k: u32 = 0u; k < layer.inputs; k++) {
    let at = layer.weights_at + 4u * k * layer.outputs + o;
    let weights = mat4x4f(parameters[at], parameters[at + layer.outputs], parameters[at + 2u * layer.outputs], parameters[at + 3u * layer.outputs]);
    p += weights * input[a * layer.inputs + k];
    q += weights * input[b * layer.inputs + k];
    r += weights * input[c * layer.inputs + k];
    s += weights * input[d * layer.inputs + k];
  }
  output[a * layer.outputs + o] = rectified(p);
  output[b * layer.outputs + o] = rectified(q);
  output[c * layer.outputs + o] = rectified(r);
  output[d * layer.outputs + o] = rectified(s);
}

fn wide_part(i: u32, o: u32, columns: u32) -> vec4f {
  let who = order[i];
  var sum: vec4f = vec4f();
  for (var s: u32 = 0u; s < layer.wide_slots; s++) {
    sum += wide[sparse[who * layer.slots + s] * columns + o];
  }
  return sum;
}

// Embedding of a person: the network's output, plus the wide rows, plus the session vector.
@compute @workgroup_size(SIZE)
fn combine(@builtin(global_invocation_id) id: vec3u) {
  let i = layer.first + id.x;
  let o = id.y;
  if (i >= layer.n || o >= layer.outputs) {
    return;
  }
  let at = i * layer.outputs + o;
  output[at] = input[at] + wide_part(i, o, layer.outputs) + session[order[i] * layer.outputs + o];
}

// Adds the wide rows, divides by the quantum, rounds, and stores the components by planes.
@compute @workgroup_size(SIZE)
fn finish(@builtin(global_invocation_id) id: vec3u) {
  let i = layer.first + id.x;
  let o = id.y;
  if (i >= layer.n || o >= 2u * layer.planes) {
    return;
  }
  let sum = input[i * layer.outputs + o] + wide_part(i, o, 2u * layer.planes);
  output[o * layer.stride + i] = clamp(round(sum / layer.quantum), vec4f(-layer.limit), vec4f(layer.limit));
}
