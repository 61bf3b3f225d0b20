// combine.wgsl made for one rule: the harmonic mean of e to the power of both. Some devices walk through every branch, whether it is taken or not.
fn combine(a: vec4f, b: vec4f) -> vec4f {
  return 1.0 / ((exp(-bounded(a)) + exp(-bounded(b))) * 0.5);
}
