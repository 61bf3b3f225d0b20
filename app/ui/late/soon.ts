/** What is fetched soon after the first tick, so that it opens at once. */
const loads: (() => Promise<unknown>)[] = [];

export function fetchSoon(load: () => Promise<unknown>): void {
  loads.push(load);
}

/** The first ticks and pictures have the machine to themselves for so long, milliseconds. */
const FIRST_MS = 1000;

/** Fetches one after the other while the page has nothing else to do. */
export async function fetchAll(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, FIRST_MS));
  for (const load of loads.splice(0)) {
    await new Promise<void>((resolve) => whenIdle(resolve));
    // What failed is loaded again when it is asked for.
    await load().catch(() => undefined);
  }
}

/** Safari has no requestIdleCallback. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: 2000 });
  else setTimeout(work, 50);
}
