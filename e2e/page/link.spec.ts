import { execFileSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { complaintsOf, skipTour, waitForTick } from '../support/lab-page.ts';

const TICK = 200;
/** An evening at a fifth of its size, with a change of policy in the middle. */
const LINK =
  '#population.size=0.2&population.online=3000&seed=41&policy.scorer=rules' +
  '&stages.0.atSeconds=60&stages.0.policy.threshold=30';

/** The digest of the command line, by the same backend. */
function digestOfLab(link: string): string {
  const lab = ['--import', 'tsx', '--import', './src/lab/register.mjs', 'src/lab/main.ts'];
  const run = ['run', link, '--ticks', String(TICK), '--backend', 'cpu', '--json'];
  return (JSON.parse(execFileSync('node', [...lab, ...run], { encoding: 'utf8' })) as { digest: string })
    .digest;
}

test('one link is one evening: three contexts and the command line give the same digest', async ({
  browser,
  baseURL,
}) => {
  const digests: unknown[] = [];
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 1024, height: 768 },
    { width: 390, height: 844 },
  ]) {
    const context = await browser.newContext({ viewport, baseURL: baseURL ?? '' });
    const page = await context.newPage();
    const complaints = complaintsOf(page, baseURL ?? '');
    await skipTour(page);
    await page.goto(`/?backend=cpu${LINK}`);
    await waitForTick(page, 1);
    digests.push(
      await page.evaluate(async (tick) => {
        const engine = globalThis.halfsecond?.engine();
        await engine?.pause();
        while ((globalThis.halfsecond?.status()?.tick ?? Infinity) < tick) await engine?.step();
        return engine?.digest();
      }, TICK),
    );
    // On a phone the controls are in a tab of their own.
    if (viewport.width > 1000)
      await expect(page.locator('[data-knob="population.size"]')).toContainText(/20\s%/);
    expect(complaints).toEqual([]);
    await context.close();
  }
  const digest = digestOfLab(`${baseURL ?? ''}/${LINK}`);
  expect(digests).toEqual(Array(3).fill({ tick: TICK, digest }));
});
