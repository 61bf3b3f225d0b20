import { beforeAll, describe, expect, it } from 'vitest';
import { scenario } from '../../scenario/parse.ts';
import { createWorld } from '../../world/world.ts';
import { ChatRecorder, type ChatLog } from '../train/chat-log.ts';
import { initLearning } from '../train/trainer.ts';
import { recordMeetings } from '../testing/meetings.ts';
import { cupid, type FamilyConfig } from '../layout/config.ts';
import { measureTwoPhaseCost } from './cost.ts';
import { judgeFamily } from '../train/judge-family.ts';
import { fitFactors, predictChatsByFactors } from '../train/family/factors.ts';
import { factorDefaults, loadFactors, saveFactors } from '../layout/save-factors.ts';
import { splitRows, targetMeans } from '../train/family/fit-family.ts';
import { lengthHistogram } from './length-histogram.ts';
import { storeEmbeddings } from '../train/family/stored-embeddings.ts';
import { initFamily } from '../train/family/net.ts';
import { predictFamily } from '../train/family/predict.ts';
import { sampleRows } from '../train/family/sampling.ts';
import { loadFamily, saveFamily, type FamilyModel } from '../layout/save-family.ts';
import { personSessions, windowsOf } from '../train/family/person-sessions.ts';
import { compareModels, type AnyModel, type Study, type StudyOptions } from './compare-models.ts';

function record(seed: number, people: number, count: number): ChatLog {
  const recorder = new ChatRecorder();
  recordMeetings(createWorld(scenario({ seed, population: { people } })), count, seed, recorder);
  const log = recorder.log();
  log.outcome.forEach((bits, k) => (log.outcome[k] = bits | (k % 10 === 0 ? 4 : 0)));
  return log;
}

const s = personSessions(record(31, 100, 500));
const split = splitRows(s, 0.6);
const sizes = { history: 6, size: 8, projection: 4, embed: 2, hidden: [6], batch1: 4, batch2: 32 };
const tiny: FamilyConfig = { ...cupid, ...sizes };
const about = { recipe: {}, metrics: {}, curve: [] };

/** A member that was never trained: quick, and as good as any to judge the judge. */
function member(name: string, config: FamilyConfig): FamilyModel {
  const blocks = initFamily(config, targetMeans(config, s, split.train));
  const { bytes, header } = saveFamily(name, config, { embedders: blocks, heads: blocks }, about);
  return loadFamily(bytes, header);
}
const models: AnyModel[] = [
  member('wide-deep', { ...tiny, session: 'none' }),
  member('cupid', { ...tiny, seed: 3 }),
  member('cupid, one task', { ...tiny, tasks: ['duration'], seed: 4 }),
];
const options: StudyOptions = { coldBelow: 20, longSeconds: 15, replicates: 20, seed: 1, delays: [0, 200] };

async function finish(run: AsyncGenerator<unknown, Study>): Promise<Study> {
  for (;;) {
    const { done, value } = await run.next();
    if (done) return value;
  }
}

beforeAll(() => initLearning());

