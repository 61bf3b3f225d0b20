import { expect, test, type Page } from '@playwright/test';
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preview } from 'vite';
import { currentTick, skipTour, waitForTick } from '../support/lab-page.ts';

test.use({ serviceWorkers: 'allow' });

const PORT = 5193;
/** A market of few people, so that the machine is free for what is tested. */
const FEW = 'seed=11&population.people=2000&population.online=200&population.arrivalsPerMinute=60';
const address = `http://localhost:${PORT}/?backend=cpu#${FEW}`;
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Serves a copy of the built page, which the test can replace. */
async function deploy() {
  const folder = await mkdtemp(join(tmpdir(), 'halfsecond-'));
  await cp('dist', folder, { recursive: true });
  const server = await preview({
    ...{ configFile: false, logLevel: 'silent', build: { outDir: folder } },
    preview: { port: PORT, strictPort: true, headers },
  });
  return {
    folder,
    async stop() {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Renames all scripts, as a build of other sources would. */
async function redeploy(folder: string): Promise<void> {
  const assets = await readdir(join(folder, 'assets'));
  const scripts = assets.filter((name) => name.endsWith('.js'));
  const next = (name: string) => name.replace(/\.js$/, '2.js');
  const renamed = (text: string) => scripts.reduce((t, name) => t.replaceAll(name, next(name)), text);
  for (const path of ['sw.js', 'index.html', ...scripts.map((name) => join('assets', name))]) {
    const text = await readFile(join(folder, path), 'utf8');
    // The revision tells a browser that a file without a hash in its name has changed.
    await writeFile(join(folder, path), renamed(text).replace(/("index\.html",revision:")\w+/, '$1new'));
  }
  for (const name of scripts) await rename(join(folder, 'assets', name), join(folder, 'assets', next(name)));
}

async function visit(page: Page): Promise<void> {
  await skipTour(page);
  await page.goto(address);
  await waitForTick(page, 1);
  // The first visit is kept as soon as the service worker has all files.
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

async function openTraining(page: Page): Promise<void> {
  await page.locator('#train').click();
  await expect(page.getByRole('heading', { name: 'Scorers that learn' })).toBeVisible();
}

test('after the first visit the page works without a connection', async ({ page, context }) => {
  const site = await deploy();
  try {
    await visit(page);
  } finally {
    await site.stop();
  }
  await context.setOffline(true);
  await page.reload();
  await waitForTick(page, 2);
  const start = await page.evaluate(() => [location.search, location.hash]);
  expect(start[0]).toBe('?backend=cpu');
  expect(start[1]).toContain('population.online=200');
  // Weights that were never asked for, and a room that was never opened.
  await page.locator('[data-knob="policy.scorer"]').getByRole('button', { name: 'CUPID' }).click();
  await expect
    .poll(() => page.evaluate(() => globalThis.halfsecond?.status()?.main.policy.scorer))
    .toBe('cupid');
  await openTraining(page);
});

test('a new version waits: the evening goes on with its own files until the person agrees', async ({
  page,
  context,
}) => {
  const site = await deploy();
  try {
    await visit(page);
    await redeploy(site.folder);
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    const notice = page.locator('.notice').filter({ hasText: 'Halfsecond has a new version' });
    await expect(notice).toBeVisible();
    const before = await currentTick(page);
    // The server no longer has the file of this room.
    await openTraining(page);
    await waitForTick(page, before + 2);
    await page.getByRole('button', { name: 'Back to the market' }).click();

    const asked: string[] = [];
    context.on('request', (request) => asked.push(request.url()));
    await Promise.all([page.waitForEvent('load'), notice.getByRole('button', { name: 'Use it' }).click()]);
    await waitForTick(page, 1);
    expect(await page.evaluate(() => location.hash)).toContain('seed=11');
    await expect(notice).toBeHidden();
    await openTraining(page);
    expect(asked.filter((url) => /TrainRoom-.*2\.js$/.test(url))).toHaveLength(1);
  } finally {
    await site.stop();
  }
});
