// combine.wgsl made for one rule: the smaller of both. Some devices walk through every branch, whether it is taken or not.
fn combine(a: vec4f, b: vec4f) -> vec4f {
  return lesser(a, b);
}
