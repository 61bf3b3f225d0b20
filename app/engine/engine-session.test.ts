import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MatchBackend } from '../../src/match/backend.ts';
import { createCpuBackend } from '../../src/match/cpu-backend.ts';
import type { GpuBackend, GpuBackendOptions } from '../../src/match/gpu-backend.ts';
import { embedTower } from '../../src/model/serve/tower.ts';
import { scenario } from '../../src/scenario/parse.ts';
import towersUrl from '../../public/models/towers.bin?url';
import { startWorker } from '../worker/start-worker.ts';
import { EngineSession } from './engine-session.ts';
import { createWorkerBackend } from './matching/worker-backend.ts';
import { ModelCache } from './model-cache.ts';

const { createGpuBackend } = vi.hoisted(() => ({
  createGpuBackend: vi.fn<(options: GpuBackendOptions) => Promise<GpuBackend>>(),
}));
vi.mock('../../src/match/gpu-backend.ts', () => ({ createGpuBackend }));

/** An adapter that only says what it is. A GPU backend on it matches on the CPU. */
function useAdapter(info: { vendor: string; architecture: string }): GPUAdapter {
  const adapter = { info, features: new Set(), limits: {} } as unknown as GPUAdapter;
  vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(adapter);
  return adapter;
}

const calibrate = vi.fn(() => Promise.resolve(0));
const cpu = createCpuBackend({ embed: embedTower });
const match = vi.fn<MatchBackend['match']>((...args) => cpu.match(...args));
let session: EngineSession;

beforeEach(() => {
  createGpuBackend.mockImplementation(({ adapter }) =>
    Promise.resolve({
      ...cpu,
      kind: 'gpu',
      adapter: 'nvidia ada',
      info: adapter?.info,
      device: {},
      match,
      calibrate,
      resources: () => ({ buffers: 3, bufferBytes: 64 }),
    } as unknown as GpuBackend),
  );
  session = new EngineSession(
    new ModelCache(() => new URL('..', new URL(towersUrl, location.href)).href),
    undefined,
    () => createWorkerBackend(() => startWorker('match')),
  );
});

afterEach(() => {
  session.markets?.dispose();
  vi.restoreAllMocks();
  vi.clearAllMocks();
});

const start = () =>
  session.start({
    scenario: scenario({ population: { people: 400, online: 60 }, policy: { scorer: 'rules' } }),
    other: null,
    backend: 'auto',
  });

test('with a real GPU the session calibrates it and matches on it', async () => {
  const adapter = useAdapter({ vendor: 'nvidia', architecture: 'ada' });
  const info = await start();
  expect(info).toMatchObject({ backend: 'gpu', adapter: 'nvidia ada', note: '' });
  expect(createGpuBackend.mock.lastCall?.[0].adapter).toBe(adapter);
  expect(calibrate).toHaveBeenCalledOnce();
  expect(session.resources()).toMatchObject({ buffers: 3, devices: 1 });
  match.mockClear();
  // The first tick has an empty pool and nothing to match.
  for (let k = 0; k < 3; k++) await session.tick();
  expect(match).toHaveBeenCalled();
});

test('with a software adapter the session matches on the CPU and says so in one line', async () => {
  useAdapter({ vendor: 'google', architecture: 'swiftshader' });
  const info = await start();
  expect(info).toMatchObject({
    backend: 'cpu',
    note: 'Computes on the CPU: the GPU adapter here is software (google swiftshader).',
  });
  await session.tick();
  expect(session.markets?.main.market.tickNumber).toBe(1);
  expect(createGpuBackend).not.toHaveBeenCalled();
  expect(session.resources().devices).toBe(0);
});

test('another outcome is compared at once, and in the next market too; an unknown one changes nothing', async () => {
  useAdapter({ vendor: 'google', architecture: 'swiftshader' });
  const asked = scenario({ population: { people: 400, online: 60 }, policy: { scorer: 'rules' } });
  const metric = () => session.markets?.tables('other').find((t) => t.name === 'slices')?.facts;
  await start();
  session.measure('time');
  await session.start({ scenario: asked, other: asked.policy, backend: 'auto' });
  expect(metric()).toMatchObject({ metric_name: 'time', warm_up_s: 30 });
  session.measure('wait');
  expect(metric()).toMatchObject({ metric_name: 'wait' });
  session.measure('no such metric');
  expect(metric()).toMatchObject({ metric_name: 'wait' });
});

test('changes by hand, repeated as stages, give the same evening of both policies', async () => {
  useAdapter({ vendor: 'google', architecture: 'swiftshader' });
  const asked = scenario({
    seed: 5,
    population: { people: 900, online: 160, arrivalsPerMinute: 400 },
    behaviour: { talkativeness: 4, patience: 6 },
    policy: { scorer: 'rules' },
    stages: [{ atSeconds: 12, policy: { waitingBonus: 2 } }],
  });
  const b = { ...asked.policy, scorer: 'towers' as const };
  const run = async (stages: typeof asked.stages, byHand: boolean) => {
    await session.start({ scenario: { ...asked, stages }, other: b, backend: 'auto' });
    for (let tick = 0; tick < 40; tick++) {
      if (byHand && tick === 16)
        await session.setPolicy('main', { ...session.markets!.main.market.policy, scorer: 'cupid' });
      if (byHand && tick === 24)
        for (const threshold of [3, 9])
          await session.setPolicy('other', { ...session.markets!.other!.market.policy, threshold });
      await session.tick();
    }
    return session.markets!.all.map(({ market }) => market.digest.hex());
  };
  const lived = await run(asked.stages, true);
  expect(session.changes).toEqual([
    { atSeconds: 8, side: 'a', policy: { scorer: 'cupid' } },
    { atSeconds: 12, side: 'b', policy: { threshold: 9 } },
  ]);
  // The log comes from a repetition of the evening.
  const log = await session.exportLog('other', 'csv', { policy: 'B' }, () => undefined);
  expect(log).toMatchObject({ tick: 40, digest: lived[1] });
  const lines = (await log.file.text()).split('\n');
  expect(lines[0]).toBe('# policy: B');
  expect(lines.at(-2)).toBe(`# digest: ${lived[1]}`);
  expect(lines.filter((line) => line.startsWith('tick,'))).toHaveLength(40);
  const repeated = await run([...asked.stages, ...session.changes], false);
  expect(session.changes).toEqual([]);
  expect(repeated).toEqual(lived);
  expect(await run(asked.stages, false)).not.toEqual(lived);
  session.dropOther();
  await session.tick();
  expect(session.markets!.all).toHaveLength(1);
}, 120_000);
