/**
 * `npm run screenshots [FOLDER [HASH]]`: pictures of the built page, wide and phone, light and
 * dark, after 40 ticks. The README shows two of them.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { browserArgs, findBrowser } from './support/browser.ts';
import { complaintsOf, waitForTick } from './support/lab-page.ts';
import { serve } from './support/serve.ts';

const folder = process.argv[2] ?? 'test-results/screenshots';
const hash = process.argv[3] ?? '';
mkdirSync(folder, { recursive: true });
const server = await serve('preview', 5196);
const browser = await chromium.launch({
  executablePath: findBrowser(),
  args: [...browserArgs, '--headless=new'],
});
try {
  for (const [device, width, height] of [
    ['wide', 1440, 900],
    ['phone', 390, 844],
  ] as const) {
    for (const colorScheme of ['dark', 'light'] as const) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme,
        deviceScaleFactor: device === 'phone' ? 2 : 1,
      });
      const page = await context.newPage();
      const complaints = complaintsOf(page, server.url);
      // Pictures without the tour of a first visit.
      await page.addInitScript(() => localStorage.setItem('halfsecond.tour', 'seen'));
      await page.goto(`${server.url}/${hash}`);
      await waitForTick(page, 40, 600_000);
      await page.screenshot({ path: join(folder, `${device}-${colorScheme}.png`) });
      console.log(`${device}-${colorScheme}.png`, complaints.length === 0 ? '' : complaints);
      await context.close();
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
