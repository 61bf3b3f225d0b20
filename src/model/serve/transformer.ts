import { exp } from '../../base/math.ts';
import {
  layerTensors,
  NORM_EPSILON,
  validateTokens,
  type TokenBatch,
  type Transformer,
} from '../layout/transformer.ts';

/**
 * The CPU reference of the transformer pass: e_session of people from their past matches, in f64
 * from the f32 weights. The trainer and a GPU compute in f32; testing/session-bound.ts bounds the
 * difference.
 *
 * Only the last token's output is needed, so the last block computes one query per person.
 */

/** The same weights as f64, converted once: loops over one kind of number are fast. */
type Wide = {
  readonly [K in 'tokenSelf' | 'tokenPartner' | 'tokenOutcome' | 'tokenGate' | 'place' | 'out']: Float64Array;
} & {
  readonly layers: readonly Readonly<Record<(typeof layerTensors)[number], Float64Array>>[];
};
const wide = new WeakMap<Transformer, Wide>();

function widened(net: Transformer): Wide {
  let found = wide.get(net);
  if (found === undefined) {
    const f64 = (x: Float32Array): Float64Array => Float64Array.from(x);
    found = {
      tokenSelf: f64(net.tokenSelf),
      tokenPartner: f64(net.tokenPartner),
      tokenOutcome: f64(net.tokenOutcome),
      tokenGate: f64(net.tokenGate),
      place: f64(net.place),
      out: f64(net.out),
      layers: net.layers.map(
        (layer) => Object.fromEntries(layerTensors.map((t) => [t, f64(layer[t])])) as Wide['layers'][number],
      ),
    };
    wide.set(net, found);
  }
  return found;
}

const none = new Float64Array(0);

/** out[at ..] = x[from ..] W (+ b), W [inputs][outputs]. */
function product(
  x: Float64Array,
  from: number,
  inputs: number,
  w: Float64Array,
  outputs: number,
  out: Float64Array,
  at: number,
  b: Float64Array = none,
): void {
  for (let o = 0; o < outputs; o++) out[at + o] = b.length === 0 ? 0 : b[o];
  for (let k = 0, row = 0; k < inputs; k++, row += outputs) {
    const v = x[from + k];
    for (let o = 0; o < outputs; o++) out[at + o] += v * w[row + o];
  }
}

/** out[at ..] = (x - mean) / deviation * gain + offset over x[from .. from + size). */
function normalise(
  x: Float64Array,
  from: number,
  gain: Float64Array,
  offset: Float64Array,
  out: Float64Array,
  at: number,
): void {
  const size = gain.length;
  let mean = 0;
  for (let k = 0; k < size; k++) mean += x[from + k];
  mean /= size;
  let variance = 0;
  for (let k = 0; k < size; k++) variance += (x[from + k] - mean) ** 2;
  const deviation = Math.sqrt(variance / size + NORM_EPSILON);
  for (let k = 0; k < size; k++) out[at + k] = ((x[from + k] - mean) / deviation) * gain[k] + offset[k];
}

/** Tokens of one person into x, f64[length][size]. */
function tokens(
  { size, outcomes }: Transformer,
  w: Wide,
  batch: TokenBatch,
  person: number,
  x: Float64Array,
): void {
  const begin = batch.first[person];
  const length = batch.first[person + 1] - begin;
  const vectors = Float64Array.from(batch.vectors.subarray(begin * size, (begin + length) * size));
  const seen = Float64Array.from(batch.outcomes.subarray(begin * outcomes, (begin + length) * outcomes));
  const gate = new Float64Array(size);
  const told = new Float64Array(size);
  for (let t = 0; t < length; t++) {
    const at = t * size;
    product(vectors, at, size, t === 0 ? w.tokenSelf : w.tokenPartner, size, x, at);
    if (t > 0) {
      product(seen, t * outcomes, outcomes, w.tokenGate, size, gate, 0);
      product(seen, t * outcomes, outcomes, w.tokenOutcome, size, told, 0);
      for (let k = 0; k < size; k++) x[at + k] = x[at + k] * (1 + gate[k]) + told[k];
    }
    for (let k = 0; k < size; k++) x[at + k] += w.place[at + k];
  }
}

/** heard[at ..] = attention of the query at q[at ..] over the tokens 0 to `last`. */
function attend(
  { size, heads }: Transformer,
  q: Float64Array,
  k: Float64Array,
  v: Float64Array,
  last: number,
  at: number,
  heard: Float64Array,
  weights: Float64Array,
): void {
  const width = size / heads;
  const scale = 1 / Math.sqrt(width);
  for (let head = 0; head < heads; head++) {
    const from = head * width;
    let top = -Infinity;
    for (let j = 0; j <= last; j++) {
      let score = 0;
      for (let c = 0; c < width; c++) score += q[at + from + c] * k[j * size + from + c];
      weights[j] = score * scale;
      if (weights[j] > top) top = weights[j];
    }
    let sum = 0;
    for (let j = 0; j <= last; j++) sum += weights[j] = exp(weights[j] - top);
    for (let c = 0; c < width; c++) heard[at + from + c] = 0;
    for (let j = 0; j <= last; j++) {
      const share = weights[j] / sum;
      for (let c = 0; c < width; c++) heard[at + from + c] += share * v[j * size + from + c];
    }
  }
}

/**
 * e_session of everyone in the batch after the last token, f32[count][size]. A vector depends only
 * on the person's own tokens. Throws LabError on a broken batch.
 */
export function sessionVectors(net: Transformer, batch: TokenBatch): Float32Array {
  validateTokens(net, batch);
  const { size } = net;
  const w = widened(net);
  const { count, first } = batch;
  let longest = 1;
  for (let i = 0; i < count; i++) longest = Math.max(longest, first[i + 1] - first[i]);
  const room = (): Float64Array => new Float64Array(longest * size);
  const [x, seen, q, k, v, heard, added] = Array.from({ length: 7 }, room);
  const middle = new Float64Array(2 * size);
  const weights = new Float64Array(longest);
  const result = new Float64Array(size);
  const out = new Float32Array(count * size);
  for (let i = 0; i < count; i++) {
    const length = first[i + 1] - first[i];
    tokens(net, w, batch, i, x);
    w.layers.forEach((layer, l) => {
      const from = l === w.layers.length - 1 ? length - 1 : 0;
      for (let t = 0; t < length; t++) {
        normalise(x, t * size, layer.g, layer.gb, seen, t * size);
        product(seen, t * size, size, layer.k, size, k, t * size);
        product(seen, t * size, size, layer.v, size, v, t * size);
      }
      for (let t = from; t < length; t++) {
        const at = t * size;
        product(seen, at, size, layer.q, size, q, at);
        attend(net, q, k, v, t, at, heard, weights);
        product(heard, at, size, layer.o, size, added, at);
        for (let c = at; c < at + size; c++) x[c] += added[c];
        normalise(x, at, layer.h, layer.hb, seen, at);
        product(seen, at, size, layer.m, 2 * size, middle, 0, layer.mb);
        for (let c = 0; c < 2 * size; c++) if (!(middle[c] > 0)) middle[c] = 0;
        product(middle, 0, 2 * size, layer.n, size, added, at, layer.nb);
        for (let c = at; c < at + size; c++) x[c] += added[c];
      }
    });
    product(x, (length - 1) * size, size, w.out, size, result, 0);
    out.set(result, i * size);
  }
  return out;
}
