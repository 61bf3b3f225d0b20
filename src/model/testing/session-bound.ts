import { type TokenBatch, type Transformer, NORM_EPSILON } from '../layout/transformer.ts';
import { U, type Bounded } from './tower-bound.ts';

/**
 * Bounds the difference between an f32 evaluation of e_session and the CPU reference
 * (serve/transformer.ts). Worst-case bounds are useless after a dozen products in a row, so this is
 * the probabilistic analysis of N. Higham and T. Mary ("A New Approach to Probabilistic Rounding
 * Error Analysis", SIAM J. Sci. Comput. 41(5), 2019): roundings are independent with mean 0, the
 * error of a sum of n terms is U sqrt(n) times the sum of their sizes, and errors add as squares,
 * to first order. The bound is LAMBDA times that; the probability to exceed it is below 2
 * exp(-LAMBDA^2 / 2) = 3e-14 per sum. Division 2.5 ULP, square root 5 ULP (WGSL uses 1 /
 * inverseSqrt), exp (3 + 2 |x|) ULP (WGSL specification, "Accuracy of Concrete Floating Point
 * Expressions"); 1 ULP is at most 2 U.
 */
const LAMBDA = 8;

const DIVISION = 5 * U;
const ROOT = 10 * U;

const exact = (values: ArrayLike<number>): Bounded => {
  const value = Float64Array.from(values);
  return { value, error: new Float64Array(value.length) };
};

function sum(a: Bounded, b: Bounded): Bounded {
  const value = a.value.map((v, k) => v + b.value[k]);
  return { value, error: value.map((v, k) => Math.hypot(a.error[k], b.error[k], U * v)) };
}

/** x W + b. */
function product(x: Bounded, w: Float32Array, outputs: number, b?: Float32Array): Bounded {
  const value = new Float64Array(outputs);
  const error = new Float64Array(outputs);
  const rounding = U * Math.sqrt(x.value.length + 2);
  for (let o = 0; o < outputs; o++) {
    let v = b?.[o] ?? 0;
    let size = Math.abs(v);
    let carried = 0;
    for (let k = 0; k < x.value.length; k++) {
      const term = x.value[k] * w[k * outputs + o];
      v += term;
      size += Math.abs(term);
      carried += (x.error[k] * w[k * outputs + o]) ** 2;
    }
    value[o] = v;
    error[o] = Math.hypot(Math.sqrt(carried), rounding * size);
  }
  return { value, error };
}

function normalised(x: Bounded, gain: Float32Array, offset: Float32Array): Bounded {
  const n = gain.length;
  const total = (of: (k: number) => number): number => x.value.reduce((sum, _, k) => sum + of(k), 0);
  const mean = total((k) => x.value[k]) / n;
  const meanError = Math.hypot(
    Math.sqrt(total((k) => x.error[k] ** 2)) / n,
    (U * Math.sqrt(n) + DIVISION) * (total((k) => Math.abs(x.value[k])) / n),
  );
  const centred = x.value.map((v) => v - mean);
  const centredError = x.error.map((e, k) => Math.hypot(e, meanError, U * centred[k]));
  const root = Math.sqrt(total((k) => centred[k] ** 2) / n + NORM_EPSILON);
  // The root changes by the mean of y dc; the rounding of the variance changes it by half its
  // relative error.
  const rootError = Math.hypot(
    Math.sqrt(total((k) => ((centred[k] / root) * centredError[k]) ** 2)) / n,
    root * (0.5 * (U * Math.sqrt(n + 2) + DIVISION) + ROOT),
  );
  const y = centred.map((c) => c / root);
  const value = y.map((v, k) => v * gain[k] + offset[k]);
  const error = y.map((v, k) =>
    Math.hypot(
      (gain[k] * Math.hypot(centredError[k], v * rootError)) / root,
      (DIVISION + U) * v * gain[k],
      U * value[k],
    ),
  );
  return { value, error };
}

