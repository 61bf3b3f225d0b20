import { expect, test, type Frame, type Page } from '@playwright/test';
import { complaintsOf, waitForTick } from '../support/lab-page.ts';

const FEW = 'population.people=2000&population.online=200&population.arrivalsPerMinute=60';

/** An article with one instrument far below its first screen. */
const article = (query: string) => `<!doctype html><title>Article</title>
  <p style="height: 3000px">Text</p>
  <iframe src="/?backend=cpu&${query}#${FEW}" width="480" height="360" style="border: 0"></iframe>`;

const tickOf = (frame: Frame) => frame.evaluate(() => globalThis.halfsecond?.status()?.tick ?? -1);
const runs = (frame: Frame) => frame.evaluate(() => globalThis.halfsecond?.status()?.running ?? null);

/** What a page or a worker counts. */
declare global {
  var framesAsked: number | undefined;
}

/** A frame of a page, or a worker. */
interface Place {
  evaluate<T>(code: () => T): Promise<T>;
}

/** Starts counting the animation frames of a place. */
const countFrames = (place: Place) =>
  place.evaluate(() => {
    globalThis.framesAsked = 0;
    const request = requestAnimationFrame;
    globalThis.requestAnimationFrame = (callback) => {
      globalThis.framesAsked = (globalThis.framesAsked ?? 0) + 1;
      return request(callback);
    };
  });

const framesOf = (place: Place) => place.evaluate(() => globalThis.framesAsked ?? 0);

/** Processor seconds that all pages and their workers have taken so far. */
async function processorSeconds(page: Page): Promise<number> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter((p) => p.type === 'renderer').reduce((sum, p) => sum + p.cpuTime, 0);
}

test('an embedded instrument starts when it is seen, and does nothing off the screen', async ({
  page,
  baseURL,
}) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await page.route('**/article', (route) =>
    route.fulfill({ contentType: 'text/html', body: article('embed=sky') }),
  );
  await page.goto('/article');
  const frame = page.frames()[1];
  await frame.waitForSelector('.embed');
  expect(page.workers()).toHaveLength(0);

  const show = (top: number) => page.evaluate((y) => window.scrollTo(0, y), top);
  await show(3000);
  await expect.poll(() => tickOf(frame)).toBeGreaterThan(3);
  expect(page.workers().length).toBeGreaterThan(1);
  await expect(frame.locator('.driver-popover')).toHaveCount(0);

  await show(0);
  await expect.poll(() => runs(frame)).toBe(false);
  const all: Place[] = [frame, ...page.workers()];
  await Promise.all(all.map(countFrames));
  const engineTick = () =>
    frame.evaluate(() => globalThis.halfsecond?.engine()?.digest() as Promise<{ tick: number }>);
  const { tick } = await engineTick();
  const before = await processorSeconds(page);
  await page.waitForTimeout(1500);
  const used = (await processorSeconds(page)) - before;
  expect(await Promise.all(all.map(framesOf))).toEqual(all.map(() => 0));
  expect((await engineTick()).tick).toBe(tick);
  expect(used).toBeLessThan(0.05);

  await show(3000);
  await expect.poll(() => tickOf(frame)).toBeGreaterThan(tick + 1);
  expect(await Promise.all(all.map(framesOf)).then((n) => Math.max(...n))).toBeGreaterThan(0);
  expect(complaints).toEqual([]);
});

test('a link that embeds what there is not says what there is', async ({ page }) => {
  await page.goto('/?embed=heat');
  await expect(page.getByRole('alert')).toContainText(
    'There is no instrument "heat" to embed; there are sky, demand, latency, slices, quality.',
  );
});

test('on a stage, the arrow keys step through scenes; a reload comes back to the same one', async ({
  page,
  baseURL,
}) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await page.goto('/?backend=cpu&stage=half-second');
  await waitForTick(page, 2);
  const sentence = page.locator('.show-sentence');
  const first = await sentence.innerText();
  await page.keyboard.press('ArrowRight');
  await expect(sentence).not.toHaveText(first);
  const second = await sentence.innerText();
  await expect(page.locator('.chart-layers text').first()).toBeVisible();
  await expect(page.locator('.topbar, .transport, .rail, .driver-popover')).toHaveCount(0);
  await page.reload();
  await expect(sentence).toHaveText(second);
  expect(complaints).toEqual([]);
});

test('the print sheet is white and has the instruments, the knobs and their origin, also from a dark page', async ({
  page,
}) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.addInitScript(() => {
    localStorage.setItem('halfsecond.tour', 'seen');
    window.print = () => document.body.setAttribute('data-printed', '');
  });
  await page.goto(`/?backend=cpu#${FEW}&vs.scorer=random`);
  await waitForTick(page, 4);
  await page.keyboard.press('Control+p');
  await expect(page.locator('[data-printed] .sheet')).toHaveCount(1);
  await page.emulateMedia({ media: 'print' });
  const sheet = page.locator('.sheet');
  await expect(sheet).toBeVisible();
  await expect(page.locator('.topbar, .desk, .transport').first()).toBeHidden();
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe(
    'rgb(255, 255, 255)',
  );
  const widths = sheet
    .locator('img')
    .evaluateAll((all) => all.map((i) => (i as HTMLImageElement).naturalWidth));
  expect((await widths).map((width) => width > 300)).toEqual([true, true, true, true]);
  const knobs = await sheet.locator('.sheet-knobs [data-changed]').allInnerTexts();
  expect(knobs.map((text) => text.replaceAll(/\s+/g, ' '))).toEqual(
    expect.arrayContaining(['People 2,000 people', 'Scorer A Towers, B Random']),
  );
  await expect(sheet.locator('.sheet-origin')).toContainText(
    /Digest [0-9a-f]{16} after \d+ ticks on the CPU/,
  );
  await expect(sheet.locator('.sheet-origin')).toContainText(/vs\.scorer=random.*run\.tick=\d+[^]*@misc/);
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
  expect(pdf.match(/\/Type \/Page\b(?!s)/g)).toHaveLength(2);
});
