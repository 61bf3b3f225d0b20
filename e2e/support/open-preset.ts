import type { Page } from 'playwright';
import { encodeLink } from '../../src/scenario/link.ts';
import { presetById } from '../../src/scenario/presets.ts';
import { skipTour } from './lab-page.ts';

/**
 * Opens the page with a preset in its address, as a shared link would. `query` e.g. "?backend=cpu".
 */
export async function gotoPreset(page: Page, id: string, query = ''): Promise<void> {
  const preset = presetById(id);
  if (preset === undefined) throw new Error(`there is no preset ${id}`);
  const { scenario, other = null } = preset;
  const hash = encodeLink({ scenario, other });
  await skipTour(page);
  await page.goto(`/${query}#${hash.toString()}`);
}

/** Runs at full speed until `tick` is reached. */
export async function rushTo(page: Page, tick: number, timeout = 200_000): Promise<void> {
  // A market that starts again, e.g. at another size, takes its speed from the page.
  const reached = (t: number) => {
    void globalThis.halfsecond?.engine()?.setSpeed(Infinity);
    return (globalThis.halfsecond?.status()?.tick ?? 0) >= t;
  };
  await page.waitForFunction(reached, tick, { timeout, polling: 500 });
}
