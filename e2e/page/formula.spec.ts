import { expect, test, type Page } from '@playwright/test';
import { axeViolations, complaintsOf, skipTour, waitForTick } from '../support/lab-page.ts';

/** A market of few people that fills ten pairs in a tick. */
const FEW =
  '/?backend=cpu#population.people=4000&population.online=800&population.arrivalsPerMinute=2000&policy.scorer=oracle';

async function axe(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const colours = colorScheme === 'dark';
    expect(await axeViolations(page, '[role=dialog]', { colours })).toEqual([]);
  }
}

/** Presses Tab until the focus is on the button of that name. */
async function tabTo(page: Page, name: string): Promise<void> {
  const button = page.getByRole('button', { name });
  for (let presses = 0; presses < 80; presses++) {
    if (await button.evaluate((node) => node === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach "${name}".`);
}

for (const [name, width, height] of [
  ['wide', 1440, 900],
  ['phone', 390, 844],
] as const)
  test(`${name}: a formula by keyboard, from a mistake to the policy that runs`, async ({
    page,
    baseURL,
  }) => {
    const complaints = complaintsOf(page, baseURL ?? '');
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await skipTour(page);
    await page.goto(FEW);
    await waitForTick(page, 12);
    if (name === 'phone') await page.getByRole('tab', { name: 'Controls' }).press('Enter');
    await tabTo(page, 'Own formula');
    await page.keyboard.press('Enter');
    const editor = page.getByRole('textbox', { name: 'Formula' });
    await expect(editor).toBeFocused();
    const rows = page.getByRole('region', { name: 'Pairs of the tick by the formula' }).locator('tbody tr');
    await expect(rows).toHaveCount(10);
    // The pairs are those of one tick from here on.
    await page.evaluate(() => globalThis.halfsecond?.engine()?.pause());
    const said = page.locator('#formula-said');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('both(me.scoer + you.w');
    await expect(said).toContainText(/^Character \d+: /);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('both(me.sco');
    await expect(page.locator('.cm-tooltip-autocomplete')).toContainText('score');
    // A list that has just opened leaves Enter to the editor for 75 ms (interactionDelay).
    await page.waitForTimeout(100);
    await page.keyboard.press('Enter');
    await page.keyboard.type(' + if(you.newcomer, 100, 0))');
    await expect(editor).toHaveText('both(me.score + if(you.newcomer, 100, 0))');
    await expect(said).toContainText('Symmetric, in seconds.');
    await expect(rows.filter({ hasText: /, was \d/ })).not.toHaveCount(0);
    const weights = await rows.locator('.formula-own').allInnerTexts();
    const then = await rows.locator('td:nth-child(5)').allInnerTexts();
    expect(weights).toHaveLength(10);
    expect(weights).not.toEqual(then);
    await axe(page);
    await page.keyboard.press('Control+Enter');
    await expect(page.getByText('This formula decides now.')).toBeVisible();
    const scroll = page.locator('.dialog-scroll');
    expect(await scroll.evaluate((node) => node.scrollWidth - node.clientWidth)).toBeLessThanOrEqual(1);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: 'Formula decides' })).toBeFocused();
    const hash = () => page.evaluate(() => new URLSearchParams(location.hash.slice(1)).toString());
    await expect.poll(hash).toContain(encodeURIComponent('me.score'));
    expect(complaints).toEqual([]);
  });
