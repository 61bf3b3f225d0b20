import { expect, test, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { axeViolations, complaintsOf, currentTick, skipTour, waitForTick } from '../support/lab-page.ts';

/** Evenings beside a market and a browser are slow on two cores. */
test.setTimeout(300_000);
const SLOW = { timeout: 120_000 };

/** A market of few people, and an experiment of few short evenings. */
const MARKET =
  'population.people=2000&population.online=200&population.arrivalsPerMinute=60&policy.scorer=oracle';
const TINY =
  'x.designs=users,switchback&x.b.scorer=oracle&x.b.bonus=50&x.online=100&x.ticks=60&x.warm_up=5&x.window=5';

async function openRoom(page: Page, experiment: string): Promise<void> {
  await skipTour(page);
  await page.goto(`/?backend=cpu#${MARKET}&${experiment}`);
  await expect(page.getByRole('dialog', { name: 'Experiment' })).toBeVisible(SLOW);
}

const marks = (page: Page) => page.locator('.room-panel:not([hidden]) .chart-plot').first();

test('evenings come in beside the truth, with figures, a sentence, files and a link; another run is cancelled', async ({
  page,
  baseURL,
}) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await skipTour(page);
  await page.goto(`/?backend=cpu#${MARKET}`);
  await waitForTick(page, 2, 60_000);
  // The market's code is not loaded a second time before the room is opened.
  expect(asked.filter((path) => /experiment/i.test(path))).toEqual([]);
  await page.locator('#experiment').click();
  await expect(page.getByText('Which experiment tells the truth')).toBeVisible(SLOW);

  await page.goto(`/?backend=cpu#${MARKET}&${TINY}&x.evenings=2`);
  await expect(page.getByRole('button', { name: 'Run 2 evenings' })).toBeVisible(SLOW);
  const before = await currentTick(page);
  await page.getByRole('button', { name: 'Run 2 evenings' }).click();
  await expect(page.locator('.task-line')).toContainText(/^2 evenings in/, SLOW);
  // Two dots for the truth and for each design, and a mean for each.
  await expect(marks(page)).toHaveAttribute('aria-label', /9 marks/);
  await expect(page.locator('.experiment-verdict')).toContainText(/^The truth/);
  const figures = page.getByRole('list', { name: 'Figures by design' });
  await expect(figures.getByRole('listitem').filter({ hasText: 'By person' })).toContainText(/Bias[+−\d]/);
  await waitForTick(page, before + 2, 60_000);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save JSON' }).click();
  const report = JSON.parse(await readFile(await (await download).path(), 'utf8')) as {
    evenings: number;
    rows: { design: string }[];
  };
  expect(report.evenings).toBe(2);
  expect(new Set(report.rows.map((row) => row.design))).toEqual(new Set(['paired', 'users', 'switchback']));
  await page.getByText('The same figures in a terminal').click();
  await expect(page.getByRole('region', { name: 'Command' })).toContainText(
    'experiment run experiment.json --design users,switchback --evenings 2',
  );

  // Evenings run in workers: the page answers until they are cancelled.
  await page.getByRole('textbox', { name: 'Evenings', exact: true }).fill('500');
  await page.getByRole('button', { name: 'Run 500 evenings' }).click();
  await expect(page.locator('.task-left')).toContainText(/^[1-9]\d* of 500 are in/, SLOW);
  expect(asked.filter((path) => path.includes('experiment-worker'))).not.toEqual([]);
  await page.getByRole('button', { name: 'Wait', exact: true }).click();
  await expect(page.locator('.room-panel:not([hidden]) .chart-caption')).toContainText('the mean wait');
  await expect.poll(() => page.url()).toContain('x.metric=wait');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('.task-line')).toContainText(/^Cancelled after \d+ of 500 evenings\.$/, SLOW);
  await page.getByRole('button', { name: 'Back to the market' }).click();
  await expect.poll(() => page.url()).not.toContain('x.metric');
  expect(complaints).toEqual([]);
});

test('windows, a sweep and the Aha moment run too', async ({ page, baseURL }) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await openRoom(page, `${TINY}&x.evenings=2&x.tab=windows&x.windows=3,6&x.burn_ins=0,0.5`);
  await page.getByRole('button', { name: /^Run 2 evenings of each window/ }).click();
  await expect(page.locator('.task-line')).toContainText(/^2 evenings in/, SLOW);
  // Bias and standard deviation, at two burn-ins of two windows.
  await expect(marks(page)).toHaveAttribute('aria-label', /8 marks/);
  await page.getByRole('tab', { name: 'Sweep' }).click();
  await page.getByLabel('Values, ms').fill('500, 1000');
  await page.getByRole('button', { name: /^Run 2 evenings of each setting/ }).click();
  await expect(page.locator('.task-line')).toContainText(/^8 evenings in/, SLOW);
  await expect(marks(page)).toHaveAttribute('aria-label', /4 marks/);
  await page.getByRole('tab', { name: 'Aha' }).click();
  await page.getByRole('textbox', { name: 'Length', exact: true }).fill('400');
  await page.getByRole('button', { name: 'Find the Aha moment' }).click();
  await expect(page.locator('.task-line')).toContainText(/^1 evening in/, SLOW);
  await expect(page.locator('.experiment-verdict').last()).toContainText(/visits end with a return/);
  expect(complaints).toEqual([]);
});

for (const [name, width, height] of [
  ['wide', 1440, 900],
  ['phone', 390, 844],
] as const)
  test(`the room, ${name}, light and dark, has no axe violations and fits the screen`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
    await openRoom(page, `${TINY}&x.evenings=2`);
    await page.evaluate(() => globalThis.halfsecond?.engine()?.pause());
    await page.getByRole('button', { name: 'Run 2 evenings' }).click();
    await expect(page.locator('.task-line')).toContainText(/^2 evenings in/, SLOW);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const tab of await page.getByRole('tab').all()) {
        await tab.click();
        expect(await axeViolations(page, '.room', { colours: colorScheme === 'dark' })).toEqual([]);
        const overflow = await page.evaluate(() => {
          const panel = document.querySelector('.room-panel:not([hidden])');
          return panel === null ? 0 : panel.scrollWidth - panel.clientWidth;
        });
        expect(overflow).toBeLessThanOrEqual(0);
      }
    }
  });
