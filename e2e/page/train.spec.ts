import { expect, test, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { axeViolations, complaintsOf, currentTick, waitForTick } from '../support/lab-page.ts';

/** Training beside a market and a browser is slow on two cores. */
test.setTimeout(300_000);
const SLOW = { timeout: 120_000 };

/** A market of few people leaves the machine to the training. */
const FEW = '#population.people=2000&population.online=200&population.arrivalsPerMinute=60';

/** Opens the room. */
async function openRoom(page: Page): Promise<void> {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.addInitScript(() => localStorage.setItem('halfsecond.tour', 'seen'));
  await page.goto(`/?backend=cpu${FEW}`);
  await waitForTick(page, 2, 60_000);
  // The trainer is not loaded before the room is opened.
  expect(asked.filter((path) => /train|webgpu-|webgl-/i.test(path))).toEqual([]);
  if ((page.viewportSize()?.width ?? Infinity) < 860) {
    await page.getByRole('button', { name: 'Rooms' }).click();
    await page.getByRole('menuitem', { name: 'Train' }).click();
  } else await page.locator('#train').click();
  await expect(page.getByRole('heading', { name: 'Scorers that learn' })).toBeVisible();
}

async function set(page: Page, label: string, value: number): Promise<void> {
  const field = page.getByRole('textbox', { name: label, exact: true });
  await field.fill(String(value));
  await field.press('Tab');
}

/** One short evening, a small model. */
async function askForLittle(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Judge' }).click();
  await set(page, 'Resamples', 20);
  await page.getByRole('tab', { name: 'Train' }).click();
  await page.getByText('Sizes (never published: ours)').click();
  for (const [label, value] of [
    ['Epochs, phase 1', 1],
    ['Epochs, phase 2', 1],
    ['Embedding', 8],
    ['Projection', 4],
    ['Hidden width', 8],
    ['Slot width', 4],
    ['Batch', 4],
    ['History', 4],
  ] as const)
    await set(page, label, value);
  await page.getByText('Evenings and device').click();
  await set(page, 'Evenings', 1);
  await set(page, 'Length', 140);
}

const stepOf = async (page: Page): Promise<number> => {
  const text = await page.locator('.task-line').innerText();
  return Number(/step (\d+) of/.exec(text)?.[1] ?? 0);
};

/** Presses a button when a step is shown. It runs in the page, so that no step is missed. */
function pressAt(page: Page, name: string, step: number): Promise<void> {
  return page.evaluate(
    ([label, wanted]) =>
      new Promise<void>((done) => {
        const line = document.querySelector('.room-tabs')!;
        const look = () => {
          const text = line.querySelector('.task-line')?.textContent ?? '';
          const button = [...line.querySelectorAll('button')].find((b) => b.textContent === label);
          if (Number(/step (\d+) of/.exec(text)?.[1] ?? 0) < wanted || button === undefined) return;
          observer.disconnect();
          button.click();
          done();
        };
        const observer = new MutationObserver(look);
        observer.observe(line, { subtree: true, childList: true, characterData: true });
        look();
      }),
    [name, step] as const,
  );
}

/** Waits for some ticks of the market, in which a training that is not held would take steps. */
const someTicks = async (page: Page) => waitForTick(page, (await currentTick(page)) + 3, 60_000);

test('a training is held, cancelled and resumed after a reload to the same weights, judged and put to use', async ({
  page,
  baseURL,
}) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await openRoom(page);
  await askForLittle(page);
  const before = await currentTick(page);
  const train = page.getByRole('button', { name: /^Train CUPID/ });
  const trained = page.getByText(/CUPID is trained:/);
  const idle = page.locator('.task-line[data-idle]');

  await train.click();
  await expect(page.getByText(/Computes on/)).toBeVisible(SLOW);
  await pressAt(page, 'Pause', 20);
  await expect(page.getByText('Held', { exact: true })).toBeVisible(SLOW);
  const held = await stepOf(page);
  await someTicks(page);
  expect(await stepOf(page)).toBe(held);
  await page.getByRole('button', { name: 'Go on', exact: true }).click();

  await pressAt(page, 'Cancel', held + 1);
  const said = page.getByText(/^Training was cancelled/);
  await expect(said).toBeVisible(SLOW);
  const text = await said.innerText();
  const ended = Number(/at step (\d+)/.exec(text)?.[1]);
  expect(ended).toBeGreaterThan(held);
  const goOn = page.getByRole('button', { name: /^Go on from step/ });
  const from = Number(/step (\d+)/.exec(await goOn.innerText())?.[1]);
  expect(from).toBeGreaterThanOrEqual(20);
  expect(from).toBeLessThanOrEqual(ended);
  await someTicks(page);
  expect(await said.innerText()).toBe(text);
  // The market has not stopped.
  expect(await currentTick(page)).toBeGreaterThan(before);

  // After a reload, the training can still go on.
  await page.reload();
  await waitForTick(page, 2, 60_000);
  await page.locator('#train').click();
  await expect(page.getByText('A training of CUPID was running when this page was closed.')).toBeVisible();
  await expect(goOn).toHaveText(`Go on from step ${from} of phase 1`);
  await goOn.click();
  await expect(trained).toBeVisible(SLOW);
  await expect(idle).toBeVisible(SLOW);
  const resumed = await trained.innerText();
  const row = page.getByRole('row', { name: /yours 1/ });
  await expect(row).toContainText(/0\.\d{4}/);
  const download = page.waitForEvent('download', (d) => d.suggestedFilename() === 'cupid.json');
  await row.getByRole('button', { name: 'Save weights' }).click();
  const { curve } = JSON.parse(await readFile(await (await download).path(), 'utf8')) as {
    curve: { phase: number; step: number }[];
  };
  // It went on where it was: no point of the curve is missing or double.
  const steps = curve.flatMap((p) => (p.phase === 1 ? [p.step] : []));
  const regular = steps.slice(0, -1);
  expect(regular).toEqual(regular.map((_, k) => 20 * (k + 1)));
  expect(regular).toContain(from);

  // The same training without a pause gives the same weights.
  await askForLittle(page);
  await train.click();
  await expect(trained).toBeHidden();
  await expect(trained).toBeVisible(SLOW);
  expect(await trained.innerText()).toBe(resumed);
  await expect(idle).toBeVisible(SLOW);

  await row.getByRole('button', { name: 'Use in the market' }).click();
  await expect(page.getByText(/The market scores with CUPID · yours 1/)).toBeVisible();
  await page.getByRole('button', { name: 'Back to the market' }).click();
  await page.waitForFunction(
    () => globalThis.halfsecond?.status()?.main.policy.scorer === 'cupid',
    undefined,
    { timeout: 60_000 },
  );
  await someTicks(page);
  expect(complaints).toEqual([]);
});

