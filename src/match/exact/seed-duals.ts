import { floats } from './amounts.ts';
import { BlossomSolver } from './blossom.ts';
import { adjacency } from './blossom-forest.ts';
import { freshStart, halfOfHeaviest } from './blossom-start.ts';
import type { Adjacency } from './blossom-forest.ts';
import type { PairSource } from '../../score/source.ts';

/**
 * People in the sample: enough for a few of each kind, and few enough to solve the dense graph at
 * once.
 */
const SAMPLE = 256;
/** With fewer people, the heaviest pairs are as good a start. */
const MIN_PEOPLE = 1024;

/**
 * Rough duals for a source without a scan: the optimal duals of a sample, extended to everyone by
 * y_i = max_j (w_ij - y_j) over the sample. Relative to these duals, the best pairs are those that
 * an optimum needs. The heaviest pairs would all lead to the same few people.
 *
 * @returns y: f64[n] in units of weight, all 0 below 1,024 people; rows: how many rows were read.
 */
export function sampleDuals(
  source: PairSource,
  watch: (share: number) => void,
): { y: Float64Array; rows: number } {
  const { n } = source;
  const y = new Float64Array(n);
  if (n < MIN_PEOPLE) return { y, rows: 0 };
  // Evenly spread, with an odd offset in each interval, so that alternating sides are both drawn.
  const sample = Int32Array.from({ length: SAMPLE }, (_, s) => {
    const [from, to] = [Math.floor((s * n) / SAMPLE), Math.floor(((s + 1) * n) / SAMPLE)];
    return from + ((s * 7919) % (to - from));
  });
  const out = new Float64Array(n);
  const [u, v, w]: number[][] = [[], [], []];
  let top = 0;
  sample.forEach((i, s) => {
    watch((s / SAMPLE) * 0.5);
    source.row(i, 0, out);
    for (let t = s + 1; t < SAMPLE; t++) {
      const weight = out[sample[t]];
      if (!(weight > 0) || !source.admits(i, sample[t])) continue;
      u.push(s);
      v.push(t);
      w.push(weight);
      top = Math.max(top, weight);
    }
  });
  if (!Number.isFinite(top)) return { y, rows: SAMPLE };
  // 2^16 steps are fine enough for a start.
  const unit = top === 0 ? 1 : 2 ** Math.max(-1000, Math.ceil(Math.log2(top)) - 16);
  const whole = w.map((weight) => Math.max(1, Math.round(weight / unit)));
  const graph = adjacency(floats, SAMPLE, u, v, whole);
  const duals = halfOfHeaviest(graph);
  const forest = freshStart(floats, graph, duals);
  new BlossomSolver(floats, graph, forest, duals).solve();
  // Each vertex takes half of the duals of its blossoms, which keeps all edges covered.
  const own = duals.map((value) => value * unit);
  for (const b of forest.blossoms()) for (const i of forest.leaves(b, [])) own[i] += (forest.z[b] * unit) / 2;
  sample.forEach((i, s) => {
    watch(0.5 + (s / SAMPLE) * 0.5);
    source.row(i, 0, out);
    for (let j = 0; j < n; j++) if (out[j] - own[s] > y[j]) y[j] = out[j] - own[s];
  });
  return { y, rows: 2 * SAMPLE };
}

/**
 * Makes duals cover all edges, then lowers each towards the smallest value that its edges allow, as
 * `listCertificate` does: y stays feasible and never rises again.
 *
 * @param y f64[n]; written.
 */
export function relaxDuals({ n, start, nbr, wt }: Adjacency, y: Float64Array, rounds: number): void {
  const ask = new Float64Array(n);
  for (let i = 0; i < n; i++)
    for (let e = start[i]; e < start[i + 1]; e++) ask[i] = Math.max(ask[i], (wt[e] - y[i] - y[nbr[e]]) / 2);
  for (let i = 0; i < n; i++) y[i] += ask[i];
  let before = Infinity;
  for (let r = 0; r < rounds; r++) {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      let max = 0;
      for (let e = start[i]; e < start[i + 1]; e++) {
        const left = wt[e] - y[nbr[e]];
        if (left > max) max = left;
      }
      ask[i] = max;
    }
    for (let i = 0; i < n; i++) {
      if (ask[i] < y[i]) y[i] = (y[i] + ask[i]) / 2;
      sum += y[i];
    }
    if (before - sum <= 1e-6 * sum) return;
    before = sum;
  }
}
