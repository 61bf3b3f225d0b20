import { describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { toCsv } from '../../src/base/table.ts';
import { createCpuBackend, matchOnCpu } from '../../src/match/cpu-backend.ts';
import { randomPool } from '../../src/match/testing/families.ts';
import type { Matching } from '../../src/match/backend.ts';
import { randomInput, randomTower } from '../../src/model/testing/random-tower.ts';
import { embedTower } from '../../src/model/serve/tower.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import { createMarket } from '../../src/sim/market.ts';
import { find, mountPage } from '../ui/render.test-helper.tsx';
import { Cancelled } from '../worker/worker-client.ts';
import { captureTick, plainPool, type CapturedTick } from './capture.ts';
import { solveTick } from './client.ts';
import { methods } from './methods.ts';
import type { MethodRow, Step } from './solve.ts';
import { compareToOptimum, solutionTable } from './table.ts';

/**
 * The third tick of a small market that pairs greedily by the ground truth, and what the market
 * made of it.
 */
async function smallTick(): Promise<{ captured: CapturedTick; matching: Matching }> {
  const scenario = parseScenario({
    seed: 5,
    population: { people: 1500, online: 900 },
    policy: { scorer: 'oracle', matcher: 'greedy' },
  });
  const market = createMarket({ scenario, backend: createCpuBackend() });
  let captured: CapturedTick | undefined;
  market.observe({ ticked: (...tick) => (captured = captureTick(...tick)) });
  await market.tick();
  const { matching } = await market.tick();
  if (captured === undefined) throw new Error('the market did not tick');
  return { captured, matching };
}

/** A tick of a random pool. */
function randomTick(n: number): CapturedTick {
  return {
    tick: 7,
    scorer: 'oracle',
    matcher: 'greedy',
    pool: randomPool(n, 3),
    rule: { transform: 'exp', scale: 0.0001, bias: 2, combination: 'sum', threshold: -Infinity },
    seed: 9,
  };
}

async function solved(captured: CapturedTick): Promise<{ rows: MethodRow[]; steps: Step[] }> {
  const rows: MethodRow[] = [];
  const steps: Step[] = [];
  const events = { row: (row: MethodRow) => rows.push(row), step: (step: Step) => steps.push(step) };
  await solveTick(captured, events).done;
  return { rows, steps };
}

const silent = { row: () => undefined, step: () => undefined };

describe('a captured tick', () => {
  test('reproduces the tick: its matcher finds the same pairs', async () => {
    const { captured, matching } = await smallTick();
    expect(captured.pool.n).toBeGreaterThan(10);
    const { matcher, pool, rule, seed } = captured;
    const again = matchOnCpu(pool, rule, { matcher, seed });
    expect(again.mate).toEqual(matching.mate);
    expect(again.total).toBe(matching.total);
  });

  test('carries vectors in place of features, and is a copy', () => {
    const tower = randomTower({ dim: 8, slots: 3, embed: 4, dense: 2, rows: 30, hidden: [6] }, 1);
    const features = randomInput(tower, 20, 2);
    const { user, peer, ...rest } = randomPool(20, 3);
    const pool = { ...rest, user: user.slice(0, 0), peer: peer.slice(0, 0), features };
    const plain = plainPool(pool);
    const ids = [...plain.ids];
    pool.ids.fill(0);
    expect(plain.features).toBeUndefined();
    expect({ user: plain.user, peer: plain.peer }).toEqual(embedTower(features, 20));
    expect([...plain.ids]).toEqual(ids);
  });

  test('is cut to the people in the pool: arrays may be longer', () => {
    const pool = randomPool(30, 3);
    const plain = plainPool({ ...pool, n: 10 });
    expect([plain.user.length, plain.bonus.length, plain.recent.length]).toEqual([80, 10, 80]);
    expect(plain.peer).toEqual(pool.peer.slice(0, 80));
  });
});

describe('the solver', () => {
  test('puts every method below the optimum, and the optimum below every certificate', async () => {
    const { captured } = await smallTick();
    const { rows, steps } = await solved(captured);
    expect(rows.map((r) => r.method)).toEqual(methods);
    const [random, , greedy, auction, exact] = rows;
    const hair = 1e-9 * exact.total;
    for (const row of rows) {
      expect(row.total).toBeLessThanOrEqual(exact.total + hair);
      expect(row.upperBound).toBeGreaterThanOrEqual(exact.total - hair);
      expect(row.gap).toBeGreaterThanOrEqual(0);
      expect(row.pairs).toBeLessThanOrEqual(captured.pool.n / 2);
    }
    expect(random.total).toBeLessThan(greedy.total);
    expect(greedy.total).toBeGreaterThanOrEqual(exact.total / 2);
    expect(auction.total).toBeGreaterThan(0.95 * exact.total);
    expect(exact.gap).toBeLessThan(1e-9);
    expect(steps.map((s) => s.index)).toEqual(steps.map((s) => s.index).toSorted((a, b) => a - b));
    expect(new Set(steps.map((s) => s.index)).size).toBe(methods.length);
    expect(steps.some((s) => s.share !== null)).toBe(true);
    const csv = toCsv(solutionTable(captured, rows)).split('\r\n');
    expect(csv[0]).toBe(
      'method,weight [s],share_of_optimum [1],true_gap [1],upper_bound [s],certified_gap [1],pairs,rounds,time [ms]',
    );
    expect(csv[5]).toContain(`exact,${exact.total},1,0,`);
    expect(compareToOptimum(rows)[2].trueGap).toBeCloseTo(1 - greedy.total / exact.total, 12);
  });

  test('cancelling ends the worker without a further report', async () => {
    let terminate = vi.fn<() => void>();
    let heard = 0;
    let cancelled = false;
    const start = () => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
      terminate = vi.spyOn(worker, 'terminate');
      return worker;
    };
    const solution = solveTick(
      randomTick(2000),
      {
        row: () => (heard += cancelled ? 1 : 0),
        step: () => {
          heard += cancelled ? 1 : 0;
          cancelled = true;
          solution.cancel();
        },
      },
      start,
    );
    await expect(solution.done).rejects.toBeInstanceOf(Cancelled);
    expect(terminate).toHaveBeenCalledOnce();
    solution.cancel();
    expect(terminate).toHaveBeenCalledOnce();
    expect(heard).toBe(0);
  });

  test('reports failures: nobody to pair, a number that is not finite, a dead worker', async () => {
    await expect(solved(randomTick(1))).rejects.toThrow('1 waited in this tick');
    const broken = randomTick(10);
    broken.pool.user[3] = NaN;
    await expect(solved(broken)).rejects.toThrow('pool.user[3] is NaN');
    const dead = () => new Worker(URL.createObjectURL(new Blob(['throw new Error("no memory")'])));
    await expect(solveTick(randomTick(10), silent, dead).done).rejects.toThrow('no memory');
  });
});

