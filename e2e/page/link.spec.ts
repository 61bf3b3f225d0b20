import { execFileSync } from 'node:child_process';
import { expect, test, type Page } from '@playwright/test';
import { complaintsOf, currentTick, skipTour, waitForTick } from '../support/lab-page.ts';

const TICK = 200;
/** An evening at a fifth of its size, with a change of policy in the middle. */
const LINK =
  '#population.size=0.2&population.online=3000&seed=41&policy.scorer=rules' +
  '&stages.0.atSeconds=60&stages.0.policy.threshold=30';

/** The digest of the command line, by the same backend. */
function digestOfLab(link: string): string {
  const lab = ['--import', 'tsx', '--import', './src/lab/register.mjs', 'src/lab/main.ts'];
  const answer = execFileSync('node', [...lab, 'run', link, '--json'], { encoding: 'utf8' });
  const { digest, digestAgrees } = JSON.parse(answer) as { digest: string; digestAgrees: boolean };
  expect(digestAgrees).toBe(true);
  return digest;
}

/** Runs the page to the tick, and gives the digest of its evening. */
async function digestAt(page: Page, tick: number): Promise<unknown> {
  return page.evaluate(async (last) => {
    const engine = globalThis.halfsecond?.engine();
    await engine?.pause();
    while ((globalThis.halfsecond?.status()?.tick ?? Infinity) < last) await engine?.step();
    const found = (await engine?.digest()) as { tick: number; digest: string } | undefined;
    return { tick: found?.tick, digest: found?.digest };
  }, tick);
}

/** The link of a run that had another event in one of the ticks 121 to 124. */
function linkOfAnother(link: string): string {
  const url = new URL(link);
  const entries = new URLSearchParams(url.hash.slice(1));
  const trail = entries.get('run.trail') ?? '';
  const [before, mark, after] = [trail.slice(0, 120), trail.slice(120, 124), trail.slice(124)];
  entries.set('run.trail', `${before}${mark === 'ffff' ? '0000' : 'ffff'}${after}`);
  entries.set('run.digest', '0123456789abcdef');
  url.hash = entries.toString();
  return url.href;
}

test('one link is one evening: three contexts and the command line give the same digest', async ({
  browser,
  baseURL,
}) => {
  const digests: unknown[] = [];
  let link = `/?backend=cpu${LINK}`;
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 1024, height: 768 },
    { width: 390, height: 844 },
  ]) {
    const context = await browser.newContext({ viewport, baseURL: baseURL ?? '' });
    const page = await context.newPage();
    const complaints = complaintsOf(page, baseURL ?? '');
    await skipTour(page);
    await page.goto(link);
    await waitForTick(page, 1);
    if (digests.length === 0) {
      await expect(page.locator('[data-knob="population.size"]')).toContainText(/20\s%/);
      // Two changes by hand while the evening runs are part of the link from then on.
      await waitForTick(page, 8);
      for (const scorer of ['CUPID', 'Oracle']) {
        const choice = page.locator('[data-knob="policy.scorer"]').getByRole('button', { name: scorer });
        await choice.click();
        await waitForTick(page, (await currentTick(page)) + 4);
      }
      await page.waitForURL(/stages\.2\.policy\.scorer=oracle|stages\.1\.policy\.scorer=oracle/);
      expect(page.url()).toMatch(/stages\.\d\.policy\.scorer=cupid/);
    }
    if (digests.length === 0) {
      digests.push(await digestAt(page, TICK));
      await page.getByRole('button', { name: 'Share' }).click();
      const field = page.getByRole('textbox', { name: 'Link to this evening' });
      await expect(field).toHaveValue(/run\.tick=200/);
      link = await field.inputValue();
    } else {
      // The link stops at its tick and compares the digest.
      await expect(page.locator('.notices')).toContainText('the digest agrees');
      digests.push(await digestAt(page, TICK));
    }
    expect(complaints).toEqual([]);
    await context.close();
  }
  const page = await browser.newPage();
  await skipTour(page);
  await page.goto(linkOfAnother(link));
  await expect(page.locator('.notices')).toContainText('first tick that differs lies between 121 and 124');
  await page.close();
  expect(digests).toEqual(Array(3).fill({ tick: TICK, digest: digestOfLab(link) }));
});
