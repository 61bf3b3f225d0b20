import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { browserArgs, findBrowser } from '../support/browser.ts';

/** Where the contenders compute. */
export type Device = 'wasm' | 'webgpu';

/** The fastest run of one contender. */
export interface PageRow {
  readonly task: 'greedy' | '16 best';
  readonly who: 'ours' | 'TensorFlow.js' | 'jax-js';
  /** Milliseconds of wall time, from vectors to results in the memory of this thread. */
  readonly ms: number;
  /** Partner of each person; empty where nobody is paired. */
  readonly mate: readonly number[];
}

declare global {
  interface Window {
    peers(n: number, device: Device, repeats: number): Promise<{ adapter: string; rows: PageRow[] }>;
  }
}

/** TensorFlow.js is a package of this folder: nothing else needs it. */
export const hasLibraries = (): boolean => existsSync(join(import.meta.dirname, 'node_modules/@tensorflow'));

/**
 * Runs the task in a browser, with libraries of the browser and ours in turn.
 * @param realGpu use the real GPU of this machine; otherwise WebGPU is the software adapter.
 */
export async function inBrowser(
  n: number,
  device: Device,
  repeats: number,
  realGpu: boolean,
): Promise<{ adapter: string; rows: PageRow[] }> {
  // Late: a machine with the GPU kit has none of them, and they take 56 MB.
  const { chromium } = await import('playwright');
  const { createServer } = await import('vite');
  const { inlineWasm } = await import('../support/wasm-plugin.ts');
  const server = await createServer({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'error',
    plugins: [inlineWasm()],
    server: { port: 0, fs: { allow: [join(import.meta.dirname, '../..')] } },
  });
  await server.listen();
  const args = realGpu ? ['--no-sandbox', '--enable-unsafe-webgpu', '--enable-features=Vulkan'] : browserArgs;
  const browser = await chromium.launch({ executablePath: findBrowser(), args });
  try {
    const page = await browser.newPage();
    const failed = new Promise<never>((_, reject) => page.on('pageerror', reject));
    failed.catch(() => undefined);
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    await Promise.race([failed, page.waitForFunction(() => 'peers' in window, null, { timeout: 120_000 })]);
    return await page.evaluate(([size, where, count]) => window.peers(size, where, count), [
      n,
      device,
      repeats,
    ] as const);
  } finally {
    await browser.close();
    await server.close();
  }
}
