import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { complaintsOf, skipTour } from '../support/lab-page.ts';
import { gotoPreset, rushTo } from '../support/open-preset.ts';

/** Tabs of the feed, by the question of their instrument, and what each shows. */
const tabs = [
  ['Who waits for whom?', 'feed', /tenth after each stage/],
  ['How long does a tick take?', 'feed', /feed request by stage/],
  ['Who gains, who loses?', 'money', /Money of the platform/],
  ['Does the scorer know?', 'skips', /by the true intent/],
] as const;

const tabOf = (page: Page, question: string, name: string) =>
  page.getByRole('tablist', { name: `Views of "${question}"` }).getByRole('tab', { name, exact: true });

async function pause(page: Page): Promise<void> {
  await page.keyboard.press('Space');
  await page.waitForFunction(() => globalThis.halfsecond?.status()?.running === false);
}

/** Clicks somebody who waits. */
async function pinSomebody(page: Page): Promise<void> {
  const sky = page.locator('.sky').first();
  await sky.scrollIntoViewIfNeeded();
  const place = await page.evaluate(async () => {
    const { width, height } = document.querySelector('.sky')!.getBoundingClientRect();
    const engine = globalThis.halfsecond!.engine()!;
    for (let ring = 0; ring < 40; ring++)
      for (let turn = 0; turn < 12; turn++) {
        const far = (ring / 40) * 0.45 * Math.min(width, height);
        const [x, y] = [width / 2 + far * Math.cos(turn), height / 2 + far * Math.sin(turn)];
        if ((await engine.pick('main', x, y)) !== null) return { x, y };
      }
    throw new Error('nobody was found in the sky');
  });
  await sky.click({ position: place });
}

for (const [name, width, height] of [
  ['wide', 1440, 900],
  ['phone', 390, 844],
] as const)
  test(`${name}: the tabs of the feed and the phone of a person, light and dark, nothing axe objects to`, async ({
    page,
    baseURL,
  }) => {
    const complaints = complaintsOf(page, baseURL ?? '');
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
    await gotoPreset(page, 'between-two-chats', '?backend=cpu');
    await rushTo(page, 30);
    await pause(page);
    for (const [question, tab, shows] of tabs) {
      await tabOf(page, question, tab).click();
      await expect(page.getByText(shows).first()).toBeAttached();
    }
    const clean = async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(
          violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`),
        ).toEqual([]);
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    };
    await clean();
    await pinSomebody(page);
    await page.getByRole('tab', { name: 'Phone' }).click();
    await expect(page.getByText('What they want tonight')).toBeVisible();
    await expect(page.getByText('Last slate: 8 bytes')).toBeAttached();
    await clean();
    expect(complaints).toEqual([]);
  });

test('where the feed is off, nothing of it is shown', async ({ page }) => {
  await skipTour(page);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('/?backend=cpu#seed=50013&population.size=0.3');
  await rushTo(page, 8);
  for (const [question, tab] of tabs) {
    await expect(page.getByRole('tablist', { name: `Views of "${question}"` })).toBeVisible();
    await expect(tabOf(page, question, tab)).toHaveCount(0);
  }
  await pause(page);
  await pinSomebody(page);
  await expect(page.locator('.pinned')).toBeVisible();
  await expect(page.getByRole('tab', { name: 'Phone' })).toHaveCount(0);
});
