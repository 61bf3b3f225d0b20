// What a pair weighs. Needs pool.wgsl and one of combine*.wgsl: the same weight to the bit, whichever.

// Beyond e^80 an f32 would overflow.
fn bounded(v: vec4f) -> vec4f {
  return lesser(larger(v, vec4f(-80.0)), vec4f(80.0));
}

fn weigh_by(scale: f32, bias: f32, a: vec4f, b: vec4f, bonus: vec4f) -> vec4f {
  return combine(scale * a + bias, scale * b + bias) + bonus;
}

// Weights from dots: a = user[i] . peer[j], b = user[j] . peer[i]; `bonus` is the sum of both ends' terms.
fn weigh(a: vec4f, b: vec4f, bonus: vec4f) -> vec4f {
  return weigh_by(rule.scale, rule.bias, a, b, bonus);
}
