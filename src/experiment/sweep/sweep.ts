import { LabError } from '../../base/errors.ts';
import { seedsFrom } from '../../base/seeds.ts';
import type { Column, Table } from '../../base/table.ts';
import { meanInterval } from '../../metrics/inference/student.ts';
import { numberColumnOf, tableOf, textColumnOf } from '../../metrics/market/table-columns.ts';
import { listKnobs } from '../../scenario/knobs.ts';
import { NEVER_VECTORS, ownVectorsKnob } from '../../scenario/parse.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { withKnobs } from '../../scenario/set-knobs.ts';
import { meanOf, sampleVariance } from '../inference/moments.ts';
import type { SettingJob, SettingResult } from '../jobs/setting.ts';
import type { OutcomeName } from '../run/names.ts';
import { effectMetrics } from '../effect-metrics.ts';
import type { VariedKnob } from './varied.ts';

/** The most evenings of one sweep. */
const MAX_EVENINGS = 200_000;

/** What a person asks of a sweep. */
export interface SweepInput {
  readonly scenario: Scenario;
  /** Every combination of their values is a setting; the last knob changes fastest. */
  readonly varied: readonly VariedKnob[];
  /** Every setting lives through the evenings of the same seeds. */
  readonly firstSeed: number;
  readonly seeds: number;
  /** Length of an evening, in ticks of the scenario's own policy. */
  readonly ticks: number;
  /** Simulated seconds. */
  readonly warmUp: number;
  readonly metrics: readonly OutcomeName[];
}

/** The evenings of a sweep: one job for each setting and seed, setting by setting. */
export interface Sweep extends SweepInput {
  /** The values of the varied knobs, per setting. */
  readonly settings: readonly (readonly (number | string)[])[];
  readonly jobs: readonly SettingJob[];
}

/** Plans a sweep. @throws LabError for a knob that is wrong, at what the person wrote. */
export function planSweep(input: SweepInput): Sweep {
  const { scenario, varied, firstSeed, seeds, ticks, warmUp, metrics } = input;
  varied.forEach(({ knob, text }, i) => {
    if (varied.findIndex((other) => other.knob === knob) < i)
      throw new LabError('this knob is varied twice', text);
  });
  const count = varied.reduce((n, { values }) => n * values.length, seeds);
  if (count > MAX_EVENINGS)
    throw new LabError(`a sweep has at most ${MAX_EVENINGS} evenings; these are ${count}`);
  const ownSeeds = seedsFrom(firstSeed, seeds);
  const seconds = (ticks * scenario.policy.tickMs) / 1000;
  if (warmUp > 0 && warmUp >= seconds)
    throw new LabError(`the warm-up of ${warmUp} s must be shorter than an evening, ${seconds} s`);
  const scenarios = combinations(varied).map((setting) => withKnobs(scenario, setting));
  for (const own of scenarios) {
    const knob = ownVectorsKnob(own)?.join('.');
    if (knob !== undefined)
      throw new LabError(NEVER_VECTORS, varied.find((other) => other.knob === knob)?.text ?? knob);
  }
  return {
    ...input,
    settings: scenarios.map((own) => varied.map(({ knob }) => valueAt(own, knob))),
    jobs: scenarios.flatMap((own) =>
      ownSeeds.map((seed): SettingJob => ({
        ...{ kind: 'setting', scenario: { ...own, seed } },
        ...{ seconds, warmUp, metrics },
      })),
    ),
  };
}

function combinations(varied: readonly VariedKnob[]) {
  let settings: { knob: string; value: string; text: string }[][] = [[]];
  for (const { knob, values, text } of varied)
    settings = settings.flatMap((setting) => values.map((value) => [...setting, { knob, value, text }]));
  return settings;
}

function valueAt(scenario: Scenario, knob: string): number | string {
  let node: unknown = scenario;
  for (const key of knob.split('.')) node = (node as Record<string, unknown>)[key];
  return node as number | string;
}

/** One row per setting and seed: the varied knobs, the seed, the metrics, and the digest. */
export function sweepTable(sweep: Sweep, results: readonly SettingResult[]): Table {
  const { varied, seeds, firstSeed, metrics, scenario, ticks, warmUp } = sweep;
  const rows = results.map((result, i) => ({ result, setting: sweep.settings[Math.floor(i / seeds)], i }));
  return tableOf(
    'sweep',
    'Outcomes of every setting in every evening',
    [
      ...varied.map(({ knob }, k) =>
        knobColumn(
          knob,
          rows.map(({ setting }) => setting[k]),
        ),
      ),
      numberColumnOf(rows, 'seed', 'Seed', '', ({ i }) => firstSeed + (i % seeds)),
      ...metrics.map((name, m) =>
        numberColumnOf(
          rows,
          name,
          effectMetrics[name].label,
          effectMetrics[name].unit,
          (r) => r.result.values[m] ?? NaN,
        ),
      ),
      textColumnOf(rows, 'digest', 'Digest of the event log', ({ result }) => result.digest),
    ],
    { scenario: scenario.name, ticks, warm_up: warmUp },
  );
}

function knobColumn(knob: string, values: readonly (number | string)[]): Column {
  const info = listKnobs().find(({ path }) => path === knob)?.info;
  const label = info?.label ?? knob;
  // The values of a knob are all numbers or all words.
  if (typeof values[0] === 'string') return textColumnOf(values, knob, label, String);
  return numberColumnOf(values, knob, label, info?.unit === '%' ? '1' : (info?.unit ?? ''), Number);
}

/** Mean of a metric over the evenings of a setting, 95 % t interval; null where unknown. */
export interface SettingMean {
  readonly evenings: number;
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface SettingSummary {
  /** The varied knobs. */
  readonly setting: Readonly<Record<string, number | string>>;
  readonly metrics: Readonly<Record<string, SettingMean>>;
  /**
   * Minus the setting before, which has the previous value of the last knob, evening by evening:
   * paired differences on the same draws. Null for the first value of the last knob.
   */
  readonly change: Readonly<Record<string, SettingMean>> | null;
}

/** Every setting over its evenings, which are independent of each other. */
export function summariseSweep(sweep: Sweep, results: readonly SettingResult[]): SettingSummary[] {
  const { varied, seeds, metrics } = sweep;
  const steps = varied.at(-1)?.values.length ?? 1;
  const over = (value: (m: number, k: number) => number | null) =>
    Object.fromEntries(
      metrics.map((name, m) => [name, meanOver(Array.from({ length: seeds }, (_, k) => value(m, k)))]),
    );
  return sweep.settings.map((values, s) => {
    const valueOf = (setting: number, m: number, k: number) => results[setting * seeds + k].values[m];
    return {
      setting: Object.fromEntries(varied.map(({ knob }, k) => [knob, values[k]])),
      metrics: over((m, k) => valueOf(s, m, k)),
      change:
        s % steps === 0
          ? null
          : over((m, k) => {
              const [now, before] = [valueOf(s, m, k), valueOf(s - 1, m, k)];
              return now === null || before === null ? null : now - before;
            }),
    };
  });
}

function meanOver(values: readonly (number | null)[]): SettingMean {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return { evenings: 0, mean: null, low: null, high: null };
  const mean = meanOf(known);
  if (known.length === 1) return { evenings: 1, mean, low: null, high: null };
  const interval = meanInterval({ count: known.length, mean, variance: sampleVariance(known) });
  return { evenings: known.length, mean, ...interval };
}
