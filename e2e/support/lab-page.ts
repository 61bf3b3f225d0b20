import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright';
import type { EngineApi, EngineStatus } from '../../app/engine/api.ts';

/** What the page offers to the console (and to these tests): see app/page.tsx. */
declare global {
  var halfsecond:
    | {
        status(): EngineStatus | null;
        /** The training room's client, once the room was opened. */
        training?(): { loseDevice(): Promise<void> } | null;
        engine(): { [K in keyof EngineApi]: (...args: Parameters<EngineApi[K]>) => Promise<unknown> } | null;
      }
    | undefined;
}

/** Console errors and warnings, uncaught errors, failed requests, and requests to other origins. */
export function complaintsOf(page: Page, origin: string): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    // The tests block the service worker, see playwright.config.ts.
    if (message.text().includes('registration blocked by Playwright')) return;
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) => {
    // Leaving a page while it loads aborts its requests.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(`failed: ${request.url()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol) && url.host !== new URL(origin).host)
      complaints.push(`foreign origin: ${request.url()}`);
  });
  return complaints;
}

/** The tour opens on a first visit and covers the buttons. Call it before the page is opened. */
export function skipTour(page: Page): Promise<unknown> {
  return page.addInitScript(() => localStorage.setItem('halfsecond.tour', 'seen'));
}

/** Waits until the market has reached `tick`. */
export async function waitForTick(page: Page, tick: number, timeout = 120_000): Promise<void> {
  await page.waitForFunction((t) => (globalThis.halfsecond?.status()?.tick ?? -1) >= t, tick, { timeout });
}

export async function currentTick(page: Page): Promise<number> {
  return page.evaluate(() => globalThis.halfsecond?.status()?.tick ?? -1);
}

/** Rules of axe whose result depends on the colour scheme. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * What axe objects to in a part of the page, one line for each rule.
 * @param colours checks contrast alone: all else was checked in another colour scheme.
 */
export async function axeViolations(page: Page, part = 'html', { colours = false } = {}): Promise<string[]> {
  // Without frames of other origins, axe needs no page of its own for the result.
  const axe = new AxeBuilder({ page })
    .setLegacyMode()
    .include(part)
    .options({ resultTypes: ['violations'] });
  const { violations } = await (colours ? axe.withRules(COLOURS) : axe).analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`,
  );
}
