import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FamilyConfig } from '../../../src/model/layout/config.ts';
import { loadFamily } from '../../../src/model/layout/save-family.ts';
import { Cancelled } from '../../worker/worker-client.ts';
import {
  familyConfig,
  planOf,
  settingsDefaults as defaults,
  type Ablation,
  type Settings,
  type TrainedMember,
} from '../settings.ts';
import { problemOfSaved, recallTraining, saveTraining } from '../state/saved-training.ts';
import { TrainingClient } from './client.ts';
import type { FitOrder, FitResult, News } from './protocol.ts';

/** Few people, few steps. */
const evenings = { count: 1, ticks: 140, seed: 5001, share: 0.75 };
const settings: Settings = {
  ...defaults,
  family: {
    main: { ...defaults.family.main, history: 4, epochs1: 3, epochs2: 1 },
    sizes: { ...defaults.family.sizes, size: 8, projection: 4, embed: 4, hidden: 8, batch1: 16 },
  },
};
const configOf = (member: TrainedMember, without: readonly Ablation[] = []): FamilyConfig => ({
  ...familyConfig(member, settings, without),
  batch2: 64,
});
const order = (config = configOf('wide-deep-s'), wish: FitOrder['wish'] = 'wasm'): FitOrder => ({
  ...{ name: 'tiny', kind: 'family', config, evenings, wish },
});
/** With few resamples. */
const judging = { ...defaults.judging, replicates: 20, delays: [0], pairs: [], evenings };
const silent = () => undefined;

/** Promise and what resolves it. */
function signal(): { readonly heard: Promise<void>; readonly give: () => void } {
  let give = silent as () => void;
  const heard = new Promise<void>((resolve) => (give = resolve));
  return { heard, give };
}

/** Reads or writes the browser's database directly. */
function inStore<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('halfsecond', 1);
    opening.onerror = () => reject(new Error('no database'));
    opening.onsuccess = () => {
      const request = ask(opening.result.transaction('training', mode).objectStore('training'));
      request.onsuccess = () => resolve(request.result as T);
      request.onerror = () => reject(new Error('no answer'));
    };
  });
}
const stored = () => inStore<object>('readonly', (store) => store.get('last'));
const put = (value: unknown) => inStore<unknown>('readwrite', (store) => store.put(value, 'last'));

