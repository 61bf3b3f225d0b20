import { expect, test, type Page } from '@playwright/test';
import { complaintsOf, currentTick, waitForTick } from '../support/lab-page.ts';

const loseDevice = (page: Page) => page.evaluate(() => globalThis.halfsecond?.engine()?.loseDevice());

/** The tick from which the notice says that the market goes on. */
async function noticedTick(page: Page): Promise<number> {
  const notice = page.getByText(/GPU was lost/i).first();
  await expect(notice).toBeVisible();
  return Number(/tick ([\d,]+)/.exec(await notice.innerText())?.[1].replaceAll(',', ''));
}

test('a device lost in mid-run: the page recovers, says so, and goes on', async ({ page, baseURL }) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await page.goto('/');
  await expect(page.locator('.chip').getByText(/swiftshader/i)).toBeVisible({ timeout: 30_000 });
  const before = await currentTick(page);
  await loseDevice(page);
  const from = await noticedTick(page);
  const after = await currentTick(page);
  expect(from).toBeGreaterThanOrEqual(before);
  expect(from).toBeLessThanOrEqual(after);
  await waitForTick(page, after + 4);
  await expect(page.locator('.chip').getByText(/swiftshader/i)).toBeVisible({ timeout: 30_000 });
  expect(complaints).toEqual([]);
});

test('a device lost while the market stands still: it goes on from the very tick', async ({
  page,
  baseURL,
}) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await page.goto('/');
  await expect(page.locator('.chip').getByText(/swiftshader/i)).toBeVisible({ timeout: 30_000 });
  await page.evaluate(() => globalThis.halfsecond?.engine()?.pause());
  const engine = () =>
    page.evaluate(
      () => globalThis.halfsecond?.engine()?.digest() as Promise<{ tick: number; digest: string }>,
    );
  // A tick that was under way when the market was stopped ends first.
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
