import { must } from '../../base/errors.ts';
import { hashBytes } from '../serve/towers.ts';
import type { FactorConfig, Factors } from '../train/family/factors.ts';
import type { CurvePoint } from './save.ts';

/** Trained matrix factorisation. An id model: it knows the people of the evenings it was trained on, and nobody else. */
export interface FactorModel {
  readonly name: 'factors';
  readonly config: FactorConfig;
  readonly factors: Factors;
  readonly header: FactorHeader;
}

/** What stands in `public/models/factors.json` beside the weights. */
export interface FactorHeader {
  readonly format: 'halfsecond-factors';
  readonly version: 1;
  readonly config: FactorConfig;
  readonly seed: number;
  readonly persons: number;
  readonly mean: number;
  /** ln seconds per unit of the integers of every table, in the order of the file: i8[persons] twice, i8[persons][dim] twice. */
  readonly steps: Readonly<Record<(typeof tables)[number], number>>;
  readonly bytes: number;
  readonly hash: string;
  readonly recipe: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly curve: readonly CurvePoint[];
}

const tables = ['userBias', 'peerBias', 'user', 'peer'] as const;
const MOST = 127;

/** One number per person and table is plenty of bytes: they are kept in steps of 1/127 of the largest. */
export function saveFactors(
  config: FactorConfig,
  factors: Factors,
  about: Pick<FactorHeader, 'recipe' | 'metrics' | 'curve'>,
): { bytes: Uint8Array; header: FactorHeader } {
  const persons = factors.userBias.length;
  const bytes = new Int8Array(persons * 2 * (1 + factors.dim));
  let at = 0;
  const steps = { userBias: 1, peerBias: 1, user: 1, peer: 1 };
  for (const table of tables) {
    const values = factors[table];
    must(values.every(Number.isFinite), `the factors' ${table} must be finite`);
    const step = values.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-9) / MOST;
    steps[table] = step;
    for (const x of values) bytes[at++] = Math.round(x / step);
  }
  const file = new Uint8Array(bytes.buffer);
  const header: FactorHeader = {
    format: 'halfsecond-factors',
    version: 1,
    config,
    seed: config.seed,
    persons,
    mean: factors.mean,
    steps,
    bytes: file.length,
    hash: hashBytes(file),
    ...about,
  };
  return { bytes: file, header };
}

/** Reads what {@link saveFactors} wrote. Throws LabError where file and header do not agree. */
export function loadFactors(bytes: Uint8Array, json: unknown, where = 'factors.json'): FactorModel {
  const header = json as FactorHeader;
  must(
    typeof json === 'object' &&
      json !== null &&
      header.format === 'halfsecond-factors' &&
      header.version === 1 &&
      Number.isInteger(header.config?.dim) &&
      Number.isInteger(header.persons),
    'this is not a version 1 header of matrix factorisation',
    where,
  );
  const { config, persons, mean } = header;
  const { dim } = config;
  const size = persons * 2 * (1 + dim);
  must(
    header.bytes === size && bytes.length === size,
    `the weights must be ${size} bytes; there are ${bytes.length}, and the header speaks of ${header.bytes}`,
    where,
  );
  const hash = hashBytes(bytes);
  must(
    hash === header.hash,
    `the weights' hash must be ${header.hash}; it is ${hash}: the file is damaged`,
    where,
  );
  const numbers = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const take = (table: (typeof tables)[number], count: number): Float64Array => {
    const step = header.steps?.[table];
    must(Number.isFinite(step) && step > 0, `the step of ${table} must be above 0; it is ${step}`, where);
    at += count;
    return Float64Array.from(numbers.subarray(at - count, at), (x) => x * step);
  };
  must(Number.isFinite(mean), `the mean must be finite; it is ${mean}`, where);
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
