import { LabError, must } from '../../src/base/errors.ts';
import { dotRows, firstAxes, iterate, procrustes, turnAxes, type Axes } from './axes.ts';
import { anchorOf, fixedPlace, jitter, type PersonAttributes } from './layout.ts';

/**
 * Strength of the pull towards the country anchors. This share of each country's mean vector is
 * removed before the projection and replaced by the country's anchor. 0 is the plain projection
 * (mostly one blob with these models, because the means differ along more than two directions); 1
 * shows only the differences within a country.
 */
export const ANCHOR_PULL = 0.8;
/** Median distance of a person from the centre of their country, on the unit disc. */
const CLOUD = 0.19;
/**
 * Standard deviation of the jitter by id, on the disc. It separates people with nearly the same
 * vector. CROWDED applies where many vectors are identical.
 */
const APART = 0.024;
const CROWDED = 0.06;
/**
 * Max rows per tick that enter the covariance. More rows cost time without a visible difference.
 */
const SAMPLE = 256;
/** Weight of the newest tick in the moving averages of means, covariance and scale. */
const MEMORY = 0.05;
/** Max distance from the centre of the disc. */
const RIM = 1;

export interface ProjectorInput extends PersonAttributes {
  readonly n: number;
  /** u32[n]. */
  readonly ids: Uint32Array;
  /** Length of a vector. */
  readonly dim: number;
  /** f32[n][dim]: the user side of the embeddings, or null where the scorer has none. */
  readonly vectors: Float32Array | null;
}

/**
 * Projects embeddings to the unit disc, pulled towards country anchors by {@link ANCHOR_PULL}:
 * principal components of a running covariance within countries. Each tick's axes are aligned with
 * those of the tick before (Procrustes), so that the picture never spins or flips. A person's
 * position depends on their vector and on the axes, never on their index in the pool.
 */
export class Projector {
  #dim = 0;
  #ticks = 0;
  #axes: Axes | null = null;
  #covariance = new Float64Array(0);
  #mean = new Float64Array(0);
  #countryMean = new Map<number, Float64Array>();
  #scale = 0;
  #rough = 0;
  /**
   * 'projection': positions come from the vectors. 'fixed': they come from side information only.
   */
  kind: 'projection' | 'fixed' = 'fixed';

  /** Drops all state, for a new world. */
  reset(): void {
    this.#dim = 0;
    this.#ticks = 0;
    this.#axes = null;
    this.#scale = 0;
    this.#rough = 0;
    this.#countryMean.clear();
  }

  /**
   * Returns positions f32[n][2] on the unit disc, y upwards. Reuses `out` if it is long enough.
   * Throws LabError if a vector is not finite.
   */
  project(input: ProjectorInput, out?: Float32Array): Float32Array {
    const { n, dim, vectors } = input;
    must(
      input.ids.length >= n && input.country.length >= n,
      `sky: ${n} people announced, fewer columns given`,
    );
    const places = out !== undefined && out.length >= 2 * n ? out : new Float32Array(2 * n);
    if (vectors === null || dim === 0) return this.#fixed(input, places);
    must(
      vectors.length >= n * dim,
      `sky: ${n} vectors of ${dim} need ${n * dim} numbers, not ${vectors.length}`,
    );
    if (dim !== this.#dim) {
      this.reset();
      this.#dim = dim;
      this.#mean = new Float64Array(dim);
      this.#covariance = new Float64Array(dim * dim);
    }
    if (n > 0) this.#learn(input, vectors);
    if (this.#axes === null || this.#scale === 0) return this.#fixed(input, places);
    this.#place(input, vectors, this.#axes, places);
    return places;
  }

  #fixed({ n, ids, country, gender, age }: ProjectorInput, places: Float32Array): Float32Array {
    this.kind = 'fixed';
    for (let i = 0; i < n; i += 1) {
      fixedPlace(ids[i], country[i], gender[i], age[i], places, 2 * i);
      soften(places, 2 * i);
    }
    return places;
  }

  #learn(input: ProjectorInput, vectors: Float32Array): void {
    const rate = Math.max(MEMORY, 1 / (this.#ticks + 1));
    this.#learnMeans(input, vectors, rate);
    const trace = this.#learnCovariance(input, vectors, rate);
    this.#ticks += 1;
    if (!(trace > 1e-12)) return;
    this.#learnAxes();
    if (this.#axes !== null) this.#learnScale(input, vectors, this.#axes, rate);
  }

  #learnMeans({ n, dim, country }: ProjectorInput, vectors: Float32Array, rate: number): void {
    const sums = new Map<number, { sum: Float64Array; count: number }>();
    const all = new Float64Array(dim);
    for (let i = 0; i < n; i += 1) {
      let entry = sums.get(country[i]);
      if (entry === undefined) sums.set(country[i], (entry = { sum: new Float64Array(dim), count: 0 }));
      entry.count += 1;
      for (let k = 0; k < dim; k += 1) entry.sum[k] += vectors[i * dim + k];
    }
    for (const [c, { sum, count }] of sums) {
      const known = this.#countryMean.get(c);
      // Small samples are noisy: with fewer than 30 people the step shrinks in proportion.
      const step = known === undefined ? 1 : rate * Math.min(1, count / 30);
      const mean = known ?? new Float64Array(dim);
      for (let k = 0; k < dim; k += 1) {
        all[k] += sum[k] / n;
        mean[k] += step * (sum[k] / count - mean[k]);
      }
      this.#countryMean.set(c, mean);
    }
    const bad = all.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      this.reset();
      throw new LabError(
        `sky: component ${bad} of an embedding is not finite; vectors must be finite numbers`,
      );
    }
    for (let k = 0; k < dim; k += 1) this.#mean[k] += rate * (all[k] - this.#mean[k]);
  }

