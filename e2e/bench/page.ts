import { chromium } from 'playwright';
import { presets } from '../../src/scenario/presets.ts';
import { expectedWaiting, scaleScenario } from '../../src/scenario/scale.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import { browserArgs, findBrowser } from '../support/browser.ts';
import { serve } from '../support/serve.ts';
import { quantile } from './stats.ts';
import { Stolen } from './stolen.ts';

export interface PageRow {
  /** People who were to wait, and who waited in the last tick that ended. */
  readonly n: number;
  readonly waiting: number;
  readonly runsOn: string;
  readonly ticks: number;
  readonly clicks: number;
  /** From the input to the next paint (Event Timing, in steps of 8 ms), over clicks. */
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly worstMs: number;
  /** The worst without what a hypervisor took meanwhile from the processor that it took most from. */
  readonly worstOwnMs: number;
}

/** A click that took longer than one frame: when it came, on the page's clock, and how long it took, milliseconds. */
interface Click {
  readonly at: number;
  readonly ms: number;
}

/** Longest tick of a scenario's knob, milliseconds. */
const LONGEST_TICK = 10_000;
/** A tick of many on a slow adapter may not end in this time; clicks are measured all the same, while it is at work. */
const PATIENCE_MS = 60_000;

/** An evening in which about `n` wait in a tick: long ticks before more people, whose world would take the page seconds to make. */
function eveningOf(n: number): Scenario {
  const base = presets[0].scenario;
  const longer = Math.min(LONGEST_TICK / base.policy.tickMs, Math.max(1, n / expectedWaiting(base)));
  const slow = { ...base, policy: { ...base.policy, tickMs: Math.round(base.policy.tickMs * longer) } };
  return scaleScenario(slow, n / expectedWaiting(slow));
}

/**
 * How long the page takes to answer a click while a pool of about `n` is scored and paired on the GPU (the software adapter, if there is no
 * other) as fast as it goes. Where the flag is left out, frames wait for the software adapter's threads. Needs `npm run build` before.
 */
export async function benchPage(n: number, clicks: number): Promise<PageRow> {
  const server = await serve('preview', 5196);
  const stolen = new Stolen();
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    // As a browser without a GPU does by itself: pages put together by the CPU, not by the adapter that scores.
    args: [...browserArgs, '--headless=new', '--disable-gpu-compositing'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.addInitScript(() => {
      localStorage.setItem('halfsecond.tour', 'seen');
      const seen: { at: number; ms: number }[] = [];
      Object.assign(globalThis, { clickTimes: seen });
      new PerformanceObserver((list) => {
        for (const { name, startTime, duration } of list.getEntries())
          if (name === 'click') seen.push({ at: performance.timeOrigin + startTime, ms: duration });
      }).observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit);
    });
    await page.goto(`${server.url}/?backend=gpu`);
    await page.waitForFunction(() => (globalThis.halfsecond?.status()?.tick ?? -1) >= 1, null, {
      timeout: 60_000,
    });
    // A software adapter compiles for seconds, in which the CPU makes the pairs.
    await page
      .waitForFunction(() => globalThis.halfsecond?.status()?.runsOn.backend === 'gpu', null, {
        timeout: PATIENCE_MS,
      })
      .catch(() => undefined);
    // As large as asked for, not as large as fits.
    await page.evaluate(async (scenario) => {
      const engine = globalThis.halfsecond?.engine();
      if (engine === null || engine === undefined) throw new Error('the page has no engine');
      await engine.start({ scenario, other: null, backend: 'gpu', size: 'exact' });
      await engine.setSpeed(Infinity);
      await engine.play();
    }, eveningOf(n));
    // Its kernels are compiled anew, in which the CPU makes the pairs again: what is measured is the page beside the GPU's ticks.
    await page
      .waitForFunction(
        (least) => {
          const status = globalThis.halfsecond?.status();
          return (status?.main.waiting ?? 0) >= least && status?.runsOn.backend === 'gpu';
        },
        0.5 * n,
        { timeout: PATIENCE_MS },
      )
      .catch(() => undefined);
    const state = () =>
      page.evaluate(() => {
        const status = globalThis.halfsecond?.status();
        return {
          tick: status?.tick ?? NaN,
          waiting: status?.main.waiting ?? NaN,
          runsOn: status === null || status === undefined ? '' : status.runsOn.backend,
        };
      });
    const before = await state();
    const slow = () =>
      page.evaluate(() => (globalThis as unknown as { clickTimes: readonly Click[] }).clickTimes);
    const seenBefore = (await slow()).length;
    // A place without a control: what is measured is the thread, not the control.
    for (let k = 0; k < clicks; k += 1) {
      await page.mouse.click(720, 8);
      await page.waitForTimeout(150);
    }
    const after = await state();
    const times = (await slow()).slice(seenBefore);
    // Whoever was answered within one frame is not reported: less than 16 ms.
    const quick = Array.from({ length: Math.max(0, clicks - times.length) }, () => 8);
    const all = [...times.map(({ ms }) => ms), ...quick];
    // Both clocks run evenly: what they differ by now they differed by then.
    const toHost = Number(process.hrtime.bigint()) / 1e6 - (performance.timeOrigin + performance.now());
    const own = times.map(({ at, ms }) => {
      const lost = stolen.during(at + toHost, at + ms + toHost);
      return ms - (Number.isNaN(lost) ? 0 : lost);
    });
    return {
      n,
      waiting: after.waiting,
      runsOn: after.runsOn,
      ticks: after.tick - before.tick,
      clicks,
      medianMs: quantile(all, 0.5),
      p95Ms: quantile(all, 0.95),
      worstMs: Math.max(...all),
      worstOwnMs: Math.max(...own, ...quick),
    };
  } finally {
    await browser.close();
    await server.stop();
    await stolen.stop();
  }
}
