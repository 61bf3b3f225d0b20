// A person as the passes see them, and the weight rule of the tick.
//
// Inputs, group 0: 0 rule.

struct Rule {
  n: u32,
  // Rows of a plane of vectors (n rounded up).
  stride: u32,
  // Planes of four components per vector.
  planes: u32,
  // Index of the first peer plane; 0 if user and peer vectors are the same.
  peer: u32,
  seed: u32,
  transform: u32,
  combination: u32,
  // Sort key of the total order of pairs: BY_WEIGHT, BY_HASH or BY_WAIT.
  order: u32,
  scale: f32,
  bias: f32,
  threshold: f32,
  // People whose `have` has this bit score with a scale and bias of their own; 0: nobody does.
  second: u32,
  second_scale: f32,
  second_bias: f32,
}

struct Person {
  have: u32,
  avoid: u32,
  speaks: u32,
  id: u32,
  bonus: f32,
  waited: f32,
}

@group(0) @binding(0) var<uniform> rule: Rule;
