import { expect, test } from '@playwright/test';
import { axeViolations, skipTour } from '../support/lab-page.ts';
import { rushTo } from '../support/open-preset.ts';

for (const [name, width, height] of [
  ['wide', 1440, 900],
  ['phone', 390, 844],
] as const)
  test(`${name}, light and dark: nothing axe objects to, nothing wider than the screen`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
    await skipTour(page);
    await page.goto('/?backend=cpu');
    await rushTo(page, 12);
    await page.evaluate(() => globalThis.halfsecond?.engine()?.pause());
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeViolations(page, 'html', { colours: colorScheme === 'dark' })).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    }
  });
