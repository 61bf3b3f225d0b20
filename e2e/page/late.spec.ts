import { expect, test, type Page } from '@playwright/test';
import { currentTick, skipTour, waitForTick } from '../support/lab-page.ts';

/** A market of few people, so that the machine is free for what is tested. */
const FEW = '/?backend=cpu#population.people=2000&population.online=200&population.arrivalsPerMinute=60';

/** Fails all requests for files of that name until the result is called. */
async function block(page: Page, name: RegExp): Promise<() => Promise<void>> {
  await page.context().route(name, (route) => route.abort());
  return () => page.context().unroute(name);
}

test('a room that cannot be loaded says so beside the evening, and comes on another try', async ({
  page,
}) => {
  await skipTour(page);
  const allow = await block(page, /(TrainRoom|ExperimentRoom|ImportDialog)-/);
  await page.goto(FEW);
  await waitForTick(page, 2);
  const rooms = [
    { what: 'The training room', button: 'Train', shown: 'Scorers that learn' },
    { what: 'The experiment room', button: 'Experiment', shown: 'Which experiment tells the truth' },
    { what: 'The import', button: 'Your data', shown: 'Two CSV or Parquet files' },
  ];
  const failure = ({ what }: (typeof rooms)[number]) =>
    page.getByRole('alert').filter({ hasText: `${what} could not be loaded` });
  const open = ({ button }: (typeof rooms)[number]) =>
    page.getByRole('banner').getByRole('button', { name: button }).click();
  for (const room of rooms) {
    await open(room);
    await expect(failure(room)).toBeVisible();
    await failure(room).getByRole('button', { name: 'Close' }).click();
    await expect(failure(room)).toBeHidden();
  }
  await waitForTick(page, (await currentTick(page)) + 1);
  await open(rooms[0]);
  await expect(failure(rooms[0])).toBeVisible();
  await allow();
  await failure(rooms[0]).getByRole('button', { name: 'Try again' }).click();
  for (const room of rooms) {
    if (room !== rooms[0]) await open(room);
    await expect(page.getByText(room.shown).first()).toBeVisible();
    await page.keyboard.press('Escape');
  }
  // The evening has not started again.
  expect(await currentTick(page)).toBeGreaterThan(2);
  await waitForTick(page, (await currentTick(page)) + 1);
});

test('a tour that cannot be loaded says so, and starts on another try; its frames cut no text', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const allow = await block(page, /tour-/);
  await page.goto(FEW);
  const notice = page.locator('.notice').filter({ hasText: 'The tour could not be loaded' });
  await expect(notice).toBeVisible();
  await allow();
  await notice.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('Everyone who waits').last()).toBeVisible();
  await expect(notice).toBeHidden();
  const popover = page.locator('.driver-popover');
  for (const next of ['You decide how', 'Four questions', 'Two policies', 'You control time']) {
    await expect.poll(() => textsCutByFrame(page)).toEqual([]);
    await popover.getByRole('button', { name: 'Next' }).click();
    await expect(popover).toContainText(next);
  }
  await expect.poll(() => textsCutByFrame(page)).toEqual([]);
});

/** Texts of which the tour dims a part and shows the rest. */
const textsCutByFrame = (page: Page) =>
  page.evaluate(() => {
    const dim = document.querySelector<SVGPathElement>('.driver-overlay path')!;
    const walker = document.createTreeWalker(document.querySelector('#root')!, NodeFilter.SHOW_TEXT);
    const cut: string[] = [];
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const range = document.createRange();
      range.selectNodeContents(node);
      // Help for screen readers is in boxes of one pixel.
      if (node.parentElement!.getBoundingClientRect().width < 4) continue;
      for (const { x, y, width, height } of range.getClientRects()) {
        if (y < 0 || y + height > innerHeight) continue;
        const corners = [x + 1, x + width - 1].flatMap((px) => [y + 3, y + height - 3].map((py) => [px, py]));
        const dimmed = corners.map(([px, py]) => dim.isPointInFill({ x: px, y: py }));
        if (dimmed.includes(true) && dimmed.includes(false)) cut.push(node.textContent!);
      }
    }
    return cut;
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