function attention(
  { size, heads }: Transformer,
  q: Bounded,
  keys: readonly Bounded[],
  values: readonly Bounded[],
): Bounded {
  const width = size / heads;
  const scale = 1 / Math.sqrt(width);
  const heard: Bounded = { value: new Float64Array(size), error: new Float64Array(size) };
  for (let head = 0; head < heads; head++) {
    const from = head * width;
    const scores = keys.map((k) => {
      let value = 0;
      let carried = 0;
      let terms = 0;
      for (let c = from; c < from + width; c++) {
        const term = q.value[c] * k.value[c];
        value += term;
        terms += Math.abs(term);
        carried += (q.value[c] * k.error[c]) ** 2 + (q.error[c] * k.value[c]) ** 2;
      }
      // The scale is rounded, and so is the product with it.
      return {
        value: value * scale,
        error: scale * Math.hypot(Math.sqrt(carried), U * Math.sqrt(width + 4) * terms),
      };
    });
    const top = Math.max(...scores.map((s) => s.value));
    const relative = scores.map(({ value, error }) => {
      const x = top - value;
      return Math.hypot(error, U * x, (3 + 2 * x) * 2 * U);
    });
    const raw = scores.map((s) => Math.exp(s.value - top));
    const all = raw.reduce((a, b) => a + b, 0);
    for (let c = from; c < from + width; c++) {
      let value = 0;
      let sizes = 0;
      for (let j = 0; j < raw.length; j++) {
        value += (raw[j] / all) * values[j].value[c];
        sizes += (raw[j] / all) * Math.abs(values[j].value[c]);
      }
      let carried = 0;
      // Shares sum to 1, so a change of one moves the result by the value's distance from the mean.
      for (let j = 0; j < raw.length; j++)
        carried +=
          ((raw[j] / all) * values[j].error[c]) ** 2 +
          ((raw[j] / all) * (values[j].value[c] - value) * relative[j]) ** 2;
      heard.value[c] = value;
      heard.error[c] = Math.hypot(Math.sqrt(carried), (2 * U * Math.sqrt(raw.length + 2) + DIVISION) * sizes);
    }
  }
  return heard;
}

/**
 * Reference value and error bound of everyone in the batch, f64[size] per person. `vectorError`:
 * bound of the error of the e_feature that the f32 evaluation reads, f64[tokens][size]; default 0.
 */
export function boundedSessions(net: Transformer, batch: TokenBatch, vectorError?: Float64Array): Bounded[] {
  const { size, outcomes } = net;
  return Array.from({ length: batch.count }, (_, person) => {
    const begin = batch.first[person];
    const length = batch.first[person + 1] - begin;
    let x = Array.from({ length }, (_, t): Bounded => {
      const from = (begin + t) * size;
      const vector: Bounded = {
        value: Float64Array.from(batch.vectors.subarray(from, from + size)),
        error: vectorError?.slice(from, from + size).map((e) => e / LAMBDA) ?? new Float64Array(size),
      };
      const place = exact(net.place.subarray(t * size, (t + 1) * size));
      if (t === 0) return sum(product(vector, net.tokenSelf, size), place);
      const told = exact(batch.outcomes.subarray((begin + t) * outcomes, (begin + t + 1) * outcomes));
      const partner = product(vector, net.tokenPartner, size);
      const gate = sum(product(told, net.tokenGate, size), exact(new Float64Array(size).fill(1)));
      const value = partner.value.map((v, k) => v * gate.value[k]);
      const error = value.map((v, k) =>
        Math.hypot(partner.value[k] * gate.error[k], partner.error[k] * gate.value[k], U * v),
      );
      return sum(sum({ value, error }, product(told, net.tokenOutcome, size)), place);
    });
    for (const layer of net.layers) {
      const seen = x.map((v) => normalised(v, layer.g, layer.gb));
      const [q, k, v] = [layer.q, layer.k, layer.v].map((w) => seen.map((s) => product(s, w, size)));
      x = x.map((own, t) => {
        const heard = attention(net, q[t], k.slice(0, t + 1), v.slice(0, t + 1));
        const after = sum(own, product(heard, layer.o, size));
        const middle = product(normalised(after, layer.h, layer.hb), layer.m, 2 * size, layer.mb);
        const positive = { value: middle.value.map((m) => Math.max(m, 0)), error: middle.error };
        return sum(after, product(positive, layer.n, size, layer.nb));
      });
    }
    const { value, error } = product(x[length - 1], net.out, size);
    return { value, error: error.map((e) => LAMBDA * e) };
  });
}
