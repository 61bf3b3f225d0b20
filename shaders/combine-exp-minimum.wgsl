// combine.wgsl made for one rule: e to the power of the smaller. Some devices walk through every branch, whether it is taken or not.
fn combine(a: vec4f, b: vec4f) -> vec4f {
  return exp(lesser(bounded(a), bounded(b)));
}
