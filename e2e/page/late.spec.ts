import { expect, test, type Page } from '@playwright/test';
import { currentTick, skipTour, waitForTick } from '../support/lab-page.ts';

/** A market of few people, so that the machine is free for what is tested. */
const FEW = '/?backend=cpu#population.people=2000&population.online=200&population.arrivalsPerMinute=60';

/** Fails all requests for files of that name until the result is called. */
async function block(page: Page, name: RegExp): Promise<() => Promise<void>> {
  await page.context().route(name, (route) => route.abort());
  return () => page.context().unroute(name);
}

async function expectGoingOn(page: Page): Promise<void> {
  await waitForTick(page, (await currentTick(page)) + 2);
}

for (const { part, file, open, shown } of [
  {
    part: 'The training room',
    file: /TrainRoom-/,
    open: '#train',
    shown: 'Scorers that learn',
  },
  {
    part: 'The experiment room',
    file: /ExperimentRoom-/,
    open: '#experiment',
    shown: 'Which experiment tells the truth',
  },
  { part: 'The import', file: /ImportDialog-/, open: 'text=Your data', shown: 'Two CSV files' },
])
  test(`${part} that cannot be loaded says so beside the evening, and comes on another try`, async ({
    page,
  }) => {
    await skipTour(page);
    const allow = await block(page, file);
    await page.goto(FEW);
    await waitForTick(page, 2);
    await page.locator(open).first().click();
    const failed = page.getByRole('alert').filter({ hasText: `${part} could not be loaded` });
    await expect(failed).toBeVisible();
    await expectGoingOn(page);
    await failed.getByRole('button', { name: 'Close' }).click();
    await expect(failed).toBeHidden();
    await page.locator(open).first().click();
    await expect(failed).toBeVisible();
    const before = await currentTick(page);
    await allow();
    await failed.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByText(shown).first()).toBeVisible();
    expect(await currentTick(page)).toBeGreaterThanOrEqual(before);
    await expectGoingOn(page);
  });

test('a tour that cannot be loaded says so, and starts on another try', async ({ page }) => {
  const allow = await block(page, /tour-/);
  await page.goto(FEW);
  const notice = page.locator('.notice').filter({ hasText: 'The tour could not be loaded' });
  await expect(notice).toBeVisible();
  await allow();
  await notice.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('Everyone who waits').last()).toBeVisible();
  await expect(notice).toBeHidden();
});

test('without the weights of a scorer the control shows the scorer that runs', async ({ page }) => {
  await skipTour(page);
  const allow = await block(page, /models\/cupid\./);
  await page.goto(FEW);
  await waitForTick(page, 2);
  const knob = page.locator('[data-knob="policy.scorer"]');
  const runs = () => page.evaluate(() => globalThis.halfsecond?.status()?.main.policy.scorer);
  const pressed = knob.getByRole('button', { pressed: true });
  const before = await pressed.innerText();
  await knob.getByRole('button', { name: 'CUPID' }).click();
  await expect(knob.getByRole('alert')).toContainText(/cupid\.\w+ could not be loaded .*goes on with/);
  await expect(pressed).toHaveText(before);
  expect(await runs()).not.toBe('cupid');
  await allow();
  await knob.getByRole('button', { name: 'CUPID' }).click();
  await expect(knob.getByRole('alert')).toBeHidden();
  await expect.poll(runs).toBe('cupid');
  await expect(pressed).toHaveText('CUPID');
});