describe('a study', () => {
  it('judges every model as if alone, and gains are differences of its figures', async () => {
    const study = await finish(compareModels(models, s, split, options));
    expect(study.models.map((m) => m.model)).toEqual(['wide-deep', 'cupid', 'cupid, one task']);
    const { config, embedders, heads } = models[1] as FamilyModel;
    const memory = await storeEmbeddings(config, s, windowsOf(s, config.history), embedders);
    const alone = judgeFamily(s, split.test, predictFamily(config, heads, s, memory, split.test), options);
    expect(study.models[1].figures).toEqual(alone);
    expect(alone[0].intervals!.ndcg.estimate).toBeCloseTo(alone[0].ndcg, 12);

    const figure = (model: string, segment: string, what: 'auroc' | 'mse'): number =>
      study.models.find((m) => m.model === model)!.figures.find((f) => f.segment === segment)![what].estimate;
    expect(study.gains.map((g) => g.worse)).toContain('cupid, one task');
    for (const g of study.gains) {
      const difference = (what: 'auroc' | 'mse') =>
        figure(g.better, g.segment, what) - figure(g.worse, g.segment, what);
      expect(g.auroc.estimate).toBeCloseTo(difference('auroc'), 10);
      expect(g.mse.estimate).toBeCloseTo(-difference('mse'), 10);
      expect(g.auroc.low).toBeLessThan(g.auroc.estimate);
    }
    const gain = (segment: string): number =>
      study.gains.find((g) => g.better === 'cupid' && g.worse === 'wide-deep' && g.segment === segment)!.auroc
        .estimate;
    expect(study.contrasts.map((c) => c.than)).toEqual(['warm-warm', 'warm-cold']);
    for (const c of study.contrasts)
      expect(c.auroc.estimate).toBeCloseTo(gain('cold-cold') - gain(c.than), 10);

    const [fresh, late] = study.models[1].delays!;
    expect([fresh.cost.auroc.estimate, fresh.cost.mse.estimate]).toEqual([0, 0]);
    expect(late.cost.mse.estimate).toBeCloseTo(
      late.figures[0].mse.estimate - figure('cupid', 'entire', 'mse'),
      10,
    );
    expect(late.cost.mse.estimate).not.toBe(0);
    expect(study.models[0].delays).toBeUndefined();
  });

  it('takes matrix factorisation only with its own people, and stops when asked', async () => {
    const fit = fitFactors(s.log, split.train, { ...factorDefaults, epochs: 2 });
    let result = fit.next();
    while (!result.done) result = fit.next();
    const { bytes, header } = saveFactors(factorDefaults, result.value, about);
    const model = loadFactors(bytes, header);
    const study = await finish(compareModels([model, models[0]], s, split, { ...options, replicates: 0 }));
    expect(study.gains.every((g) => g.worse === 'factors' && g.better === 'wide-deep')).toBe(true);
    const elsewhere = personSessions(record(32, 120, 300));
    expect(() => predictChatsByFactors(model, elsewhere, [1])).toThrow(
      'judge it on the evenings that trained it',
    );
    const controller = new AbortController();
    const run = compareModels(models, s, split, { ...options, signal: controller.signal });
    await run.next();
    controller.abort();
    await expect(run.next()).rejects.toThrow(/abort/i);
  });
});

describe('the cost of two phases', () => {
  it('counts passes by hand, and measures times', async () => {
    const windows = windowsOf(s, tiny.history);
    const memory = await storeEmbeddings(
      tiny,
      s,
      windows,
      initFamily(tiny, targetMeans(tiny, s, split.train)),
    );
    const cost = await measureTwoPhaseCost(tiny, s, split, memory, 0.5, 1);
    expect(cost.passesOnePhase).toBe(2 * tiny.epochs1 * split.train.length);
    expect(cost.passesTwoPhase).toBe(
      tiny.epochs1 * Math.floor(cost.sessions / tiny.batch1) * tiny.batch1 + windows.count,
    );
    expect(cost.twoPhaseSeconds).toBeGreaterThan(0.5);
    expect(cost.onePhaseSeconds).toBeCloseTo(cost.onePhaseSecondsPerPass * cost.passesOnePhase, 9);
  });
});

describe('sampling', () => {
  it('draws rare outcomes more and others less, with weights that undo it', () => {
    const rows = split.train;
    const rare = rows.filter((row) => (s.log.outcome[row] & 60) !== 0);
    const sample = sampleRows({ rare: 3, frequent: 0.5, seed: 1 }, s, rows);
    const drawnRare = sample.rows.filter((row) => (s.log.outcome[row] & 60) !== 0);
    expect(drawnRare.length).toBe(3 * rare.length);
    const others = rows.length - rare.length;
    expect(Math.abs(sample.rows.length - drawnRare.length - others / 2)).toBeLessThan(
      4 * Math.sqrt(others / 4),
    );
    const weight = (of: readonly number[]): number =>
      of.reduce((sum, row) => sum + sample.weights[sample.rows.indexOf(row)], 0);
    // The share of weight that rare outcomes have is their share of the chats, to the luck of the
    // draw.
    const share = (3 * weight(rare)) / sample.weights.reduce((a, b) => a + b, 0);
    expect(Math.abs(share - rare.length / rows.length)).toBeLessThan(0.03);
    expect(sampleRows({ rare: 1, frequent: 1, seed: 1 }, s, rows).rows).toEqual(rows);
    expect(() => sampleRows({ rare: 1.5, frequent: 1, seed: 1 }, s, rows)).toThrow(
      '"rare" must be a whole number',
    );
    expect(() => sampleRows({ rare: 1, frequent: 0, seed: 1 }, s, rows)).toThrow('above 0');
  });
});

describe('lengths', () => {
  it('are counted once each, the outermost bins taking what lies beyond', () => {
    const { edges, real, predicted } = lengthHistogram([-9, 0, 3, 9], [3, 3, 3.01]);
    expect(real.reduce((a, b) => a + b, 0)).toBe(4);
    expect([real[0], real[31]]).toEqual([1, 1]);
    const bin = edges.findIndex((e, k) => e <= 3 && edges[k + 1] > 3);
    expect([real[bin], predicted[bin]]).toEqual([1, 3]);
  });
});
