// The causal transformer over people's past matches (Transformer and TokenBatch in
// src/model/layout/types.ts).
//
// Inputs, group 0: 0 job, 1 parameters, 2 first, 3 person, 4 vectors, 5 told, 6 input, 8 queries.
// In and out: 7 output.
// The tokens of all people stand one after the other, without padding. One invocation computes four
// numbers of one token (of one person if only the last token is wanted), or one query of one head.
// Invariant: no workgroup memory and no barriers, so histories may have any length.

// #include "base/constants.wgsl"

struct SessionJob {
  // Rows to compute: tokens, or people if `last_only` is 1.
  rows: u32,
  last_only: u32,
  // Inputs and outputs in vectors of four.
  inputs: u32,
  outputs: u32,
  // Offsets of weights (vec4f[4 inputs][outputs]) and biases (NONE: no biases). `normalise`: of
  // gain and offset.
  weights_at: u32,
  biases_at: u32,
  // 1: negative results become 0.
  rectify: u32,
  // 1: the result is added to `output`.
  add: u32,
  // Sizes of an embedding, of a head and of outcomes, in vectors of four.
  size: u32,
  width: u32,
  outcomes: u32,
  heads: u32,
  // `tokens`: offsets of the other matrices.
  partner_at: u32,
  outcome_at: u32,
  gate_at: u32,
  place_at: u32,
  // 1 / sqrt(numbers per head), and the constant added to a variance.
  scale: f32,
  epsilon: f32,
}

// Maximum number of vectors of four per head.
const MAX_WIDTH = 8u;

@group(0) @binding(0) var<uniform> job: SessionJob;
@group(0) @binding(1) var<storage, read> parameters: array<vec4f>;
// first[person], then person[token].
@group(0) @binding(2) var<storage, read> first: array<u32>;
@group(0) @binding(3) var<storage, read> person: array<u32>;
@group(0) @binding(4) var<storage, read> vectors: array<vec4f>;
@group(0) @binding(5) var<storage, read> told: array<vec4f>;
@group(0) @binding(6) var<storage, read> input: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(8) var<storage, read> queries: array<vec4f>;

override SIZE: u32 = 64u;

fn token_of(row: u32) -> u32 {
  if (job.last_only != 0u) {
    return first[row + 1u] - 1u;
  }
  return row;
}

// Rows 4 k to 4 k + 3 of the matrix at `at` times x, for the four outputs at column o.
fn four(at: u32, columns: u32, k: u32, o: u32, x: vec4f) -> vec4f {
  let row = at + 4u * k * columns + o;
  return mat4x4f(parameters[row], parameters[row + columns], parameters[row + 2u * columns], parameters[row + 3u * columns]) * x;
}

// Embeds tokens: a person's own vector first, then a gated partner vector plus the outcome.
@compute @workgroup_size(SIZE)
fn tokens(@builtin(global_invocation_id) id: vec3u) {
  let t = id.x;
  let o = id.y;
  if (t >= job.rows || o >= job.size) {
    return;
  }
  let begin = first[person[t]];
  let own = t == begin;
  let at = select(job.partner_at, job.weights_at, own);
  var sum: vec4f = vec4f();
  for (var k: u32 = 0u; k < job.size; k++) {
    sum += four(at, job.size, k, o, vectors[t * job.size + k]);
  }
  if (!own) {
    var gate: vec4f = vec4f(1.0);
    var outcome: vec4f = vec4f();
    for (var k: u32 = 0u; k < job.outcomes; k++) {
      let x = told[t * job.outcomes + k];
      gate += four(job.gate_at, job.size, k, o, x);
      outcome += four(job.outcome_at, job.size, k, o, x);
    }
    sum = sum * gate + outcome;
  }
  output[t * job.size + o] = sum + parameters[job.place_at + (t - begin) * job.size + o];
}

// Layer norm of each row.
@compute @workgroup_size(SIZE)
fn normalise(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  if (row >= job.rows) {
    return;
  }
  let source = token_of(row) * job.size;
  var sum: vec4f = vec4f();
  for (var k: u32 = 0u; k < job.size; k++) {
    sum += input[source + k];
  }
  let numbers = f32(4u * job.size);
  let mean = dot(sum, vec4f(1.0)) / numbers;
  var square: vec4f = vec4f();
  for (var k: u32 = 0u; k < job.size; k++) {
    let c = input[source + k] - mean;
    square += c * c;
  }
  let deviation = sqrt(dot(square, vec4f(1.0)) / numbers + job.epsilon);
  for (var k: u32 = 0u; k < job.size; k++) {
    output[row * job.size + k] = (input[source + k] - mean) / deviation * parameters[job.weights_at + k] + parameters[job.biases_at + k];
  }
}

// Dense layer: input times matrix, plus biases.
@compute @workgroup_size(SIZE)
fn product(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  let o = id.y;
  if (row >= job.rows || o >= job.outputs) {
    return;
  }
  let source = token_of(row) * job.inputs;
  var sum: vec4f = vec4f();
  if (job.biases_at != NONE) {
    sum = parameters[job.biases_at + o];
  }
  for (var k: u32 = 0u; k < job.inputs; k++) {
    sum += four(job.weights_at, job.outputs, k, o, input[source + k]);
  }
  if (job.rectify != 0u) {
    sum = max(sum, vec4f());
  }
  let to = row * job.outputs + o;
  if (job.add != 0u) {
    sum += output[to];
  }
  output[to] = sum;
}

// Copies the rows of the last tokens to consecutive rows.
@compute @workgroup_size(SIZE)
fn pick(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  let o = id.y;
  if (row >= job.rows || o >= job.size) {
    return;
  }
  output[row * job.size + o] = input[token_of(row) * job.size + o];
}

// Attention of one query and one head over the tokens up to its own. `queries` has one row per
// query; `input` holds the keys and then the values of each token.
@compute @workgroup_size(SIZE)
fn attend(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  let head = id.y;
  if (row >= job.rows || head >= job.heads) {
    return;
  }
  let token = token_of(row);
  let begin = first[person[token]];
  let width = min(job.width, MAX_WIDTH);
  let offset = head * width;
  var q: array<vec4f, MAX_WIDTH> = array<vec4f, MAX_WIDTH>();
  var heard: array<vec4f, MAX_WIDTH> = array<vec4f, MAX_WIDTH>();
  for (var c: u32 = 0u; c < width; c++) {
    q[c] = queries[row * job.size + offset + c] * job.scale;
  }
  // Finding the largest score first keeps every exponential from overflowing.
  var top: f32 = -3.4e38;
  for (var j: u32 = begin; j <= token; j++) {
    var score: f32 = 0.0;
    for (var c: u32 = 0u; c < width; c++) {
      score += dot(q[c], input[j * 2u * job.size + offset + c]);
    }
    top = max(top, score);
  }
  var sum: f32 = 0.0;
  for (var j: u32 = begin; j <= token; j++) {
    let at = j * 2u * job.size + offset;
    var score: f32 = 0.0;
    for (var c: u32 = 0u; c < width; c++) {
      score += dot(q[c], input[at + c]);
    }
    let share = exp(score - top);
    sum += share;
    for (var c: u32 = 0u; c < width; c++) {
      heard[c] += share * input[at + job.size + c];
    }
  }
  for (var c: u32 = 0u; c < width; c++) {
    output[row * job.size + offset + c] = heard[c] / sum;
  }
}
