// The place of a formula that replaces the built-in combinations: a module of such a policy has
// another text here. Included by weigh.wgsl.

const FORMULA: bool = false;

// Weights of person i with the people j, by their positions. a, b: both sides' scores.
fn formula(a: vec4f, b: vec4f, i: u32, j: vec4u) -> vec4f {
  return vec4f();
}
