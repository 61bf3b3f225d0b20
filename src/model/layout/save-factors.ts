import { must } from '../../base/errors.ts';
import {
  fileCheck,
  mustBeHeader,
  mustFit,
  type CurvePoint,
  type WeightsFile,
  type WeightsHeader,
} from './weights-file.ts';

export interface FactorConfig {
  readonly dim: number;
  readonly epochs: number;
  readonly rate: number;
  /** Squared-length penalty per sample. */
  readonly decay: number;
  readonly seed: number;
}

export const factorDefaults: FactorConfig = { dim: 4, epochs: 12, rate: 0.03, decay: 0.08, seed: 7 };

/**
 * Matrix factorisation: ln seconds of i with j = mean + userBias_i + peerBias_j + user_i . peer_j.
 */
export interface Factors {
  readonly dim: number;
  readonly mean: number;
  /** f64[persons]. */
  readonly userBias: Float64Array;
  readonly peerBias: Float64Array;
  /** f64[persons][dim]. */
  readonly user: Float64Array;
  readonly peer: Float64Array;
}

/** Trained matrix factorisation. An id model: it only knows the people of its training evenings. */
export interface FactorModel {
  readonly name: 'factors';
  readonly config: FactorConfig;
  readonly factors: Factors;
  readonly header: FactorHeader;
}

const tables = ['userBias', 'peerBias', 'user', 'peer'] as const;

/** The content of `public/models/factors.json`, beside the weights. */
export interface FactorHeader extends WeightsHeader<'halfsecond-factors'> {
  readonly config: FactorConfig;
  readonly seed: number;
  readonly persons: number;
  readonly mean: number;
  /** ln seconds per unit of each table's integers. The file has the tables in this order, as i8. */
  readonly steps: Readonly<Record<(typeof tables)[number], number>>;
  readonly curve: readonly CurvePoint[];
}

const format = 'halfsecond-factors';
const MAX_I8 = 127;

/** One byte per number, in steps of 1/127 of the largest number of its table. */
export function saveFactors(
  config: FactorConfig,
  factors: Factors,
  about: Pick<FactorHeader, 'recipe' | 'metrics' | 'curve'>,
): WeightsFile<FactorHeader> {
  const persons = factors.userBias.length;
  const numbers = new Int8Array(persons * 2 * (1 + factors.dim));
  let at = 0;
  const steps = { userBias: 1, peerBias: 1, user: 1, peer: 1 };
  for (const table of tables) {
    const values = factors[table];
    must(values.every(Number.isFinite), `the factors' ${table} must be finite`);
    const step = values.reduce((max, x) => Math.max(max, Math.abs(x)), 1e-9) / MAX_I8;
    steps[table] = step;
    for (const x of values) numbers[at++] = Math.round(x / step);
  }
  const bytes = new Uint8Array(numbers.buffer);
  const header: FactorHeader = {
    format,
    version: 1,
    config,
    seed: config.seed,
    persons,
    mean: factors.mean,
    steps,
    ...fileCheck(bytes),
    ...about,
  };
  return { bytes, header };
}

/** Reads what {@link saveFactors} wrote. Throws LabError if file and header do not agree. */
export function loadFactors(bytes: Uint8Array, json: unknown, where = 'factors.json'): FactorModel {
  mustBeHeader(json, format, where);
  const header = json as FactorHeader;
  const { config, persons, mean } = header;
  must(
    Number.isInteger(config?.dim) && Number.isInteger(persons),
    'the header must give whole numbers for the dimension and for the people',
    where,
  );
  const { dim } = config;
  mustFit(bytes, header, persons * 2 * (1 + dim), where);
  must(Number.isFinite(mean), `the mean must be finite; it is ${mean}`, where);
  const numbers = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const take = (table: (typeof tables)[number], count: number): Float64Array => {
    const step = header.steps?.[table];
    must(Number.isFinite(step) && step > 0, `the step of ${table} must be above 0; it is ${step}`, where);
    at += count;
    return Float64Array.from(numbers.subarray(at - count, at), (x) => x * step);
  };
  const userBias = take('userBias', persons);
  const peerBias = take('peerBias', persons);
  const factors: Factors = {
    dim,
    mean,
    userBias,
    peerBias,
    user: take('user', persons * dim),
    peer: take('peer', persons * dim),
  };
  return { name: 'factors', config, factors, header };
}