test('after a lost GPU the training says so, stays held, and goes on', async ({ page }) => {
  await openRoom(page);
  await page.evaluate(() => globalThis.halfsecond?.engine()?.pause());
  await askForLittle(page);
  await page.getByRole('button', { name: 'Wide&Deep', exact: true }).click();
  await page.getByRole('button', { name: 'WebGPU', exact: true }).click();
  await page.getByRole('switch', { name: 'One task' }).click();
  await page.getByRole('switch', { name: 'No second phase' }).click();
  await page.getByRole('button', { name: /^Train Wide&Deep/ }).click();
  await expect(page.getByText(/Computes on WebGPU/)).toBeVisible(SLOW);
  await pressAt(page, 'Pause', 1);
  await expect(page.getByText('Held', { exact: true })).toBeVisible(SLOW);
  await page.evaluate(() => globalThis.halfsecond?.training?.()?.loseDevice());
  await expect(page.getByText(/GPU was lost.*Training goes on from/)).toBeVisible(SLOW);
  await page.getByRole('button', { name: 'Go on', exact: true }).click();
  // It takes steps again on a fresh device. client.test.ts checks its weights.
  await pressAt(page, 'Cancel', 1);
  await expect(page.getByText(/^Training was cancelled at step [1-9]/)).toBeVisible(SLOW);
});

test('the Judge tab times a tick and runs evenings of the market; both can be cancelled', async ({
  page,
  baseURL,
}) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await openRoom(page);
  await page.evaluate(() => globalThis.halfsecond?.engine()?.pause());
  await page.getByRole('tab', { name: 'Judge' }).click();
  const measure = page.getByRole('button', { name: 'Measure on this adapter' });
  const live = page.getByRole('button', { name: 'Run the evenings' });
  await set(page, 'Waiting', 16);
  await set(page, 'Ticks', 10);
  await set(page, 'Evenings', 2);
  await set(page, 'Length', 300);
  await expect(live).toBeEnabled();

  for (const [button, said] of [
    [measure, 'Measuring was cancelled'],
    [live, 'Running the evenings was cancelled'],
  ] as const) {
    await button.click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect(page.locator('.task-line')).toContainText(said, SLOW);
    await expect(button).toBeEnabled(SLOW);
  }

  await measure.click();
  const latency = page.getByRole('region', { name: 'Latency by part and length' });
  await expect(latency).toBeVisible(SLOW);
  await expect(page.getByText(/^16 people on CPU/)).toBeVisible();
  // Ten ticks are enough for p90, but not for p99 and p99.9.
  const rows = latency.locator('tbody tr.part:not([data-published])');
  await expect(rows).toHaveCount(12);
  for (const text of await rows.allInnerTexts()) expect(text).toMatch(/\t[\d.]+\t[\d.]+\t–\t–$/);

  await live.click();
  const effect = page.getByRole('region', { name: 'Effect in the market' });
  await expect(effect).toBeVisible(SLOW);
  await expect(effect.getByRole('row', { name: /^CUPID[^,]*$/ })).toHaveCount(3);
  await expect(effect.locator('tr[data-published]')).toHaveCount(3);
  expect(await axeViolations(page, '.train')).toEqual([]);
  expect(complaints).toEqual([]);
});

for (const [name, width, height] of [
  ['wide', 1440, 900],
  ['phone', 390, 844],
] as const)
  test(`the room, ${name}, light and dark, has no axe violations and fits the screen`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
    await openRoom(page);
    await page.evaluate(() => globalThis.halfsecond?.engine()?.pause());
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const tab of ['Train', 'Judge']) {
        await page.getByRole('tab', { name: tab }).click();
        expect(await axeViolations(page, '.train', { colours: colorScheme === 'dark' })).toEqual([]);
        const overflow = await page.evaluate(() => {
          const panel = document.querySelector('.room-panel:not([hidden])');
          return panel === null ? 0 : panel.scrollWidth - panel.clientWidth;
        });
        expect(overflow).toBeLessThanOrEqual(0);
      }
    }
  });
