import { LabError, must } from '../../../base/errors.ts';
import { hash4, normal, Stream } from '../../../base/hash.ts';
import { shuffleInPlace } from '../../../base/shuffle.ts';
import {
  factorDefaults,
  type FactorConfig,
  type FactorModel,
  type Factors,
} from '../../layout/save-factors.ts';
import { logSeconds } from '../../layout/tokens.ts';
import type { ChatLog } from '../chat-log.ts';
import type { Progress } from '../trainer.ts';
import type { PersonSessions } from './person-sessions.ts';
import type { Predictions } from './predict.ts';

export function initFactors(persons: number, mean: number, { dim, seed }: FactorConfig): Factors {
  const vectors = (which: number): Float64Array =>
    Float64Array.from(
      { length: persons * dim },
      (_, k) => 0.1 * normal(seed, Stream.training, 200 + which, k),
    );
  return {
    dim,
    mean,
    userBias: new Float64Array(persons),
    peerBias: new Float64Array(persons),
    user: vectors(0),
    peer: vectors(1),
  };
}

/** Predicted ln seconds of `i` with `j`; about the mean for people who did not train. */
export function predictFactors(f: Factors, i: number, j: number): number {
  let sum = f.mean + f.userBias[i] + f.peerBias[j];
  for (let k = 0; k < f.dim; k++) sum += f.user[i * f.dim + k] * f.peer[j * f.dim + k];
  return sum;
}

/**
 * One step of stochastic gradient descent on one sample (Koren, Bell and Volinsky, "Matrix
 * Factorization Techniques", 2009).
 */
export function factorStep(f: Factors, i: number, j: number, y: number, rate: number, decay: number): void {
  const error = predictFactors(f, i, j) - y;
  f.userBias[i] -= rate * (error + decay * f.userBias[i]);
  f.peerBias[j] -= rate * (error + decay * f.peerBias[j]);
  for (let k = 0; k < f.dim; k++) {
    const u = f.user[i * f.dim + k];
    const p = f.peer[j * f.dim + k];
    f.user[i * f.dim + k] -= rate * (error * p + decay * u);
    f.peer[j * f.dim + k] -= rate * (error * u + decay * p);
  }
}

/** Mean squared error over both directions of the chats `rows`; NaN where there are none. */
function validationError(f: Factors, log: ChatLog, rows: readonly number[]): number {
  let sum = 0;
  for (const row of rows) {
    const y = logSeconds(log.duration[row]);
    sum += (predictFactors(f, log.a[row], log.b[row]) - y) ** 2;
    sum += (predictFactors(f, log.b[row], log.a[row]) - y) ** 2;
  }
  return sum / (2 * rows.length);
}

/**
 * Trains on both directions of the chats `rows`; features are not used. Yields one report per
 * epoch: the mean squared error during it, and that of the chats `validation` after it.
 */
export function* fitFactors(
  log: ChatLog,
  rows: readonly number[],
  config: FactorConfig = factorDefaults,
  validation: readonly number[] = [],
): Generator<Progress, Factors> {
  must(rows.length > 0, 'matrix factorisation needs at least one chat; there are none');
  const y = Float64Array.from(rows, (row) => logSeconds(log.duration[row]));
  const mean = y.reduce((a, b) => a + b, 0) / y.length;
  const f = initFactors(log.persons, mean, config);
  const order = Uint32Array.from({ length: rows.length }, (_, k) => k);
  for (let epoch = 0; epoch < config.epochs; epoch++) {
    shuffleInPlace(order, (k) => hash4(config.seed, Stream.training, 0x200 + epoch, k));
    let sum = 0;
    const rate = config.rate * (1 - epoch / config.epochs);
    for (const k of order) {
      const [a, b] = [log.a[rows[k]], log.b[rows[k]]];
      sum += (predictFactors(f, a, b) - y[k]) ** 2;
      factorStep(f, a, b, y[k], rate, config.decay);
      factorStep(f, b, a, y[k], rate, config.decay);
    }
    if (!Number.isFinite(sum))
      throw new LabError(`matrix factorisation diverged in epoch ${epoch}; try a rate below ${config.rate}`);
    yield {
      phase: 1,
      step: epoch + 1,
      steps: config.epochs,
      loss: sum / rows.length,
      validation: validationError(f, log, validation),
    };
  }
  return f;
}

/** Predictions of matrix factorisation: ln seconds. Throws LabError if other people trained it. */
export function predictChatsByFactors(
  { factors }: Pick<FactorModel, 'factors'>,
  s: PersonSessions,
  rows: readonly number[],
): Predictions {
  must(
    factors.userBias.length === s.log.persons,
    `matrix factorisation knows ${factors.userBias.length} people, and these evenings have ${s.log.persons}; judge it on the evenings that trained it`,
  );
  return {
    duration: Float64Array.from(rows, (row) => {
      const [a, b] = [s.log.a[row], s.log.b[row]];
      return (predictFactors(factors, a, b) + predictFactors(factors, b, a)) / 2;
    }),
    chance: {},
  };
}
