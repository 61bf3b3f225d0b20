import { expect, test } from '@playwright/test';
import { complaintsOf, currentTick, waitForTick } from '../support/lab-page.ts';
import { serve } from '../support/serve.ts';

test('npm start: the market moves by itself, alone on its origin, with a quiet console', async ({ page }) => {
  const server = await serve('start', 5197);
  try {
    const complaints = complaintsOf(page, server.url);
    const started = Date.now();
    await page.goto(server.url);
    await waitForTick(page, 1);
    const seconds = (Date.now() - started) / 1000;
    const before = await currentTick(page);
    await waitForTick(page, before + 3);
    expect(complaints).toEqual([]);
    test.info().annotations.push({ type: 'first tick after', description: `${seconds.toFixed(2)} s` });
    console.log(`first ticks ${seconds.toFixed(2)} s after navigation`);
  } finally {
    await server.stop();
  }
});

test('the built page runs, and says which adapter it runs on', async ({ page, baseURL }) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await page.goto('/');
  await waitForTick(page, 2);
  const status = await page.evaluate(() => globalThis.halfsecond?.status());
  expect(status?.main.waiting).toBeGreaterThan(20);
  expect(status?.main.pairs).toBeGreaterThan(5);
  await expect(page.locator('body')).toContainText(/swiftshader/i);
  expect(complaints).toEqual([]);
});

test('without WebGPU the same page runs on the CPU and says so', async ({ page, baseURL }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined });
  });
  const complaints = complaintsOf(page, baseURL ?? '');
  await page.goto('/?backend=cpu');
  await waitForTick(page, 3);
  await expect(page.locator('body')).toContainText(/CPU/);
  expect(complaints).toEqual([]);
});
