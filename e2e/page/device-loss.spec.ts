import { expect, test, type Page } from '@playwright/test';
import { complaintsOf, currentTick, waitForTick } from '../support/lab-page.ts';
import { launchOptions } from '../support/browser.ts';

test.use({ launchOptions: launchOptions() });

const loseDevice = (page: Page) => page.evaluate(() => globalThis.halfsecond?.engine()?.loseDevice());

/** The tick at which the market goes on, according to the notice. */
async function noticedTick(page: Page): Promise<number> {
  const notice = page.getByText(/GPU was lost/i).first();
  await expect(notice).toBeVisible();
  return Number(/tick ([\d,]+)/.exec(await notice.innerText())?.[1].replaceAll(',', ''));
}

test('a device that is lost while ticks run: the page opens another, says so, and goes on', async ({
  page,
  baseURL,
}) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await page.goto('/?backend=gpu');
  // The second tick is the first one after the page pressed play.
  await waitForTick(page, 2);
  const before = await currentTick(page);
  await loseDevice(page);
  const from = await noticedTick(page);
  const after = await currentTick(page);
  expect(from).toBeGreaterThanOrEqual(before);
  expect(from).toBeLessThanOrEqual(after);
  await waitForTick(page, after + 4);
  // The second tick is the first one after the page pressed play.
  await waitForTick(page, 2);
  expect(complaints).toEqual([]);
});

test('a device that is lost while the market is paused: it goes on from the same tick', async ({
  page,
  baseURL,
}) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await page.goto('/?backend=gpu');
  // The second tick is the first one after the page pressed play.
  await waitForTick(page, 2);
  await page.evaluate(() => globalThis.halfsecond?.engine()?.pause());
  const engine = () =>
    page.evaluate(
      () => globalThis.halfsecond?.engine()?.digest() as Promise<{ tick: number; digest: string }>,
    );
  // A tick that had begun before the pause ends first.
  await page.evaluate(() =>
    globalThis.halfsecond
      ?.engine()
      ?.captureTick()
      .then(() => undefined),
  );
  const before = await engine();
  await loseDevice(page);
  expect(await noticedTick(page)).toBe(before.tick);
  expect(await engine()).toEqual(before);
  await page.evaluate(() => globalThis.halfsecond?.engine()?.step());
  expect((await engine()).tick).toBe(before.tick + 1);
  expect(complaints).toEqual([]);
});
