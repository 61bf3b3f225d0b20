import type { Table } from '../../../src/base/table.ts';
import type { TrainingViewId } from '../views.ts';
import { table } from './table.ts';

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const models = ['Two towers', 'CUPID', 'CUPID, no session', 'CUPID · yours 1'];
const segments = ['entire', 'warm-warm', 'warm-cold', 'cold-cold'];

function accuracy(): Table {
  const rows = models.flatMap((model, m) => segments.map((segment, s) => ({ model, segment, at: m - s })));
  return table('accuracy', 'AUROC and squared error by model and segment', {
    model: ['', rows.map((r) => r.model)],
    segment: ['', rows.map((r) => r.segment)],
    auroc: ['1', rows.map((r) => 0.8 + 0.02 * r.at)],
    auroc_low: ['1', rows.map((r) => 0.78 + 0.02 * r.at)],
    auroc_high: ['1', rows.map((r) => 0.83 + 0.02 * r.at)],
    mse: ['ln(s)^2', rows.map((r) => 1.2 - 0.1 * r.at)],
    mse_low: ['ln(s)^2', rows.map((r) => 1.1 - 0.1 * r.at)],
    mse_high: ['ln(s)^2', rows.map((r) => 1.3 - 0.1 * r.at)],
  });
}

function delay(): Table {
  const delays = [0, 2, 4, 8, 16];
  return table(
    'delay',
    'AUROC by delay of the session vectors',
    {
      delay: ['s', delays],
      ...Object.fromEntries(
        segments.map((s, k) => [`auroc_${s}`, ['1', delays.map((d) => 0.85 - 0.02 * k - 0.001 * d)]]),
      ),
    },
    { wide_deep_auroc: 0.8 },
  );
}

function lengths(): Table {
  const bell = (centre: number, size: number) =>
    range(20).map((i) => size * Math.exp(-(((i - centre) / 5) ** 2)));
  return table('lengths', 'Chats by length, real and predicted', {
    from: ['s', range(20).map((i) => Math.exp(i / 3))],
    to: ['s', range(20).map((i) => Math.exp((i + 1) / 3))],
    real: ['chats', bell(9, 300)],
    predicted_1: ['chats', bell(10, 500)],
    predicted_2: ['chats', bell(8, 400)],
  });
}

function calibration(): Table {
  const rows = models.flatMap((model, m) => range(10).map((i) => ({ model, m, s: 9 * 1.5 ** i })));
  return table('calibration-models', 'Predicted and real length by decile of prediction', {
    model: ['', rows.map((r) => r.model)],
    predicted: ['s', rows.map((r) => r.s)],
    real: ['s', rows.map((r) => r.s * (1 + 0.1 * r.m))],
    low: ['s', rows.map((r) => r.s * 0.8)],
    high: ['s', rows.map((r) => r.s * 1.4)],
    chats: ['chats', rows.map(() => 57)],
  });
}

/** The tables that the page passes, by view. */
export function trainingFixtures(): Readonly<Record<TrainingViewId, readonly Table[]>> {
  const steps = range(60);
  return {
    'training-loss': [
      table(
        'training-curve',
        'Loss of CUPID by step',
        {
          phase: ['', [1, 1, 1, 2, 2]],
          step: ['', [20, 40, 50, 5, 10]],
          loss: ['1', [1.5, 1.3, 1.2, 1.1, 1]],
          later: ['1', [1.7, 1.5, 1.4, 1.3, 1.35]],
        },
        { unit: 'step', loss: 'squared error of log duration' },
      ),
      table('training-steps', 'Loss of CUPID on the chats of each step', {
        phase: ['', steps.map((i) => (i < 50 ? 1 : 2))],
        step: ['', steps.map((i) => (i < 50 ? i + 1 : i - 49))],
        loss: ['1', steps.map((i) => 1 + 1 / (1 + i / 20) + 0.1 * Math.sin(i))],
      }),
    ],
    'training-cost': [
      table('two-phases', 'Training in one phase and in two', {
        way: ['', ['One phase', 'Two phases', 'One phase', 'Two phases']],
        unit: ['', ['passes', 'passes', 's', 's']],
        one_phase: ['', [12_000, 0, 31, 0]],
        phase_1: ['', [0, 2000, 0, 5]],
        storing: ['', [0, 800, 0, 1.5]],
        phase_2: ['', [0, 0, 0, 3]],
      }),
    ],
    'training-accuracy': [accuracy()],
    'training-delay': [delay()],
    'training-lengths': [lengths()],
    'training-calibration': [calibration()],
  };
}
