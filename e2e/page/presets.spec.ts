import { expect, test } from '@playwright/test';
import { complaintsOf } from '../support/lab-page.ts';
import { gotoPreset, rushTo } from '../support/open-preset.ts';

test('the reversal preset: longer in the countries, shorter overall, and it says where that comes from', async ({
  page,
  baseURL,
}) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await gotoPreset(page, 'simpson-reversal', '?backend=cpu');
  await rushTo(page, 420, 500_000);
  const slices = page.getByRole('region', { name: /who gains, who loses/i }).first();
  await expect(slices).toContainText(/longer (in every country|for .*)/i);
  await expect(slices).toContainText(/shorter overall/i);
  await expect(slices).toContainText(/at any look.* come from the mix/i);
  await expect(slices).toContainText(/after 30 s of warm-up/i);
  expect(complaints).toEqual([]);
});

test('the outage drill: the pool passes ten times its size, alarms say why, a lower threshold lets it drain', async ({
  page,
  baseURL,
}) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await gotoPreset(page, 'outage-drill', '?backend=cpu');
  await rushTo(page, 125);
  // Before the threshold goes up, at 60 s: the time line remembers.
  const normal = await page.evaluate(() => {
    const line = globalThis.halfsecond?.status()?.timeline;
    const before = Array.from(line?.waiting ?? []).filter((_, i) => i * (line?.everyTicks ?? 1) < 115);
    return before.sort((a, b) => a - b)[before.length >> 1] ?? 0;
  });
  expect(normal).toBeGreaterThan(3);
  await page.waitForFunction((n) => (globalThis.halfsecond?.status()?.main.waiting ?? 0) > 10 * n, normal, {
    timeout: 200_000,
  });
  const alarm = page.getByRole('alert').first();
  await expect(alarm).toContainText(/threshold|wait/i);
  await page
    .getByRole('button', { name: /lower the threshold/i })
    .first()
    .click();
  await page.waitForFunction(
    (n) => (globalThis.halfsecond?.status()?.main.waiting ?? Infinity) < 5 * n,
    normal,
    {
      timeout: 200_000,
    },
  );
  expect(complaints).toEqual([]);
});
