/**
 * The same task with other libraries: `cd e2e/peers && npm ci && npm start [-- --quick]`.
 * TensorFlow.js and jax-js run in a browser, in turn with our backends; NumPy and SciPy run if
 * Python has them.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { createCpuBackend } from '../../src/match/cpu-backend.ts';
import { cellText, tableText } from '../bench/table.ts';
import { median } from '../bench/stats.ts';
import { browserArgs, findBrowser } from '../support/browser.ts';
import type { PeerRow } from './browser.ts';
import { DIM, rule, taskPool } from './task.ts';

const quick = process.argv.includes('--quick');
const n = quick ? 256 : 1000;
const repeats = quick ? 3 : 5;

console.log(
  `\n${n} people, vectors of ${DIM}, minimum of ${repeats} runs in the browser, medians in the terminal`,
);
console.log(tableText(['in the browser', 'ms', 'our GPU / theirs', 'error'], await inBrowser()));
console.log(`\n${tableText(['in a terminal', 'ms', 'weight'], await inTerminal())}`);
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

async function inTerminal(): Promise<(string | number)[][]> {
  const cpu = createCpuBackend();
  const rows: (string | number)[][] = [];
  const cases = [
    ['halfsecond greedy, one thread', taskPool(n), 'greedy'],
    ['halfsecond auction, one thread, two sides', taskPool(n, true), 'auction'],
  ] as const;
  for (const [name, pool, matcher] of cases) {
    const times: number[] = [];
    let weight = 0;
    for (let k = 0; k < repeats + 1; k += 1) {
      const start = performance.now();
      weight = (await cpu.match(pool, rule, { matcher, seed: 1 })).total;
      if (k > 0) times.push(performance.now() - start);
    }
    rows.push([name, median(times), weight]);
  }
  const python = fromPython();
  if (python === null) rows.push(['NumPy and SciPy: not in this Python', NaN, NaN]);
  else {
    rows.splice(1, 0, [`NumPy ${python.numpy} greedy`, python.greedy.ms, python.greedy.weight]);
    rows.push(['SciPy assignment (the optimum), two sides', python.assignment.ms, python.assignment.weight]);
  }
  return rows;
}

type Timed = { ms: number; weight: number };

function fromPython(): { greedy: Timed; assignment: Timed; numpy: string } | null {
  const folder = mkdtempSync(join(tmpdir(), 'peers-'));
  try {
    const { user, peer } = taskPool(n);
    const file = join(folder, 'vectors.f32');
    writeFileSync(file, Buffer.concat([Buffer.from(user.buffer), Buffer.from(peer.buffer)]));
    const run = spawnSync(
      'python3',
      [join(import.meta.dirname, 'peers.py'), file, String(n), String(DIM), String(repeats)],
      {
        encoding: 'utf8',
      },
    );
    if (run.status !== 0) {
      console.error(`python3: ${(run.stderr ?? String(run.error)).trim().split('\n').at(-1)}`);
      return null;
    }
    return JSON.parse(run.stdout) as { greedy: Timed; assignment: Timed; numpy: string };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
