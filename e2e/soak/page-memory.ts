import type { Page } from 'playwright';

/** Result of `measureUserAgentSpecificMemory()`, in bytes. */
interface Measured {
  bytes: number;
  breakdown: { bytes: number; attribution: { url: string; scope: string }[]; types: string[] }[];
}

/**
 * Memory of a page and its workers after a collection, megabytes: of the page's own thread as
 * 'page', of each kind of worker by the fragment of its address, and what belongs to no thread
 * alone as 'shared'. Chromium counts no memory of WebAssembly but that which threads share, and
 * that sometimes more than once. The page must be cross-origin isolated.
 */
export async function memoryByPart(page: Page): Promise<Record<string, number>> {
  const { breakdown } = await page.evaluate(async () => {
    const api = performance as unknown as { measureUserAgentSpecificMemory(): Promise<Measured> };
    return api.measureUserAgentSpecificMemory();
  });
  const parts: Record<string, number> = {};
  for (const { bytes, attribution } of breakdown) {
    const [owner] = attribution;
    const name =
      owner === undefined
        ? 'shared'
        : owner.scope === 'Window'
          ? 'page'
          : (owner.url.split('#')[1] ?? owner.url.split('/').at(-1));
    parts[name] = (parts[name] ?? 0) + bytes / 1e6;
  }
  return parts;
}
