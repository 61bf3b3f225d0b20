import type { Browser, Page } from 'playwright';
import { presets } from '../../../src/scenario/presets.ts';
import { expectedWaiting, scaleScenario } from '../../../src/scenario/scale.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { launchBrowser } from '../../support/browser.ts';
import { memoryByPart } from '../../soak/page-memory.ts';
import { serve } from '../../support/serve.ts';
import { benchPart } from '../part.ts';
import { median, quantileOf } from '../stats.ts';
import { LONG_TASK_MS, tasksOf, TRACED } from './trace.ts';

/** Upper limit of the tick length in a scenario, in milliseconds. */
const MAX_TICK_MS = 10_000;
/** The page is measured after this wait even if a large first tick has not ended. */
const WAIT_MS = 60_000;

export const pagePart = benchPart(
  'The page: from a click to the next paint, tasks of its thread, and memory, while ticks run at full speed',
  ({ quick, sizes }) =>
    (sizes ?? (quick ? [200] : [200, 1000, 2000, 4000, 10_000])).map((n) => ({
      name: `${n} waiting`,
      run: async () => [await pageRow(n, quick ? 10 : 30)],
    })),
  {
    'asked for': (row) => row.n,
    waiting: (row) => row.waiting,
    'runs on': (row) => row.runsOn,
    ticks: (row) => row.ticks,
    clicks: (row) => row.clicks,
    'median ms': (row) => row.medianMs,
    'p95 ms': (row) => row.p95Ms,
    'max ms': (row) => row.maxMs,
    'longest task ms': (row) => row.longestTaskMs,
    'of processor': (row) => row.longestTaskCpuMs,
    'tasks over 50 ms': (row) => row.longTasks,
    MB: (row) => row.megabytes,
  },
);

/**
 * An evening with about `n` waiting people. It has long ticks rather than a large world, which
 * takes seconds to create.
 */
export function eveningOf(n: number): Scenario {
  const base = presets[0].scenario;
  const longer = Math.min(MAX_TICK_MS / base.policy.tickMs, Math.max(1, n / expectedWaiting(base)));
  const slow = { ...base, policy: { ...base.policy, tickMs: Math.round(base.policy.tickMs * longer) } };
  return scaleScenario(slow, n / expectedWaiting(slow));
}

/**
 * Clicks on the built page (`npm run build`) while a pool of about `n` is matched, on the backend
 * that the page chooses.
 */
async function pageRow(n: number, clicks: number) {
  return onPage('', async (page, browser) => {
    await page.evaluate(async (scenario) => {
      const engine = globalThis.halfsecond?.engine();
      if (engine === null || engine === undefined) throw new Error('the page has no engine');
      await engine.start({ scenario, other: null, backend: 'auto' });
      await engine.setSpeed(Infinity);
      await engine.play();
    }, eveningOf(n));
    await page
      .waitForFunction((min) => (globalThis.halfsecond?.status()?.main.waiting ?? 0) >= min, 0.5 * n, {
        timeout: WAIT_MS,
      })
      .catch(() => undefined);
    const state = () =>
      page.evaluate(() => {
        const status = globalThis.halfsecond?.status();
        return {
          tick: status?.tick ?? NaN,
          waiting: status?.main.waiting ?? NaN,
          runsOn: status?.runsOn.backend ?? '',
        };
      });
    const before = await state();
    const figures = await measureClicks(page, browser, clicks);
    const after = await state();
    return {
      ...{ n, waiting: after.waiting, runsOn: after.runsOn, ticks: after.tick - before.tick },
      ...figures,
      megabytes: Object.values(await memoryByPart(page)).reduce((sum, part) => sum + part, 0),
    };
  });
}

/** Works with the built page at an address, of which one tick has ended. */
export async function onPage<T>(
  hash: string,
  work: (page: Page, browser: Browser) => Promise<T>,
): Promise<T> {
  const server = await serve('preview', 5196);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ serviceWorkers: 'block', viewport: { width: 1440, height: 900 } });
    await page.addInitScript(() => {
      localStorage.setItem('halfsecond.tour', 'seen');
      const clickMs: number[] = [];
      Object.assign(globalThis, { clickMs });
      // Event Timing reports in steps of 8 ms.
      new PerformanceObserver((list) => {
        for (const { name, duration } of list.getEntries()) if (name === 'click') clickMs.push(duration);
      }).observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit);
    });
    await page.goto(server.url + hash);
    await page.waitForFunction(() => (globalThis.halfsecond?.status()?.tick ?? -1) >= 1, null, {
      timeout: WAIT_MS,
    });
    return await work(page, browser);
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Clicks where there is no control: the page's thread is measured, not the work of a control. */
export async function measureClicks(page: Page, browser: Browser, clicks: number) {
  const clickTimes = () => page.evaluate(() => (globalThis as unknown as { clickMs: number[] }).clickMs);
  await browser.startTracing(page, { categories: TRACED });
  const seenBefore = (await clickTimes()).length;
  for (let k = 0; k < clicks; k += 1) {
    await page.mouse.click(720, 8);
    await page.waitForTimeout(150);
  }
  const tasks = tasksOf(await browser.stopTracing(), new URL(page.url()).origin);
  const reported = (await clickTimes()).slice(seenBefore);
  // Clicks below the threshold of 16 ms are not reported.
  const fast = Array.from({ length: Math.max(0, clicks - reported.length) }, () => 8);
  const all = [...reported, ...fast];
  return {
    clicks,
    medianMs: median(all),
    p95Ms: quantileOf(all, 0.95),
    maxMs: Math.max(...all),
    longestTaskMs: Math.max(...tasks.map((task) => task.dur)),
    longestTaskCpuMs: Math.max(...tasks.map((task) => task.tdur)),
    longTasks: tasks.filter((task) => task.dur > LONG_TASK_MS).length,
  };
}
