// The weight of a pair: reciprocal combination of both sides' scores plus both people's terms.
// Works on four pairs at once. Invariant: symmetric bit for bit in the two sides.

// #include "score/pool.wgsl"
// #include "score/formula.wgsl"

// exp(80) is the largest power of e that leaves headroom in an f32.
fn bounded(v: vec4f) -> vec4f {
  return clamp(v, vec4f(-80.0), vec4f(80.0));
}

// Half the sum of two powers of e covers every combination: of two equal powers it is that power,
// exactly. The combination is uniform, so selects cost less than branches.
fn combine(a: vec4f, b: vec4f) -> vec4f {
  if (rule.transform == IDENTITY) {
    return select((a + b) * 0.5, min(a, b), vec4<bool>(rule.combination == MINIMUM));
  }
  let x = bounded(a);
  let y = bounded(b);
  var p: vec4f = select(x, -x, vec4<bool>(rule.combination == HARMONIC));
  var q: vec4f = select(y, -y, vec4<bool>(rule.combination == HARMONIC));
  p = select(p, (x + y) * 0.5, vec4<bool>(rule.combination == PRODUCT));
  p = select(p, min(x, y), vec4<bool>(rule.combination == MINIMUM));
  q = select(q, p, vec4<bool>(rule.combination == PRODUCT || rule.combination == MINIMUM));
  let power = (exp(p) + exp(q)) * 0.5;
  return select(power, 1.0 / power, vec4<bool>(rule.combination == HARMONIC));
}

// Scores from dot products, by the scorers of people with these attributes.
fn score(dots: vec4f, have: vec4u) -> vec4f {
  let second = (have & vec4u(rule.second)) != vec4u();
  let scale = select(vec4f(rule.scale), vec4f(rule.second_scale), second);
  let bias = select(vec4f(rule.bias), vec4f(rule.second_bias), second);
  return scale * dots + bias;
}

// Weights of person i with the people j (positions), from dot products: a = user[i] . peer[j],
// b = user[j] . peer[i]. `bonus` is the sum of both people's terms; `have_i` and `have_j` are their
// attributes.
fn weigh(a: vec4f, b: vec4f, bonus: vec4f, have_i: vec4u, have_j: vec4u, i: u32, j: vec4u) -> vec4f {
  let x = score(a, have_i);
  let y = score(b, have_j);
  if (FORMULA) {
    return formula(x, y, i, j) + bonus;
  }
  return combine(x, y) + bonus;
}

// The same under the random scorer, from the hashes of the pairs.
fn weigh_hash(hash: vec4f, bonus: vec4f, i: u32, j: vec4u) -> vec4f {
  if (FORMULA) {
    return formula(hash, hash, i, j) + bonus;
  }
  return hash + bonus;
}
