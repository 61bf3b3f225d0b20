import type { Page } from 'playwright';
import type { EngineApi, EngineStatus } from '../../app/engine/api.ts';

/** What the page offers to the console (and to these tests): see app/main.tsx. */
declare global {
  var halfsecond:
    | {
        status(): EngineStatus | null;
        /** Of the training room, once it was opened. */
        training?(): { loseDevice(): Promise<void> } | null;
        engine(): { [K in keyof EngineApi]: (...args: Parameters<EngineApi[K]>) => Promise<unknown> } | null;
      }
    | undefined;
}

/**
 * Everything a page says against itself: console errors and warnings, uncaught errors, failed
 * requests, foreign origins.
 */
export function complaintsOf(page: Page, origin: string): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) => {
    // A page that is left while it loads aborts its requests: that is no fault of it.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(`failed: ${request.url()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol) && url.host !== new URL(origin).host)
      complaints.push(`foreign origin: ${request.url()}`);
  });
  return complaints;
}

/** Waits until the market has passed `tick`; fails after `timeout` milliseconds. */
export async function waitForTick(page: Page, tick: number, timeout = 30_000): Promise<void> {
  await page.waitForFunction((t) => (globalThis.halfsecond?.status()?.tick ?? -1) >= t, tick, { timeout });
}

export async function currentTick(page: Page): Promise<number> {
  return page.evaluate(() => globalThis.halfsecond?.status()?.tick ?? -1);
}
