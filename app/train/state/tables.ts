import type { Table } from '../../../src/base/table.ts';
import type { CurvePoint } from '../../../src/model/layout/weights-file.ts';
import type { TwoPhaseCost } from '../../../src/model/study/cost.ts';
import type { JudgedModel } from '../../../src/model/study/compare-models.ts';
import { nameInText, nameText } from '../names.ts';
import { members, type Plan } from '../settings.ts';
import type { LivePoint } from './store.ts';
import { publishedDelays, publishedRow, segments } from './published.ts';

/** The numbers of the room's charts as tables: the charts draw them, list them and save them. */

type Columns = Readonly<
  Record<string, readonly [label: string, unit: string, values: readonly (number | string)[]]>
>;

function tableOf(name: string, title: string, columns: Columns, facts: Table['facts'] = {}): Table {
  const all = Object.entries(columns).map(([column, [label, unit, values]]) => ({
    ...{ name: column, label, unit },
    values: typeof values[0] === 'string' ? (values as string[]) : Float64Array.from(values as number[]),
  }));
  return { name, title, rows: all[0].values.length, columns: all, facts };
}

const lossText: Readonly<Record<Plan['kind'], string>> = {
  family: 'half the squared error of log duration plus a share of the cross-entropy of the other tasks',
  towers: 'squared error of log duration (ln s), mean of both directions',
  factors: 'squared error of log duration (ln s)',
};

/** The loss at the reports, and on the chats of each step. */
export function lossTables(
  model: string,
  kind: Plan['kind'],
  points: readonly CurvePoint[],
  live: readonly LivePoint[],
): Table[] {
  const of = model === '' ? 'Loss' : `Loss of ${nameInText(model)}`;
  const common = (rows: readonly LivePoint[]): Columns => ({
    phase: ['Phase', '', rows.map((p) => p.phase)],
    step: ['Step', '', rows.map((p) => p.step)],
    loss: ['Loss on training chats', '1', rows.map((p) => p.loss)],
  });
  return [
    tableOf(
      'training-curve',
      `${of} at the reports`,
      { ...common(points), later: ['Loss on later chats', '1', points.map((p) => p.validation)] },
      { loss: lossText[kind], unit: kind === 'factors' ? 'epoch' : 'step' },
    ),
    tableOf('training-steps', `${of} by step`, common(live)),
  ];
}

/** Passes and seconds of training in one phase and in two. */
export function costTable(cost: TwoPhaseCost): Table {
  const sessionPasses = cost.passesTwoPhase - cost.passesMemory;
  const phase1 = sessionPasses * cost.phase1SecondsPerPass;
  const phase2 = Math.max(0, cost.twoPhaseSeconds - phase1 - cost.memorySeconds);
  return tableOf('two-phases', 'Training in one phase and in two', {
    way: ['Way', '', ['One phase', 'Two phases', 'One phase', 'Two phases']],
    unit: ['Unit', '', ['passes', 'passes', 's', 's']],
    one_phase: ['one phase', '', [cost.passesOnePhase, 0, cost.onePhaseSeconds, 0]],
    phase_1: ['phase 1', '', [0, sessionPasses, 0, phase1]],
    storing: ['storing', '', [0, cost.passesMemory, 0, cost.memorySeconds]],
    phase_2: ['phase 2', '', [0, 0, 0, phase2]],
  });
}

interface Value {
  readonly estimate: number;
  readonly low?: number;
  readonly high?: number;
}

interface AccuracyRow {
  readonly model: string;
  readonly segment: string;
  readonly auroc: Value;
  readonly mse: Value;
}

function accuracy(name: string, rows: readonly AccuracyRow[]): Table {
  const metric = (label: string, unit: string, key: 'auroc' | 'mse'): Columns => ({
    [key]: [label, unit, rows.map((r) => r[key].estimate)],
    [`${key}_low`]: [`${label}, low`, unit, rows.map((r) => r[key].low ?? NaN)],
    [`${key}_high`]: [`${label}, high`, unit, rows.map((r) => r[key].high ?? NaN)],
  });
  return tableOf(name, 'AUROC and squared error by model and segment', {
    model: ['Model', '', rows.map((r) => nameText(r.model))],
    segment: ['Segment', '', rows.map((r) => r.segment)],
    ...metric('AUROC', '1', 'auroc'),
    ...metric('Squared error', 'ln(s)^2', 'mse'),
  });
}