  /** Returns the trace of the covariance within countries. */
  #learnCovariance({ n, dim, country }: ProjectorInput, vectors: Float32Array, rate: number): number {
    const rows = Math.min(n, SAMPLE);
    const batch = new Float64Array(dim * dim);
    const v = new Float64Array(dim);
    const seen = new Set<number>();
    for (let r = 0; r < rows; r += 1) {
      const i = Math.floor((r * n) / rows);
      const mean = this.#countryMean.get(country[i]) ?? this.#mean;
      let print = 0;
      for (let k = 0; k < dim; k += 1) {
        v[k] = vectors[i * dim + k] - this.#mean[k] - ANCHOR_PULL * (mean[k] - this.#mean[k]);
        print = print * 1.0173 + vectors[i * dim + k];
      }
      seen.add(print);
      for (let a = 0; a < dim; a += 1)
        for (let b = 0; b <= a; b += 1) batch[a * dim + b] += (v[a] * v[b]) / rows;
    }
    // The vectors of the rules take few distinct values, so more jitter is needed to separate
    // people.
    this.#rough += rate * ((seen.size < rows / 2 ? CROWDED : APART) - this.#rough);
    let trace = 0;
    for (let a = 0; a < dim; a += 1) {
      for (let b = 0; b <= a; b += 1) {
        const c = this.#covariance[a * dim + b] + rate * (batch[a * dim + b] - this.#covariance[a * dim + b]);
        this.#covariance[a * dim + b] = c;
        this.#covariance[b * dim + a] = c;
      }
      trace += this.#covariance[a * dim + a];
    }
    return trace;
  }

  #learnAxes(): void {
    const dim = this.#dim;
    const before = this.#axes;
    const axes = before === null ? firstAxes(dim) : before.slice();
    for (let step = before === null ? 40 : 3; step > 0; step -= 1)
      if (!iterate(this.#covariance, axes, dim)) break;
    let m: [number, number, number, number] = [0, 0, 0, 0];
    if (before === null) {
      for (const [c, mean] of this.#countryMean) {
        const [ax, ay] = anchorOf(c);
        const px = dotRows(axes, mean, 0, 0, dim) - dotRows(axes, this.#mean, 0, 0, dim);
        const py = dotRows(axes, mean, dim, 0, dim) - dotRows(axes, this.#mean, dim, 0, dim);
        m = [m[0] + px * ax, m[1] + px * ay, m[2] + py * ax, m[3] + py * ay];
      }
    } else {
      m = [
        dotRows(axes, before, 0, 0, dim),
        dotRows(axes, before, 0, dim, dim),
        dotRows(axes, before, dim, 0, dim),
        dotRows(axes, before, dim, dim, dim),
      ];
    }
    turnAxes(axes, procrustes(m), dim);
    this.#axes = axes;
  }

  #learnScale({ n, dim, country }: ProjectorInput, vectors: Float32Array, axes: Axes, rate: number): void {
    const rows = Math.min(n, SAMPLE);
    const radii = new Float64Array(rows);
    for (let r = 0; r < rows; r += 1) {
      const i = Math.floor((r * n) / rows);
      const mean = this.#countryMean.get(country[i]) ?? this.#mean;
      radii[r] = Math.hypot(
        dotRows(axes, vectors, 0, i * dim, dim) - dotRows(axes, mean, 0, 0, dim),
        dotRows(axes, vectors, dim, i * dim, dim) - dotRows(axes, mean, dim, 0, dim),
      );
    }
    const median = radii.sort()[rows >> 1];
    if (!(median > 1e-9)) return;
    const target = Math.log(CLOUD / median);
    const known = this.#scale === 0 ? target : Math.log(this.#scale);
    this.#scale = Math.exp(known + rate * (target - known));
  }

  #place(
    { n, dim, ids, country }: ProjectorInput,
    vectors: Float32Array,
    axes: Axes,
    places: Float32Array,
  ): void {
    this.kind = 'projection';
    const offset = new Map<number, [number, number]>();
    for (const [c, mean] of this.#countryMean) {
      const [ax, ay] = anchorOf(c);
      const shift = (row: number) => {
        const centre = dotRows(axes, this.#mean, row, 0, dim);
        return -this.#scale * (centre + ANCHOR_PULL * (dotRows(axes, mean, row, 0, dim) - centre));
      };
      offset.set(c, [shift(0) + ANCHOR_PULL * 1.2 * ax, shift(dim) + ANCHOR_PULL * 1.2 * ay]);
    }
    for (let i = 0; i < n; i += 1) {
      const [ox, oy] = offset.get(country[i]) ?? [0, 0];
      const [jx, jy] = jitter(ids[i]);
      places[2 * i] = ox + this.#scale * dotRows(axes, vectors, 0, i * dim, dim) + this.#rough * jx;
      places[2 * i + 1] = oy + this.#scale * dotRows(axes, vectors, dim, i * dim, dim) + this.#rough * jy;
      soften(places, 2 * i);
    }
  }
}

/**
 * Pulls outliers inside the rim. It keeps the order of distances and is nearly the identity up to
 * two thirds of the radius.
 */
function soften(places: Float32Array, at: number): void {
  const radius = Math.hypot(places[at], places[at + 1]);
  const factor = 1 / (1 + (radius / RIM) ** 6) ** (1 / 6);
  places[at] *= factor;
  places[at + 1] *= factor;
}
