import { must } from '../../base/errors.ts';
import { normal, Stream } from '../../base/hash.ts';
import { LIKENESSES, WARM_SWEEPS, type Fit, type FitOptions, type SideInformation } from './fit-types.ts';
import { expectTimes, firstMean, type Expected } from './latent.ts';
import { Likeness } from './likeness.ts';
import { solvePositive } from './linear.ts';
import type { ImportedMeetings } from '../read/meetings.ts';
import { observe, type Observations } from './observations.ts';
import { Part } from './part.ts';
import { Ridge } from './ridge.ts';

/** The state of a fit; see fit-types.ts for the model and its solver. */
export class Fitting {
  readonly #n: number;
  readonly #rank: number;
  readonly #options: FitOptions;
  readonly #meetings: ImportedMeetings;
  readonly #ridge: Ridge;
  readonly #seen: Observations;
  /** By observation: the expected time (ln s; NaN where unknown), its variance, its location. */
  readonly #y: Float64Array;
  readonly #v: Float64Array;
  readonly #mu: Float64Array;

  #sweeps = 0;
  #mean: number;
  #tail: number;
  readonly #like: Likeness;
  readonly #talk: Part;
  readonly #charm: Part;
  readonly #taste: Part;
  readonly #appeal: Part;

  constructor(people: SideInformation, meetings: ImportedMeetings, options: FitOptions) {
    const n = people.count;
    this.#n = n;
    this.#rank = options.rank;
    this.#options = options;
    this.#meetings = meetings;
    this.#ridge = new Ridge(people.x, n, people.inputs);
    this.#seen = observe(meetings, n, options.rows);
    const size = this.#seen.who.length;
    this.#y = new Float64Array(size);
    this.#v = new Float64Array(size);
    this.#mu = new Float64Array(size);
    this.#tail = options.tail;
    this.#mean = firstMean(meetings, this.#seen.rows, options);
    this.#talk = new Part(n, 1);
    this.#charm = new Part(n, 1);
    this.#taste = new Part(n, options.rank);
    this.#appeal = new Part(n, options.rank);
    for (let k = 0; k < n * options.rank; k++) {
      this.#taste.value[k] = 0.3 * normal(options.seed, Stream.training, 400, k);
      this.#appeal.value[k] = 0.3 * normal(options.seed, Stream.training, 401, k);
    }
    // Which observations are known does not depend on the parameters.
    this.#mu.fill(this.#mean);
    this.#expect();
    this.#like = new Likeness(people.x, people.inputs, this.#seen.who, this.#seen.whom, this.#known());
    this.#locate();
  }

