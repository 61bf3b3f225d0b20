// combine.wgsl made for one rule: the mean of both. Some devices walk through every branch, whether it is taken or not.
fn combine(a: vec4f, b: vec4f) -> vec4f {
  return (a + b) * 0.5;
}
