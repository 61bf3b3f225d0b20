/**
 * The same task with libraries of the browser: `cd e2e/peers && npm ci && npm start [-- --quick]`.
 * TensorFlow.js and jax-js run in turn with our backends. NumPy, SciPy and plain loops are a part
 * of the bench: `npm run bench -- --only peers`.
 */
import { join } from 'node:path';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { cellText, tableText } from '../bench/table.ts';
import { browserArgs, findBrowser } from '../support/browser.ts';
import type { PeerRow } from './browser.ts';
import { DIM } from './task.ts';

const quick = process.argv.includes('--quick');
const n = quick ? 256 : 1000;
const repeats = quick ? 3 : 5;

console.log(`\n${n} people, vectors of ${DIM}, minimum of ${repeats} runs`);
console.log(tableText(['in the browser', 'ms', 'our GPU / theirs', 'error'], await inBrowser()));
process.exit(0);

async function inBrowser(): Promise<(string | number)[][]> {
  const server = await createServer({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'error',
    server: {
      port: 0,
      fs: { allow: [join(import.meta.dirname, '../..')] },
      headers: {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      },
    },
  });
  await server.listen();
  const browser = await chromium.launch({ executablePath: findBrowser(), args: browserArgs });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`in the page: ${error.message}`));
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    await page.waitForFunction(() => 'peers' in window, null, { timeout: 120_000 });
    const rows: PeerRow[] = await page.evaluate(([size, count]) => window.peers(size, count), [
      n,
      repeats,
    ] as const);
    return rows.map((row) => [row.who, row.ms, row.oursToTheirs, row.error < 0 ? '' : cellText(row.error)]);
  } finally {
    await browser.close();
    await server.close();
  }
}