  #known(): Uint32Array {
    return Uint32Array.from({ length: this.#y.length }, (_, d) => d).filter((d) => !Number.isNaN(this.#y[d]));
  }

  /** One round of expectation and updates; returns the mean change of the locations. */
  sweep(): number {
    this.#expect();
    const before = this.#mean;
    this.#updateMean();
    this.#updateScalar(this.#talk, this.#seen.byWho);
    this.#updateScalar(this.#charm, this.#seen.byWhom);
    this.#updateLikeness();
    if (this.#rank > 0) {
      this.#updateVectors(this.#taste, this.#appeal, this.#seen.byWho, this.#seen.whom);
      this.#updateVectors(this.#appeal, this.#taste, this.#seen.byWhom, this.#seen.who);
    }
    this.#sweeps++;
    if (this.#sweeps === WARM_SWEEPS) this.#like.prune(LIKENESSES);
    for (const part of [this.#talk, this.#charm]) part.learn(this.#ridge);
    if (this.#sweeps > WARM_SWEEPS) for (const part of [this.#taste, this.#appeal]) part.learn(this.#ridge);
    this.#centre();
    const moved = this.#locate();
    if (this.#options.kind === 'duration') this.#updateTail();
    return Math.max(moved, Math.abs(this.#mean - before));
  }

  result(): Fit {
    return {
      rank: this.#rank,
      mean: this.#mean,
      tail: this.#tail,
      talk: this.#talk.value,
      charm: this.#charm.value,
      taste: this.#taste.value,
      appeal: this.#appeal.value,
      likeInputs: this.#like.inputs,
      likeWeights: this.#like.weights,
    };
  }

  #expect(): void {
    const { kind, threshold } = this.#options;
    const out: Expected = { yA: 0, yB: 0, vA: 0, vB: 0 };
    let known = 0;
    for (let r = 0; r < this.#seen.rows.length; r++) {
      expectTimes(
        this.#meetings,
        this.#seen.rows[r],
        kind,
        this.#mu[2 * r],
        this.#mu[2 * r + 1],
        this.#tail,
        threshold,
        out,
      );
      this.#y[2 * r] = out.yA;
      this.#y[2 * r + 1] = out.yB;
      this.#v[2 * r] = out.vA;
      this.#v[2 * r + 1] = out.vB;
      if (!Number.isNaN(out.yA) || !Number.isNaN(out.yB)) known++;
    }
    must(known > 0, `no meeting has an outcome of the kind ${kind}`);
  }

  #updateLikeness(): void {
    const { inputs, weights: before } = this.#like;
    if (inputs.length === 0) return;
    this.#like.fit(
      (d) => this.#y[d] - this.#mu[d] + this.#like.of(this.#seen.who[d], this.#seen.whom[d]),
      this.#tail * this.#tail,
    );
    const now = this.#like.weights;
    this.#like.weights = now.map((w, f) => w - before[f]);
    for (let d = 0; d < this.#mu.length; d++)
      this.#mu[d] += this.#like.of(this.#seen.who[d], this.#seen.whom[d]);
    this.#like.weights = now;
  }

  /** Locations from the parameters; returns the mean change. */
  #locate(): number {
    const { value: talk } = this.#talk;
    const { value: charm } = this.#charm;
    const { value: taste } = this.#taste;
    const { value: appeal } = this.#appeal;
    const k = this.#rank;
    let moved = 0;
    for (let d = 0; d < this.#mu.length; d++) {
      const i = this.#seen.who[d];
      const j = this.#seen.whom[d];
      let mu = this.#mean + talk[i] + charm[j] + this.#like.of(i, j);
      for (let f = 0; f < k; f++) mu += taste[i * k + f] * appeal[j * k + f];
      moved += Math.abs(mu - this.#mu[d]);
      this.#mu[d] = mu;
    }
    return moved / Math.max(1, this.#mu.length);
  }

  #updateMean(): void {
    let sum = 0;
    let count = 0;
    for (let d = 0; d < this.#y.length; d++) {
      if (Number.isNaN(this.#y[d])) continue;
      sum += this.#y[d] - this.#mu[d];
      count++;
    }
    this.#shift(sum / count);
  }

  /** Adds to the mean and to every location. */
  #shift(by: number): void {
    this.#mean += by;
    for (let d = 0; d < this.#mu.length; d++) this.#mu[d] += by;
  }

  #updateScalar(part: Part, order: Uint32Array): void {
    const noise = this.#tail * this.#tail;
    const within = part.state[0].within;
    let spread = 0;
    for (let p = 0; p < this.#n; p++) {
      let sum = 0;
      let count = 0;
      for (let at = this.#seen.start[p]; at < this.#seen.start[p + 1]; at++) {
        const d = order[at];
        if (Number.isNaN(this.#y[d])) continue;
        sum += this.#y[d] - this.#mu[d];
        count++;
      }
      const before = part.value[p];
      const precision = count / noise + 1 / within;
      const after = ((sum + count * before) / noise + part.prior[p] / within) / precision;
      part.value[p] = after;
      spread += 1 / precision;
      for (let at = this.#seen.start[p]; at < this.#seen.start[p + 1]; at++)
        this.#mu[order[at]] += after - before;
    }
    part.spread[0] = spread / this.#n;
  }

  /** Each person's vector by ridge regression on the uncertain vectors of the people they met. */
  #updateVectors(part: Part, others: Part, order: Uint32Array, other: Uint32Array): void {
    const k = this.#rank;
    const noise = this.#tail * this.#tail;
    const system = new Float64Array(k * k);
    const right = new Float64Array(k);
    part.spread.fill(0);
    for (let p = 0; p < this.#n; p++) {
      system.fill(0);
      for (let f = 0; f < k; f++) {
        system[f * k + f] = 1 / part.state[f].within;
        right[f] = part.prior[p * k + f] / part.state[f].within;
      }
      for (let at = this.#seen.start[p]; at < this.#seen.start[p + 1]; at++) {
        const d = order[at];
        if (Number.isNaN(this.#y[d])) continue;
        const q = other[d] * k;
        let residual = this.#y[d] - this.#mu[d];
        for (let f = 0; f < k; f++) residual += part.value[p * k + f] * others.value[q + f];
        for (let f = 0; f < k; f++) {
          const v = others.value[q + f];
          right[f] += (v * residual) / noise;
          for (let g = 0; g <= f; g++) system[f * k + g] += (v * others.value[q + g]) / noise;
          system[f * k + f] += others.variance[q + f] / noise;
        }
      }
      for (let f = 0; f < k; f++) for (let g = f + 1; g < k; g++) system[f * k + g] = system[g * k + f];
      const covariance = solvePositive(system, k, right);
      for (let at = this.#seen.start[p]; at < this.#seen.start[p + 1]; at++) {
        const d = order[at];
        const q = other[d] * k;
        for (let f = 0; f < k; f++) this.#mu[d] += (right[f] - part.value[p * k + f]) * others.value[q + f];
      }
      for (let f = 0; f < k; f++) {
        part.value[p * k + f] = right[f];
        part.variance[p * k + f] = covariance[f * k + f];
        part.spread[f] += covariance[f * k + f] / this.#n;
      }
    }
  }

  /** Moves the means of talk and charm into the overall mean. */
  #centre(): void {
    for (const part of [this.#talk, this.#charm]) {
      let sum = 0;
      for (const v of part.value) sum += v;
      const mean = sum / this.#n;
      for (let p = 0; p < this.#n; p++) {
        part.value[p] -= mean;
        part.prior[p] -= mean;
      }
      this.#mean += mean;
    }
  }

  #updateTail(): void {
    let sum = 0;
    let count = 0;
    for (let d = 0; d < this.#y.length; d++) {
      if (Number.isNaN(this.#y[d])) continue;
      sum += (this.#y[d] - this.#mu[d]) ** 2 + this.#v[d];
      count++;
    }
    this.#tail = Math.max(0.05, Math.sqrt(sum / count + this.#uncertainty()));
  }

  /** Mean posterior variance of a location. */
  #uncertainty(): number {
    let sum = this.#talk.spread[0] + this.#charm.spread[0];
    for (let f = 0; f < this.#rank; f++) {
      const [u, v] = [this.#taste.square(f), this.#appeal.square(f)];
      const [su, sv] = [this.#taste.spread[f], this.#appeal.spread[f]];
      sum += u * sv + v * su + su * sv;
    }
    return sum;
  }
}
