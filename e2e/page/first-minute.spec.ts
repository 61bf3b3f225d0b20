import { expect, test, type Page } from '@playwright/test';
import { kilobytes, visit } from '../bench/page/load.ts';
import { complaintsOf, currentTick, skipTour, waitForTick } from '../support/lab-page.ts';
import { serve } from '../support/serve.ts';
import { launchOptions } from '../support/browser.ts';

test.use({ launchOptions: launchOptions() });

/** JavaScript and WebAssembly until the first tick, kB packed by brotli: 260 are loaded. */
const LIMIT_KB = 266;

/** What the engine chip says when it is opened. */
async function explanation(page: Page): Promise<string> {
  await page.locator('.chip').click();
  return page.locator('.popover.engine').innerText();
}

test('npm start: ticks run without any input, all requests stay on the origin, the console stays quiet', async ({
  page,
}) => {
  const server = await serve('start', 5197);
  try {
    const complaints = complaintsOf(page, server.url);
    await page.goto(server.url);
    await waitForTick(page, 1);
    await waitForTick(page, (await currentTick(page)) + 3);
    expect(complaints).toEqual([]);
  } finally {
    await server.stop();
  }
});

test('on a software adapter the page computes on the CPU, and says why', async ({ page, baseURL }) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await skipTour(page);
  await page.goto('/');
  await waitForTick(page, 2);
  const status = await page.evaluate(() => globalThis.halfsecond?.status());
  expect(status?.runsOn.backend).toBe('cpu');
  expect(status?.main.waiting).toBeGreaterThan(20);
  expect(status?.main.pairs).toBeGreaterThan(5);
  expect(await explanation(page)).toMatch(/the GPU adapter here is software \(google swiftshader\)/);
  expect(complaints).toEqual([]);
});

test('asked for the GPU, the page computes on the software adapter', async ({ page, baseURL }) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await skipTour(page);
  await page.goto('/?backend=gpu');
  await waitForTick(page, 2);
  expect(await page.evaluate(() => globalThis.halfsecond?.status()?.runsOn.backend)).toBe('gpu');
  expect(await explanation(page)).toMatch(/swiftshader.*software adapter: correct, but slow/is);
  expect(complaints).toEqual([]);
});

test('before the first tick the page loads only what the first tick and the first pictures need', async () => {
  const { files } = await visit('dist');
  expect(files.filter((file) => /(page|library|entry)-[^/]*\.js$/.test(file))).not.toEqual([]);
  expect(kilobytes('dist', files, /\.(js|wasm)$/)).toBeLessThan(LIMIT_KB);
  const later = /popups|Opened|Popover|Dialog|tips|offline|painters|picture|formula|moments|gpu-/;
  expect(files.filter((file) => later.test(file))).toEqual([]);
});
