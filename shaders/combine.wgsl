// Reciprocal combination of both sides' scores, four pairs at once, as the rule says. Symmetric bit for bit in a and b.
fn combine(a: vec4f, b: vec4f) -> vec4f {
  if (rule.transform == IDENTITY) {
    if (rule.combination == MINIMUM) {
      return lesser(a, b);
    }
    return (a + b) * 0.5;
  }
  let x = bounded(a);
  let y = bounded(b);
  switch rule.combination {
    case PRODUCT: {
      return exp((x + y) * 0.5);
    }
    case SUM: {
      return (exp(x) + exp(y)) * 0.5;
    }
    case MINIMUM: {
      return exp(lesser(x, y));
    }
    default: {
      return 2.0 / (exp(-x) + exp(-y));
    }
  }
}
