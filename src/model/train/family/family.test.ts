import { beforeAll, describe, expect, it } from 'vitest';
import { scenario } from '../../../scenario/parse.ts';
import { createWorld } from '../../../world/world.ts';
import { ChatRecorder, type ChatLog } from '../chat-log.ts';
import { checkGradient } from '../../testing/check-gradient.ts';
import { initLearning } from '../trainer.ts';
import type { Tensors } from '../../layout/tensors.ts';
import { recordMeetings } from '../../testing/meetings.ts';
import { cupid, family, type FamilyConfig, passesSaved } from '../../layout/config.ts';
import { coldSides, judgeFamily, warmthSegments } from '../judge-family.ts';
import { factorStep, fitFactors, initFactors, predictFactors } from './factors.ts';
import { factorDefaults, type Factors } from '../../layout/save-factors.ts';
import { fitFamily, splitRows, targetMeans } from './fit-family.ts';
import { storeEmbeddings } from './stored-embeddings.ts';
import { initFamily, initHeads } from './net.ts';
import { onePhaseBatch, onePhaseLoss } from '../../study/one-phase.ts';
import { phase1Loss, sessionBatch } from './phase1.ts';
import { memoryBatch, phase2Loss } from './phase2.ts';
import { predictFamily } from './predict.ts';
import { knownPosition, personSessions, stateIndex, windowsOf } from './person-sessions.ts';

function record(seed: number, people: number, count: number): ChatLog {
  const recorder = new ChatRecorder();
  recordMeetings(createWorld(scenario({ seed, population: { people } })), count, seed, recorder);
  const log = recorder.log();
  // Meetings know no reports and friends; some for the other tasks to be about.
  log.outcome.forEach((bits, k) => (log.outcome[k] = bits | (k % 9 === 0 ? 4 : 0) | (k % 7 === 0 ? 48 : 0)));
  return log;
}

const log = record(21, 100, 700);
const s = personSessions(log);
const tiny: FamilyConfig = {
  ...cupid,
  ...{
    history: 6,
    size: 8,
    projection: 4,
    embed: 2,
    hidden: [6],
    batch1: 8,
    batch2: 64,
    epochs1: 2,
    epochs2: 3,
  },
};
const rows = Array.from({ length: log.count }, (_, row) => row);

/**
 * Starting values whose biases are not all 0, away from the rectifiers' corners where differences
 * tell nothing.
 */
const start = (config: FamilyConfig): Tensors =>
  Object.fromEntries(
    Object.entries(initFamily(config, targetMeans(config, s, rows))).map(([name, b]) => [
      name,
      /^b\d/.test(name) ? { ...b, data: b.data.map((_, k) => 0.01 * (k + 1)) } : b,
    ]),
  );

beforeAll(() => initLearning());

describe('sessions', () => {
  it('count every person through his matches', () => {
    const seen = new Map<number, number>();
    for (let row = 0; row < log.count; row++)
      [log.a[row], log.b[row]].forEach((p, side) => {
        expect(s.position[2 * row + side]).toBe(seen.get(p) ?? 0);
        seen.set(p, (seen.get(p) ?? 0) + 1);
      });
  });

  it('are cut into windows that answer for every position once, with half a window of past', () => {
    const w = windowsOf(s, 6);
    const answered = new Set<number>();
    for (let p = 0; p < log.persons; p++)
      for (let t = 0; t < s.first[p + 1] - s.first[p]; t++) {
        const at = stateIndex(w, p, t);
        const window = Math.floor(at / 7);
        expect(w.person[window]).toBe(p);
        expect(w.start[window] + (at % 7)).toBe(t);
        expect(t).toBeGreaterThanOrEqual(w.from[window]);
        expect(at % 7).toBeGreaterThanOrEqual(Math.min(t, 3));
        answered.add(at);
      }
    expect(answered.size).toBe(2 * log.count);
  });

  it('are known later the longer news take', () => {
    const person = log.a[600];
    const at = log.start[600];
    const known = [0, 50, 100, 200, 1e9].map((delay) => knownPosition(s, person, at, delay));
    expect(known[0]).toBe(s.position[1200]);
    known.slice(1).forEach((t, k) => expect(t).toBeLessThanOrEqual(known[k]));
    expect(known[4]).toBe(0);
  });
});

