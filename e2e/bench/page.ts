import { chromium } from 'playwright';
import { encodePermalink } from '../../src/scenario/permalink.ts';
import { presets } from '../../src/scenario/presets.ts';
import { expectedWaiting, scaleScenario } from '../../src/scenario/scale.ts';
import { browserArgs, findBrowser } from '../support/browser.ts';
import { serve } from '../support/serve.ts';
import { quantile } from './stats.ts';

export interface PageRow {
  readonly waiting: number;
  readonly ticks: number;
  readonly clicks: number;
  /** From the input to the next paint (Event Timing, in steps of 8 ms), over clicks. */
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly worstMs: number;
}

/**
 * How long the page takes to answer a click while a pool of about `n` is scored and paired on the software adapter as fast as it goes.
 * Needs `npm run build` before.
 */
export async function benchPage(n: number, clicks: number): Promise<PageRow> {
  const base = presets[0].scenario;
  const scenario = scaleScenario(base, n / expectedWaiting(base));
  const server = await serve('preview', 5196);
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: [...browserArgs, '--headless=new'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.addInitScript(() => {
      localStorage.setItem('halfsecond.tour', 'seen');
      const seen: number[] = [];
      Object.assign(globalThis, { clickTimes: seen });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (entry.name === 'click') seen.push(entry.duration);
      }).observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit);
    });
    await page.goto(`${server.url}/#${encodePermalink(scenario)}`);
    const tick = () => page.evaluate(() => globalThis.halfsecond?.status()?.tick ?? -1);
    const waitFor = (t: number) =>
      page.waitForFunction((at) => (globalThis.halfsecond?.status()?.tick ?? -1) >= at, t, {
        timeout: 120_000,
      });
    await waitFor(1);
    await page.evaluate(() => globalThis.halfsecond?.engine()?.setSpeed(Infinity));
    await waitFor(60);
    const before = await tick();
    // A place without a control: what is measured is the thread, not the control.
    for (let k = 0; k < clicks; k += 1) {
      await page.mouse.click(720, 8);
      await page.waitForTimeout(150);
    }
    const after = await tick();
    const [times, waiting] = await page.evaluate(() => [
      (globalThis as unknown as { clickTimes: number[] }).clickTimes,
      globalThis.halfsecond?.status()?.main.waiting ?? NaN,
    ]);
    // Whoever was answered within one frame is not reported: less than 16 ms.
    const all = [...times, ...Array.from({ length: Math.max(0, clicks - times.length) }, () => 8)];
    return {
      waiting,
      ticks: after - before,
      clicks,
      medianMs: quantile(all, 0.5),
      p95Ms: quantile(all, 0.95),
      worstMs: Math.max(...all),
    };
  } finally {
    await browser.close();
    await server.stop();
  }
}
