// Reciprocal combination of both sides' scores, four pairs at once, as the rule says. Symmetric bit for bit in a and b.
// Half of the sum of two powers of e serves all: of the same power twice it is that power, to the bit. So no branches, which some devices
// all walk through, and two powers instead of six.
fn combine(a: vec4f, b: vec4f) -> vec4f {
  let least = lesser(a, b);
  let mean = (a + b) * 0.5;
  let x = bounded(a);
  let y = bounded(b);
  var p: vec4f = select(x, -x, vec4<bool>(rule.combination == HARMONIC));
  var q: vec4f = select(y, -y, vec4<bool>(rule.combination == HARMONIC));
  p = select(p, (x + y) * 0.5, vec4<bool>(rule.combination == PRODUCT));
  p = select(p, lesser(x, y), vec4<bool>(rule.combination == MINIMUM));
  q = select(q, p, vec4<bool>(rule.combination == PRODUCT || rule.combination == MINIMUM));
  let power = (exp(p) + exp(q)) * 0.5;
  let combined = select(power, 1.0 / power, vec4<bool>(rule.combination == HARMONIC));
  let plain = select(mean, least, vec4<bool>(rule.combination == MINIMUM));
  return select(combined, plain, vec4<bool>(rule.transform == IDENTITY));
}
