import { LabError } from '../../base/errors.ts';
import { exp, log } from '../../base/math.ts';
import { CLAMP, MAX_NORM } from '../../model/layout/tower.ts';
import { normalCdf } from '../../model/serve/oracle.ts';
import { quantise } from '../../model/serve/tower.ts';
import type { OwnVectors } from '../../world/cast.ts';
import type { FitOptions } from '../fit/fit-types.ts';
import { expectTimes, firstMean, type Expected } from '../fit/latent.ts';
import type { ImportedMeetings } from '../read/meetings.ts';
import type { VectorTable } from './vector-table.ts';

/** Meetings from which a scale is estimated, and most that are used: two numbers need no more. */
export const MIN_MEETINGS = 30;
const MAX_MEETINGS = 20_000;
const MAX_ROUNDS = 200;
/** The estimate has converged when it moves by less than this in a round, ln s. */
const SETTLED = 1e-6;
/** With too few meetings: ln s that a product one standard deviation higher is taken to add. */
const ASSUMED_SLOPE = 0.3;
/** Rounding to integers lengthens a vector of 128 components by at most half of its root. */
const ROUNDING = 6;

/** How the products of the vectors became seconds. */
export interface VectorScale {
  readonly meetings: number;
  /** There are too few meetings: the slope is an assumption. */
  readonly assumed: boolean;
  /** ln s that one standard deviation of the product adds to one side's stay. */
  readonly slope: number;
  /** Location of the stay of i with j, ln s, and its spread around it. */
  readonly location: (i: number, j: number) => number;
  readonly tail: number;
}

/**
 * The vectors as a scorer: integers, padded to the kernel's lanes, with the scale and the bias that
 * make ln seconds of their products. Both come from a regression of the stays of the two sides of
 * every meeting on `seeks_i . is_j`, by expectation maximisation, because outcomes only bound those
 * stays (fit/latent.ts).
 *
 * @throws LabError where the product is the same in all of the meetings.
 */
export function ownVectors(
  table: VectorTable,
  meetings: ImportedMeetings,
  options: Pick<FitOptions, 'kind' | 'threshold' | 'tail'> & { readonly rows: Uint32Array },
): { readonly vectors: OwnVectors; readonly scale: VectorScale } {
  const dim = 4 * Math.ceil(table.dim / 4);
  const peer = integers(table.is, table.dim, dim);
  const user = table.seeks === table.is ? peer : integers(table.seeks, table.dim, dim);
  const product = (i: number, j: number) => {
    let sum = 0;
    for (let k = 0; k < dim; k++) sum += user.values[i * dim + k] * peer.values[j * dim + k];
    return sum;
  };
  const step = Math.max(1, Math.ceil(options.rows.length / MAX_MEETINGS));
  const rows = options.rows.filter((_, k) => k % step === 0);
  const x = new Float64Array(2 * rows.length);
  rows.forEach((m, r) => {
    x[2 * r] = product(meetings.a[m], meetings.b[m]);
    x[2 * r + 1] = product(meetings.b[m], meetings.a[m]);
  });
  const centre = x.reduce((sum, v) => sum + v, 0) / x.length;
  const deviation = Math.sqrt(x.reduce((sum, v) => sum + (v - centre) ** 2, 0) / x.length);
  if (!(deviation > 0))
    throw new LabError(
      `the product of the vectors is the same in all ${rows.length} meetings that it is fitted to, so it tells no two of them apart; check that the vectors belong to these people`,
      table.file,
    );
  const line = regress(
    x.map((v) => (v - centre) / deviation),
    rows,
    meetings,
    options,
  );
  const scale = line.slope / deviation;
  const location = line.mean - scale * centre;
  // From one side's median to the expected length of the chat, as in model/serve/oracle.ts.
  const bias = location + log(2 * exp((line.tail * line.tail) / 2) * normalCdf(-line.tail / Math.SQRT2));
  return {
    vectors: {
      dim,
      peer: peer.values,
      ...(user !== peer && { user: user.values }),
      scale,
      bias,
    },
    scale: {
      meetings: line.meetings,
      assumed: line.assumed,
      slope: line.slope,
      tail: line.tail,
      location: (i, j) => location + scale * product(i, j),
    },
  };
}

/** i16[people][width] of f32[people][dim]: rounded, with norms up to MAX_NORM, padded by zeros. */
function integers(vectors: Float32Array, dim: number, width: number): { values: Int16Array<ArrayBuffer> } {
  let component = 0;
  let norm = 0;
  for (let at = 0; at < vectors.length; at += dim) {
    let q = 0;
    for (let k = at; k < at + dim; k++) {
      component = Math.max(component, Math.abs(vectors[k]));
      q += vectors[k] ** 2;
    }
    norm = Math.max(norm, Math.sqrt(q));
  }
  const quantum = Math.max(component / CLAMP, norm / (MAX_NORM - ROUNDING));
  const values = new Int16Array((vectors.length / dim) * width);
  if (quantum > 0)
    for (let k = 0; k < vectors.length; k++)
      values[Math.floor(k / dim) * width + (k % dim)] = quantise(vectors[k] / quantum);
  return { values };
}

interface Line {
  readonly meetings: number;
  readonly assumed: boolean;
  readonly mean: number;
  readonly slope: number;
  readonly tail: number;
}

/** Stays of both sides, ln s, as a line in x, which has mean 0 and deviation 1: f64[2 rows]. */
function regress(
  x: Float64Array,
  rows: Uint32Array,
  meetings: ImportedMeetings,
  { kind, threshold, tail: firstTail }: Pick<FitOptions, 'kind' | 'threshold' | 'tail'>,
): Line {
  let mean = firstMean(meetings, rows, { kind, threshold, tail: firstTail });
  let slope = 0;
  let tail = firstTail;
  let known = 0;
  const out: Expected = { yA: 0, yB: 0, vA: 0, vB: 0 };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let [n, sx, sy, sxx, sxy, syy, sv] = [0, 0, 0, 0, 0, 0, 0];
    known = 0;
    rows.forEach((m, r) => {
      const [xA, xB] = [x[2 * r], x[2 * r + 1]];
      expectTimes(meetings, m, kind, mean + slope * xA, mean + slope * xB, tail, threshold, out);
      if (!Number.isNaN(out.yA) || !Number.isNaN(out.yB)) known++;
      const add = (u: number, y: number, v: number) => {
        if (Number.isNaN(y)) return;
        n++;
        sx += u;
        sy += y;
        sxx += u * u;
        sxy += u * y;
        syy += y * y;
        sv += v;
      };
      add(xA, out.yA, out.vA);
      add(xB, out.yB, out.vB);
    });
    if (known === 0) break;
    const assumed = known < MIN_MEETINGS;
    const spread = sxx - (sx * sx) / n;
    const next = assumed || !(spread > 0) ? ASSUMED_SLOPE : (sxy - (sx * sy) / n) / spread;
    const nextMean = (sy - next * sx) / n;
    const moved = Math.abs(next - slope) + Math.abs(nextMean - mean);
    [slope, mean] = [next, nextMean];
    if (kind === 'duration') {
      // The sum of (y - mean - slope x)^2.
      const rest =
        syy - 2 * mean * sy - 2 * slope * sxy + n * mean ** 2 + 2 * mean * slope * sx + slope ** 2 * sxx;
      tail = Math.max(0.05, Math.sqrt(Math.max(0, rest + sv) / n));
    }
    if (moved < SETTLED) break;
  }
  const assumed = known < MIN_MEETINGS;
  return { meetings: known, assumed, mean, slope: assumed ? ASSUMED_SLOPE : slope, tail };
}