/** The machine may be slow: what is waited for comes, or the test's own limit ends it. */
const SLOW = { timeout: 30_000 };
const until = (what: () => boolean) => vi.waitUntil(what, SLOW);

describe('the dialog', () => {
  const open = async (capture: () => Promise<CapturedTick>) => {
    await page.viewport(1440, 900);
    const { host, engine } = await mountPage();
    engine.answers.captureTick = capture;
    find(host, 'button', 'Solve this tick exactly').click();
    await until(() => document.querySelector('.dialog.exact') !== null);
    return find(document, '.dialog.exact');
  };

  test('shows every method with its gap, and offers the newest tick', async () => {
    let captures = 0;
    const dialog = await open(() => Promise.resolve({ ...randomTick(60), tick: ++captures }));
    await until(() => dialog.querySelector('.exact-chart') !== null);
    const heads = [...dialog.querySelectorAll('tbody th')].map((th) => th.textContent);
    expect(heads).toEqual(['Random', 'First come', 'Greedy', 'Auction', 'Exact optimum']);
    expect(dialog.textContent).toContain(`Tick ${captures}, 60 people waiting`);
    expect(dialog.textContent).toMatch(/Greedy, which the market used, is .+% from the optimum/);
    expect(find(dialog, 'tbody tr[data-exact]').textContent).toContain('100.00');
    find(dialog, 'button', 'Download CSV');
    const next = `Tick ${captures + 1},`;
    find(dialog, 'button', 'Solve the newest tick').click();
    await until(() => dialog.textContent.includes(next) && dialog.querySelector('.exact-chart') !== null);
    await userEvent.keyboard('{Escape}');
    await until(() => document.querySelector('.dialog.exact') === null);
  });

  test('can be cancelled', async () => {
    const dialog = await open(() => Promise.resolve(randomTick(3000)));
    await until(() => dialog.textContent.includes('1 of 5: Random'));
    find(dialog, 'button', 'Cancel').click();
    await until(() => dialog.querySelector('[role=status]')?.textContent.startsWith('Cancelled') === true);
    expect(dialog.querySelector('progress')).toBeNull();
    await userEvent.keyboard('{Escape}');
    await until(() => document.querySelector('.dialog.exact') === null);
  });

  test('reports an error in one line', async () => {
    const dialog = await open(() => Promise.reject(new Error('no tick has been finished yet')));
    await until(() => dialog.querySelector('[role=alert]') !== null);
    expect(find(dialog, '[role=alert]').textContent).toBe('no tick has been finished yet');
    await userEvent.keyboard('{Escape}');
    await until(() => document.querySelector('.dialog.exact') === null);
  });
});
