/**
 * `npm run screenshots [FOLDER [HASH]]`: pictures of the built page after 120 ticks, of the
 * experiment room after its first example, of a lesson and of the formula editor, wide and phone,
 * light and dark. The README shows some.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { launchBrowser } from './support/browser.ts';
import { complaintsOf, waitForTick } from './support/lab-page.ts';
import { serve } from './support/serve.ts';

/** Opens the experiment room and runs the evenings of its first example. */
async function runExample(page: Page): Promise<void> {
  const rooms = page.getByRole('button', { name: 'Rooms' });
  if (await rooms.isVisible()) await rooms.click();
  await page.getByText('Experiment', { exact: true }).first().click();
  await page.getByRole('button', { name: /^A bonus for everyone/ }).click({ timeout: 120_000 });
  await page.getByText(/^\d+ evenings in/).waitFor({ timeout: 1_200_000 });
  // The page's own picture stays as it is; nothing in the room is pointed at.
  await page.mouse.move(0, 0);
  await page.waitForTimeout(1000);
}

const folder = process.argv[2] ?? 'test-results/screenshots';
const hash = process.argv[3] ?? '';
mkdirSync(folder, { recursive: true });
const server = await serve('preview', 5196);
const browser = await launchBrowser();
try {
  for (const [device, width, height] of [
    ['wide', 1440, 900],
    ['phone', 390, 844],
  ] as const) {
    for (const colorScheme of ['dark', 'light'] as const) {
      const context = await browser.newContext({
        serviceWorkers: 'block',
        viewport: { width, height },
        colorScheme,
        deviceScaleFactor: device === 'phone' ? 2 : 1,
      });
      const page = await context.newPage();
      const complaints = complaintsOf(page, server.url);
      // Pictures without the tour of a first visit.
      await page.addInitScript(() => localStorage.setItem('halfsecond.tour', 'seen'));
      await page.goto(`${server.url}/${hash}`);
      await waitForTick(page, 120, 600_000);
      // Labels and marks of one moment.
      await page.getByRole('button', { name: /^Pause/ }).click();
      await page.waitForTimeout(1000);
      await page.screenshot({ path: join(folder, `${device}-${colorScheme}.png`) });
      await runExample(page);
      await page.screenshot({ path: join(folder, `experiment-${device}-${colorScheme}.png`) });
      await page.goto(`${server.url}/?lesson=3`);
      await waitForTick(page, 120, 600_000);
      await page.keyboard.press(' ');
      await page.waitForTimeout(1000);
      await page.screenshot({ path: join(folder, `lesson-${device}-${colorScheme}.png`) });
      if (device === 'wide') {
        await page.goto(`${server.url}/${hash}`);
        await waitForTick(page, 120, 600_000);
        await page.getByRole('button', { name: 'Own formula' }).click();
        await page.getByText('Exposure fairness', { exact: true }).click({ timeout: 120_000 });
        await page.mouse.move(0, 0);
        await page.waitForTimeout(2000);
        await page.screenshot({ path: join(folder, `formula-${device}-${colorScheme}.png`) });
      }
      console.log(`${device}-${colorScheme}`, complaints.length === 0 ? '' : complaints);
      await context.close();
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