export const accuracyTable = (models: readonly JudgedModel[]): Table =>
  accuracy(
    'accuracy',
    models.flatMap(({ model, figures }) =>
      figures.map(({ segment, auroc, mse }) => ({ model, segment, auroc, mse })),
    ),
  );

export const publishedAccuracy = accuracy(
  'accuracy-published',
  members.flatMap((model) =>
    segments.map((segment) => ({
      ...{ model, segment },
      auroc: { estimate: publishedRow(model).auroc[segment] },
      mse: { estimate: publishedRow(model).mse[segment] },
    })),
  ),
);

/** AUROC and squared error in the order of the segments; NaN where there are no chats. */
interface DelayRow {
  readonly delay: number;
  readonly auroc: readonly number[];
  readonly mse: readonly number[];
}

function delays(name: string, rows: readonly DelayRow[], base: number | undefined): Table {
  return tableOf(
    name,
    'AUROC and squared error by delay of the session vectors',
    {
      delay: ['Delay', 's', rows.map((r) => r.delay)],
      ...Object.fromEntries(
        segments.flatMap((segment, s) => [
          [`auroc_${segment.replace('-', '_')}`, [`AUROC ${segment}`, '1', rows.map((r) => r.auroc[s])]],
          [
            `mse_${segment.replace('-', '_')}`,
            [`Squared error ${segment}`, 'ln(s)^2', rows.map((r) => r.mse[s])],
          ],
        ]),
      ),
    },
    base === undefined ? {} : { wide_deep_auroc: base },
  );
}

/** @param base AUROC of Wide&Deep on all chats */
export function delayTable(model: JudgedModel, base: number | undefined): Table {
  const rows = (model.delays ?? []).map(({ delay, figures }) => {
    const of = (metric: 'auroc' | 'mse') =>
      segments.map((s) => figures.find((f) => f.segment === s)?.[metric].estimate ?? NaN);
    return { delay, auroc: of('auroc'), mse: of('mse') };
  });
  return delays('delay', rows, base);
}

export const publishedDelay = delays(
  'delay-published',
  publishedDelays.map((delay) => {
    const { auroc, mse } = publishedRow('cupid', delay);
    return { delay, auroc: segments.map((s) => auroc[s]), mse: segments.map((s) => mse[s]) };
  }),
  publishedRow('wide-deep').auroc.entire,
);

/** Histograms of the real and the predicted lengths. */
export function lengthsTable(models: readonly JudgedModel[]): Table {
  const { edges, real } = models[0].lengths;
  const bins = [...real.keys()];
  return tableOf('lengths', 'Chats by length, real and predicted', {
    from: ['From', 's', bins.map((k) => Math.exp(edges[k]))],
    to: ['To', 's', bins.map((k) => Math.exp(edges[k + 1]))],
    real: ['Real', 'chats', [...real]],
    ...Object.fromEntries(
      models.map(({ model, lengths }, k) => [
        `predicted_${k + 1}`,
        [`Predicted by ${nameText(model)}`, 'chats', [...lengths.predicted]],
      ]),
    ),
  });
}

/** Predicted and real lengths by decile of prediction. */
export function calibrationTable(models: readonly JudgedModel[]): Table {
  const rows = models.flatMap(({ model, bins }) => bins.map((bin) => ({ model, bin })));
  const seconds = (label: string, key: 'predicted' | 'real' | 'low' | 'high') =>
    [label, 's', rows.map((r) => Math.exp(r.bin[key]))] as const;
  return tableOf('calibration-models', 'Predicted and real length by decile of prediction', {
    model: ['Model', '', rows.map((r) => nameText(r.model))],
    predicted: seconds('Predicted', 'predicted'),
    real: seconds('Real', 'real'),
    low: seconds('Low', 'low'),
    high: seconds('High', 'high'),
    chats: ['Chats', 'chats', rows.map((r) => r.bin.count)],
  });
}
