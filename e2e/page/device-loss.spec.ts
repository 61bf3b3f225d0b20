import { expect, test } from '@playwright/test';
import { complaintsOf, currentTick, waitForTick } from '../support/lab-page.ts';

test('a device lost in mid-run: the page recovers, says so, and goes on from the same tick', async ({
  page,
  baseURL,
}) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await page.goto('/');
  await waitForTick(page, 3);
  const before = await currentTick(page);
  await page.evaluate(() => globalThis.halfsecond?.engine()?.loseDevice());
  await waitForTick(page, before + 4);
  await expect(page.locator('body')).toContainText(/GPU was lost/i);
  const notice = await page
    .getByText(/GPU was lost/i)
    .first()
    .innerText();
  const from = Number(/tick ([\d,]+)/.exec(notice)?.[1].replaceAll(',', ''));
  expect(from).toBeGreaterThanOrEqual(before);
  expect(from).toBeLessThanOrEqual(before + 2);
  expect(complaints).toEqual([]);
});
