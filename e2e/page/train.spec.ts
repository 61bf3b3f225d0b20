import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { complaintsOf, currentTick, waitForTick } from '../support/lab-page.ts';

/** Training on a machine with two cores beside a market and a browser takes its time. */
test.setTimeout(240_000);
const SLOW = { timeout: 120_000 };

/** Opens the room and asks for little: one short evening, a small model. */
async function openRoom(page: Page): Promise<void> {
  await page.addInitScript(() => localStorage.setItem('halfsecond.tour', 'seen'));
  await page.goto('/?backend=cpu');
  await waitForTick(page, 3, 60_000);
  await page.locator('#train').click();
  await expect(page.getByRole('heading', { name: 'Scorers that learn' })).toBeVisible();
}

async function set(page: Page, label: string, value: number): Promise<void> {
  const field = page.getByRole('textbox', { name: label, exact: true });
  await field.fill(String(value));
  await field.press('Tab');
}

async function askForLittle(page: Page): Promise<void> {
  await page.getByText('Sizes (never published: ours)').click();
  for (const [label, value] of [
    ['Embedding', 8],
    ['Projection', 4],
    ['Hidden width', 8],
    ['Slot width', 4],
    ['Batch', 8],
    ['History', 4],
  ] as const)
    await set(page, label, value);
  await page.getByText('Evenings and backend').click();
  await set(page, 'Evenings', 1);
  await set(page, 'Length', 300);
}

const stepOf = async (page: Page): Promise<number> => {
  const text = await page.locator('.task-line').innerText();
  return Number(/step (\d+) of/.exec(text)?.[1] ?? 0);
};

test('the library that learns is not loaded before the room is opened', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto('/?backend=cpu');
  await waitForTick(page, 3, 60_000);
  expect(asked.filter((path) => /train|webgpu-|webgl-/i.test(path))).toEqual([]);
});

test('trains while the market goes on; held, cancelled at once, resumed, judged, and put to use', async ({
  page,
  baseURL,
}) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await openRoom(page);
  await askForLittle(page);
  const before = await currentTick(page);
  await page.getByRole('button', { name: /^Train CUPID/ }).click();
  await expect(page.getByText(/Computes on/)).toBeVisible(SLOW);
  await expect.poll(() => stepOf(page), SLOW).toBeGreaterThan(20);

  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.locator('.task-line')).toContainText('Held');
  const held = await stepOf(page);
  await waitForTick(page, (await currentTick(page)) + 2, 60_000);
  // What was on its way when it was held has arrived by now; then nothing moves.
  const still = await stepOf(page);
  await waitForTick(page, (await currentTick(page)) + 3, 60_000);
  expect(await stepOf(page)).toBe(still);
  expect(still - held).toBeLessThan(20);
  await page.getByRole('button', { name: 'Go on', exact: true }).click();
  await expect.poll(() => stepOf(page), SLOW).toBeGreaterThan(still);

  const last = await stepOf(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  const said = page.getByText(/^Training was cancelled/);
  await expect(said).toBeVisible();
  const text = await said.innerText();
  console.log(text);
  const ended = Number(/at step (\d+)/.exec(text)?.[1]);
  expect(ended - last).toBeLessThan(20);
  // The market never stopped.
  expect(await currentTick(page)).toBeGreaterThan(before);

  await page.getByRole('button', { name: /^Go on from step/ }).click();
  await expect(page.getByText(/is trained:/)).toBeVisible(SLOW);
  await expect(page.locator('.task-line[data-idle]')).toBeVisible(SLOW);
  const row = page.getByRole('row', { name: /yours 1/ });
  await expect(row).toContainText(/0\.\d{4}/);
  const download = page.waitForEvent('download');
  await row.getByRole('button', { name: 'Save weights' }).click();
  expect((await download).suggestedFilename()).toMatch(/^cupid\.(bin|json)$/);

  await row.getByRole('button', { name: 'Use in the market' }).click();
  await expect(page.getByText(/The market scores with CUPID · yours 1/)).toBeVisible();
  await page.getByRole('button', { name: 'Back to the market' }).click();
  await page.waitForFunction(
    () => globalThis.halfsecond?.status()?.main.policy.scorer === 'cupid',
    undefined,
    { timeout: 60_000 },
  );
  await waitForTick(page, (await currentTick(page)) + 3, 60_000);
  expect(complaints).toEqual([]);
});

test('a GPU that is lost in mid-training: the training says so and goes on', async ({ page }) => {
  await openRoom(page);
  await askForLittle(page);
  // A software adapter takes a second per step: few steps.
  await set(page, 'Batch', 64);
  await set(page, 'Epochs, phase 1', 1);
  await page.getByRole('button', { name: 'Wide&Deep', exact: true }).click();
  await page.getByRole('button', { name: 'WebGPU', exact: true }).click();
  await page.getByRole('switch', { name: 'One task' }).click();
  await page.getByRole('switch', { name: 'No second phase' }).click();
  await page.getByRole('button', { name: /^Train Wide&Deep/ }).click();
  await expect(page.getByText(/Computes on WebGPU/)).toBeVisible(SLOW);
  await expect.poll(() => stepOf(page), SLOW).toBeGreaterThan(0);
  await page.evaluate(() => globalThis.halfsecond?.training?.()?.loseDevice());
  await expect(page.getByText(/GPU was lost.*Training goes on from/)).toBeVisible(SLOW);
  await expect(page.getByText(/is trained:/)).toBeVisible(SLOW);
});

for (const [name, width, height] of [
  ['wide', 1440, 900],
  ['phone', 390, 844],
] as const)
  for (const colorScheme of ['light', 'dark'] as const)
    test(`the room, ${name}, ${colorScheme}: nothing axe objects to, nothing wider than the screen`, async ({
      browser,
      baseURL,
    }) => {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme,
        reducedMotion: 'reduce',
        ...(baseURL === undefined ? {} : { baseURL }),
      });
      const page = await context.newPage();
      await openRoom(page);
      await page.evaluate(() => globalThis.halfsecond?.engine()?.pause());
      for (const tab of ['Train', 'Judge']) {
        await page.getByRole('tab', { name: tab }).click();
        const { violations } = await new AxeBuilder({ page }).include('.train').analyze();
        expect(
          violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`),
        ).toEqual([]);
        const overflow = await page.evaluate(() => {
          const panel = document.querySelector('.train-panel:not([hidden])');
          return panel === null ? 0 : panel.scrollWidth - panel.clientWidth;
        });
        expect(overflow).toBeLessThanOrEqual(0);
      }
      await context.close();
    });
