import { expect, test, type Page } from '@playwright/test';
import { axeViolations, complaintsOf, skipTour, waitForTick } from '../support/lab-page.ts';

/** Opens a paused evening and finds somebody in its sky: x and y in it, and their id. */
async function somebody(page: Page): Promise<{ x: number; y: number; id: number }> {
  await skipTour(page);
  await page.goto('/?backend=cpu#seed=50013&population.size=0.3&policy.scorer=oracle');
  await waitForTick(page, 8);
  await page.keyboard.press('Space');
  await page.waitForFunction(() => globalThis.halfsecond?.status()?.running === false);
  // The dots come to rest.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  return page.evaluate(async () => {
    const { width, height } = document.querySelector('.sky')!.getBoundingClientRect();
    const engine = globalThis.halfsecond!.engine()!;
    for (let ring = 0; ring < 40; ring++)
      for (let turn = 0; turn < 12; turn++) {
        const far = (ring / 40) * 0.5 * Math.min(width, height);
        const [x, y] = [width / 2 + far * Math.cos(turn), height / 2 + far * Math.sin(turn)];
        const found = (await engine.pick('main', x, y)) as { id: number } | null;
        if (found !== null) return { x, y, id: found.id };
      }
    throw new Error('nobody was found in the sky');
  });
}

const panel = (page: Page) => page.getByRole('complementary', { name: /^Person/ });

test('a click pins a person: why this pair, its numbers and its code; then the next tick', async ({
  page,
  baseURL,
}) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  const { x, y, id } = await somebody(page);
  await page.locator('.sky').click({ position: { x, y } });
  await expect(panel(page)).toContainText(/Tick \d+: (paired with person|not paired)/);
  await expect(page.getByRole('heading', { name: `Person ${id.toLocaleString('en')}` })).toBeVisible();
  await expect(panel(page)).toContainText('others waited');
  await page.getByRole('button', { name: 'See the code' }).click();
  await expect(panel(page)).toContainText('weight = ');
  await expect(panel(page).locator('pre').last()).toContainText('weight', { timeout: 30_000 });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axeViolations(page, '.pinned', { colours: colorScheme === 'dark' })).toEqual([]);
  }
  // The panel keeps the last tick in which the person waited.
  const before = (await panel(page).innerText()).match(/Tick (\d+)/)?.[1];
  await page.evaluate(() => globalThis.halfsecond?.engine()?.runTo(60));
  await waitForTick(page, 60);
  await expect(panel(page)).toContainText(/Since then they do not wait|They have left since|Tick 60/);
  expect(Number(before)).toBeLessThanOrEqual(60);
  await page.keyboard.press('Escape');
  await expect(page.locator('.pinned')).toHaveCount(0);
  expect(complaints).toEqual([]);
});

test('by keyboard, and on a phone without anything wider than the screen', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const { x, y } = await somebody(page);
  const sky = page.locator('.sky');
  await sky.focus();
  const box = (await sky.boundingBox())!;
  const steps = (far: number) => Math.round(Math.abs(far) / 8);
  // The cursor begins in the middle and moves 8 pixels at a time.
  for (let k = 0; k < Math.max(1, steps(x - box.width / 2)); k++)
    await page.keyboard.press(x < box.width / 2 ? 'ArrowLeft' : 'ArrowRight');
  for (let k = 0; k < steps(y - box.height / 2); k++)
    await page.keyboard.press(y < box.height / 2 ? 'ArrowUp' : 'ArrowDown');
  await page.keyboard.press('Enter');
  await expect(panel(page)).toContainText('others waited');
  await expect(panel(page)).toBeFocused();
  await expect(panel(page)).toBeInViewport({ ratio: 0.99 });
  const wide = await page.evaluate(() => {
    const scroll = document.querySelector('.pinned-scroll')!;
    return Math.max(
      document.documentElement.scrollWidth - innerWidth,
      scroll.scrollWidth - scroll.clientWidth,
    );
  });
  expect(wide).toBeLessThanOrEqual(1);
  await page.keyboard.press('Escape');
  await expect(sky).toBeFocused();
});