describe('the training worker', () => {
  const workers: Worker[] = [];
  const client = new TrainingClient({
    start() {
      workers.push(new Worker(new URL('./train-worker.ts', import.meta.url), { type: 'module' }));
      return workers[workers.length - 1];
    },
  });
  let whole: FitResult;

  beforeAll(async () => {
    await client.record(evenings, silent).done;
    whole = await client.fit(order(), silent, silent).done;
  });
  afterAll(() => client.dispose());

  test('trains both phases of the transformer, and judges what it saved', async () => {
    const facts = await client.facts(evenings);
    expect(facts.train).toBeGreaterThan(300);
    const news: News[] = [];
    const asked = order({ ...configOf('cupid'), epochs1: 1 });
    const result = await client.fit(asked, (n) => news.push(n), silent).done;
    expect([...new Set(news.map((n) => n.kind))].sort()).toEqual(['place', 'report', 'share', 'steps']);
    const losses = news.flatMap((n) => (n.kind === 'steps' && n.phase === 1 ? n.losses : []));
    const last = news.findLast((n) => n.kind === 'steps' && n.phase === 1);
    expect(last).toMatchObject({ step: losses.length, steps: losses.length });
    expect(news.some((n) => n.kind === 'steps' && n.phase === 2)).toBe(true);
    expect(loadFamily(result.bytes, result.header).config).toEqual(asked.config);

    const candidates = [
      { name: 'cupid', weights: result },
      { name: 'mine', weights: whole },
      'factors',
    ] as const;
    const asking = { ...judging, candidates, delays: [0, 8], pairs: [['cupid', 'mine'] as const] };
    const study = await client.run('judge', asking, silent).done;
    expect(study.models.map((m) => m.model)).toEqual(['cupid', 'mine', 'factors']);
    expect(study.models[0].figures[0]).toMatchObject({ segment: 'entire', chats: facts.test });
    expect(study.models[0].delays?.map((d) => d.delay)).toEqual([0, 8]);
    expect(study.gains.some((g) => g.better === 'cupid' && g.worse === 'mine')).toBe(true);
  });

  /** A training that has a checkpoint and is in the middle of a phase. */
  async function inTheMiddle() {
    const { heard, give } = signal();
    let cancelled = false;
    let told = 0;
    let after = 0;
    const job = client.fit(
      order(),
      (n) => {
        told++;
        // The training waits for this callback, so it cannot end before it is held.
        if (n.kind === 'report') {
          give();
          void client.hold();
        }
        if (cancelled) after++;
      },
      silent,
    );
    job.done.catch(() => (cancelled = true));
    await heard;
    return { job, told: () => told, after: () => after };
  }

  test('cancelled between two steps, nothing more is told; resumed, it ends in the same bytes', async () => {
    const { job, told, after } = await inTheMiddle();
    const ended = job.done.catch((e: unknown) => e);
    await client.hold();
    const held = told();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(told()).toBe(held);
    const report = await job.cancel();
    expect(await ended).toBeInstanceOf(Cancelled);
    expect(report.ms).toBeGreaterThan(0);
    expect(after()).toBe(0);
    expect(client.state).not.toBeNull();
    const resumed = await client.fit(order(), silent, silent, true).done;
    expect(resumed.header.hash).toBe(whole.header.hash);
    expect(resumed.header).toEqual(whole.header);
  });

  test('kept in the browser and recalled by another page, it ends in the same bytes; damaged or outdated, it is refused', async () => {
    const { job } = await inTheMiddle();
    const ended = job.done.catch((e: unknown) => e);
    await job.cancel();
    await ended;
    const saved = { order: order(), ...client.state! };
    await saveTraining(saved);
    const recalled = await recallTraining();
    if (recalled === null || typeof recalled === 'string') throw new Error(`recalled: ${recalled}`);
    expect(recalled).toEqual(saved);
    const other = new TrainingClient();
    await other.record(recalled.order.evenings, silent).done;
    other.take(recalled);
    const resumed = await other.fit(recalled.order, silent, silent, true).done;
    other.dispose();
    expect(resumed.bytes).toEqual(whole.bytes);
    expect(resumed.header).toEqual(whole.header);

    recalled.checkpoint.at.params.wide.data[3] += 1e-6;
    const { curve } = recalled;
    expect(problemOfSaved({ ...(await stored()), checkpoint: recalled.checkpoint })).toBe('it is damaged');
    expect(problemOfSaved({ ...(await stored()), checkpoint: undefined })).toBe('a part of it is missing');
    expect(problemOfSaved({ ...(await stored()), curve: curve.slice(1) })).toBe('it is damaged');
    expect(problemOfSaved({ ...(await stored()), format: 0 })).toBe('another version of the page made it');
    // A training that cannot go on is reported once, and deleted.
    await put({ ...(await stored()), features: 'others' });
    expect(await recallTraining()).toMatch(
      /^The training .* was deleted: another version of the page made it\.$/,
    );
    expect(await recallTraining()).toBeNull();
  });

  test('without patience the worker is ended in the middle of a step; the next one goes on from the checkpoint', async () => {
    const impatient = new TrainingClient({ patience: 0 });
    await impatient.record(evenings, silent).done;
    const { heard, give } = signal();
    const job = impatient.fit(order(), (n) => n.kind === 'steps' && give(), silent);
    const ended = job.done.catch((e: unknown) => e);
    await heard;
    expect((await job.cancel()).how).toBe('in the middle of a step');
    expect(await ended).toBeInstanceOf(Cancelled);
    expect((await impatient.fit(order(), silent, silent).done).header.hash).toBe(whole.header.hash);
    impatient.dispose();
  });

  test('two towers go on where they were cancelled; factors take but a moment; all are judged side by side', async () => {
    const tiny: Settings = {
      ...settings,
      model: 'towers',
      towers: {
        main: { ...defaults.towers.main, steps: 60 },
        sizes: { ...defaults.towers.sizes, dim: 8, hidden: 8, embed: 4, batch: 32 },
      },
      factors: { ...defaults.factors, main: { ...defaults.factors.main, epochs: 3 } },
    };
    const towers: FitOrder = { ...planOf(tiny, []), name: 'towers', evenings, wish: 'wasm' };
    const straight = await client.fit(towers, silent, silent).done;
    const { heard, give } = signal();
    const job = client.fit(
      towers,
      (n) => {
        if (n.kind !== 'report') return;
        give();
        void client.hold();
      },
      silent,
    );
    const ended = job.done.catch((e: unknown) => e);
    await heard;
    await job.cancel();
    await ended;
    expect(client.state?.checkpoint).toMatchObject({ phase: 1, at: { step: 20 } });
    const resumed = await client.fit(towers, silent, silent, true).done;
    expect(resumed.header).toEqual(straight.header);

    const news: News[] = [];
    const plan = planOf({ ...tiny, model: 'factors' }, []);
    const factors: FitOrder = { ...plan, name: 'factors', evenings, wish: 'wasm' };
    const fitted = await client.fit(factors, (n) => news.push(n), silent).done;
    expect(news.flatMap((n) => (n.kind === 'report' ? [n.point.step] : []))).toEqual([1, 2, 3]);
    expect(news.find((n) => n.kind === 'place')).toMatchObject({ place: { device: 'cpu' } });
    expect(client.state).toBeNull();

    const candidates = [
      { name: 'towers', weights: resumed },
      { name: 'factors · yours 1', weights: fitted },
    ];
    const study = await client.run('judge', { ...judging, candidates }, silent).done;
    // The metrics in the header equal those of judging the later chats again.
    for (const [k, { weights }] of candidates.entries())
      expect(study.models[k].figures[0].auroc.estimate).toBeCloseTo(
        weights.header.metrics['entire auroc'],
        12,
      );
  });

  test('either way of training is timed, and its passes are counted', async () => {
    const cost = await client.run('cost', { config: configOf('cupid'), evenings }, silent).done;
    expect(cost.passesSaved).toBeCloseTo(cost.passesOnePhase / cost.passesTwoPhase, 12);
    expect(cost.passesSaved).toBeGreaterThan(1);
    expect(cost.passesMemory).toBeGreaterThan(0);
    expect(cost.onePhaseSeconds).toBeGreaterThan(0);
  });

  test('survives a worker that dies in mid-training, and says so', async () => {
    const said: string[] = [];
    const before = workers.length;
    let killed = false;
    const job = client.fit(
      order(),
      (n) => {
        if (killed || n.kind !== 'report') return;
        killed = true;
        workers[before - 1].terminate();
        const event = new ErrorEvent('error', { message: 'out of memory', cancelable: true });
        workers[before - 1].dispatchEvent(event);
      },
      (what) => said.push(what),
    );
    expect((await job.done).header.hash).toBe(whole.header.hash);
    expect(workers.length).toBe(before + 1);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/out of memory.*goes on from step \d+ of phase \d/);
  });

  test('on WebGPU, where its gradient agrees: a lost device costs time and nothing else', async ({
    skip,
  }) => {
    if (!(await navigator.gpu?.requestAdapter())) skip('no WebGPU adapter');
    const said: string[] = [];
    const places: string[] = [];
    const config = { ...configOf('wide-deep', ['second phase', 'other tasks']), epochs1: 1 };
    const asked = order(config, 'webgpu');
    const job = client.fit(
      asked,
      (n) => {
        if (n.kind === 'place') places.push(`${n.place.device}: ${n.place.why}`);
        // The training waits for this callback after its first step, so it cannot end before.
        return n.kind === 'steps' && n.step === 1 && places.length === 1 ? client.loseDevice() : undefined;
      },
      (what) => said.push(what),
    );
    const result = await job.done;
    expect(result.header.bytes).toBeGreaterThan(0);
    expect(places).toHaveLength(2);
    expect(places[0]).toMatch(/^webgpu: .*agrees with WebAssembly's/);
    expect(said[0]).toMatch(/GPU was lost.*goes on from (the start|step)/);
  });
});