describe('losses of the family', () => {
  const windows = windowsOf(s, tiny.history);
  it.each([
    ['cupid', tiny],
    ['summary', { ...tiny, session: 'summary' }],
    ['identity, one task', { ...tiny, transform: 'identity', tasks: ['duration'] }],
  ] as [string, FamilyConfig][])(
    'phase 1 of %s has the gradient of finite differences',
    async (_, config) => {
      const batch = sessionBatch(config, s, windows, [0, 5, 9, 11], () => true);
      const worst = await checkGradient(phase1Loss(config), start(config), batch);
      expect(worst.finite, worst.where).toBeLessThan(0.02);
      expect(worst.compiled).toBeLessThan(1e-4);
    },
  );

  it('phase 2 and one-phase training too', async () => {
    const means = targetMeans(tiny, s, rows);
    const memory = await storeEmbeddings(tiny, s, windows, initFamily(tiny, means));
    const second = await checkGradient(
      phase2Loss(tiny),
      initHeads(tiny, means),
      memoryBatch(tiny, s, memory, rows.slice(50, 66)),
    );
    expect(second.finite, second.where).toBeLessThan(0.02);
    const whole = await checkGradient(
      onePhaseLoss(tiny),
      start(tiny),
      onePhaseBatch(tiny, s, windows, rows.slice(410, 416)),
    );
    expect(whole.finite, whole.where).toBeLessThan(0.02);
    expect(Math.max(second.compiled, whole.compiled)).toBeLessThan(1e-4);
  });

  it('never look ahead: a match changes no state before it', async () => {
    const params = initFamily(tiny, targetMeans(tiny, s, rows));
    const before = await storeEmbeddings(tiny, s, windows, params);
    const row = 500;
    const changed = personSessions({
      ...log,
      duration: log.duration.map((x, k) => (k === row ? 900 : x)),
      outcome: log.outcome.map((x, k) => (k === row ? 63 : x)),
    });
    const after = await storeEmbeddings(tiny, changed, windows, params);
    const person = log.a[row];
    const t = s.position[2 * row];
    const state = (m: typeof before, at: number): Float32Array => {
      const from = stateIndex(windows, person, at) * m.size;
      return m.states.subarray(from, from + m.size);
    };
    for (let at = 0; at <= t; at++) expect(state(after, at)).toEqual(state(before, at));
    expect(state(after, t + 1)).not.toEqual(state(before, t + 1));
  });
});

describe('two-phase training', () => {
  it('learns, counts its passes, and predicts otherwise from stale states', async () => {
    const split = splitRows(s, 0.7);
    expect(Math.max(...split.train.map((row) => log.end[row]))).toBeLessThan(split.cut);
    expect(Math.min(...split.test.map((row) => log.start[row]))).toBeGreaterThanOrEqual(split.cut);
    const config = { ...tiny, rate1: 0.01, rate2: 0.01, epochs1: 4 };
    const training = fitFamily(config, s, split, { every: 10 });
    const seen: { phase: number; loss: number }[] = [];
    let result = await training.next();
    for (; !result.done; result = await training.next()) seen.push(result.value);
    const { heads, memory } = result.value;
    const first = seen.filter((x) => x.phase === 1);
    expect(first[first.length - 1].loss).toBeLessThan(first[0].loss - 0.1);
    expect(seen.some((x) => x.phase === 2)).toBe(true);
    expect(memory.passes).toBe(memory.windows.count);

    const fresh = predictFamily(config, heads, s, memory, split.test);
    const stale = predictFamily(config, heads, s, memory, split.test, 100);
    expect(fresh.duration).not.toEqual(stale.duration);
    for (const p of fresh.chance.swipe!) expect(p > 0 && p < 1).toBe(true);
    const figures = judgeFamily(s, split.test, fresh, {
      coldBelow: 5,
      longSeconds: 30,
      replicates: 50,
      seed: 1,
    });
    const [entire, ...parts] = figures;
    expect(parts.reduce((sum, f) => sum + f.chats, 0)).toBe(entire.chats);
    expect(figures.map((f) => f.segment)).toEqual(warmthSegments.slice(0, figures.length));
    expect(entire.mse).toMatchObject({ replicates: 50 });
    expect(Object.keys(entire.tasks)).toEqual(['report', 'friend', 'swipe']);
  });

  it('saves transformer passes by the published formula', () => {
    expect(passesSaved(10, 128, 10)).toBeCloseTo(213.3, 1);
  });

  it('has its ablations as switches', () => {
    const has = (config: FamilyConfig, name: string) =>
      name in initFamily(config, { duration: 3, report: 0.1, friend: 0.1, swipe: 0.1 });
    expect(has(cupid, 'q0') && has(cupid, 'user_report')).toBe(true);
    expect(has(family['cupid, no session'], 'q0')).toBe(false);
    expect(has(family['cupid, one task'], 'user_report')).toBe(false);
    expect(family['cupid, no second phase'].twoPhase).toBe(false);
    expect(family['cupid, no exponential transform'].transform).toBe('identity');
  });
});

describe('judging', () => {
  it('gives a perfect prediction its due', () => {
    const predictions = {
      duration: Float64Array.from(rows, (row) => Math.log(Math.max(0.1, log.duration[row]))),
      chance: { swipe: new Float64Array(2 * rows.length).fill(0.2) },
    };
    const options = { coldBelow: 5, longSeconds: 20, replicates: 0, seed: 1 };
    const [entire] = judgeFamily(s, rows, predictions, options);
    expect(entire.mse.estimate).toBe(0);
    expect(entire.auroc.estimate).toBe(1);
    expect(entire.ndcg).toBeCloseTo(1, 12);
    expect(entire.calibration).toBeLessThan(1e-9);
    expect(entire.tasks.swipe!.auroc).toBe(0.5);
    // The knob decides who is cold.
    const cold = (below: number) => rows.reduce((sum, row) => sum + coldSides(s, row, below), 0);
    expect(cold(0)).toBe(0);
    expect(cold(50)).toBeGreaterThan(cold(2));
    expect(cold(1e6)).toBe(2 * rows.length);
    expect(() => judgeFamily(s, rows.slice(1), predictions, options)).toThrow('one prediction per chat');
  });
});

/** Half the squared error of one sample plus half its penalty: the loss that a step descends. */
function factorLoss(f: Factors, i: number, j: number, y: number, decay: number): number {
  let size = f.userBias[i] ** 2 + f.peerBias[j] ** 2;
  for (let k = 0; k < f.dim; k++) size += f.user[i * f.dim + k] ** 2 + f.peer[j * f.dim + k] ** 2;
  return 0.5 * (y - predictFactors(f, i, j)) ** 2 + 0.5 * decay * size;
}

describe('matrix factorisation', () => {
  it('steps down the gradient', () => {
    const make = () => initFactors(4, 3, { ...factorDefaults, dim: 3 });
    const moved = make();
    factorStep(moved, 1, 2, 4.2, 1, 0.1);
    const parts = ['userBias', 'peerBias', 'user', 'peer'] as const;
    for (const part of parts)
      make()[part].forEach((x, k) => {
        const at = (by: number) => {
          const f = make();
          f[part][k] += by;
          return factorLoss(f, 1, 2, 4.2, 0.1);
        };
        const involved = part.startsWith('user') ? 1 : 2;
        if (Math.floor(k / (part.endsWith('Bias') ? 1 : 3)) !== involved) return;
        expect(x - moved[part][k]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 6);
      });
  });

  it('learns who stays long', () => {
    const split = splitRows(s, 0.7);
    const fit = fitFactors(log, split.train);
    let result = fit.next();
    const losses: number[] = [];
    for (; !result.done; result = fit.next()) losses.push(result.value.loss);
    expect(losses[losses.length - 1]).toBeLessThan(losses[0]);
    const f = result.value;
    const predictions = (of: (row: number) => number) => ({
      duration: Float64Array.from(split.test, of),
      chance: {},
    });
    const options = { coldBelow: 5, longSeconds: 20, replicates: 0, seed: 1 };
    const [learnt] = judgeFamily(
      s,
      split.test,
      predictions(
        (row) => (predictFactors(f, log.a[row], log.b[row]) + predictFactors(f, log.b[row], log.a[row])) / 2,
      ),
      options,
    );
    const [constant] = judgeFamily(
      s,
      split.test,
      predictions(() => f.mean),
      options,
    );
    expect(learnt.mse.estimate).toBeLessThan(constant.mse.estimate);
    expect(learnt.auroc.estimate).toBeGreaterThan(0.6);
  });
});
