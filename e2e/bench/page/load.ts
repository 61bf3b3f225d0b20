import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { launchBrowser } from '../../support/browser.ts';
import { benchPart } from '../part.ts';
import { median } from '../stats.ts';

const PORT = 5195;
/** As the page's own server sends them, see vite.config.ts. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** A first visit: nothing is cached. */
interface Visit {
  /** From the navigation to the first status of the engine, milliseconds. */
  readonly ms: number;
  /** Paths of the files that were asked for until then. */
  readonly files: readonly string[];
}

export const loadPart = benchPart(
  'A first visit: from the navigation to the first tick, and the files until then (kB, brotli)',
  ({ quick, beside }) => [
    {
      name: beside === undefined ? 'this build' : `this build and ${beside}`,
      run: () => visits(['.', ...(beside === undefined ? [] : [beside])], quick ? 1 : 7),
    },
  ],
  {
    build: (row) => row.build,
    visits: (row) => row.visits,
    'median ms': (row) => row.medianMs,
    'least ms': (row) => row.leastMs,
    files: (row) => row.files,
    'JavaScript and WebAssembly': (row) => row.codeKb,
    styles: (row) => row.styleKb,
  },
);

/** Visits the builds in turn, so that their times are of the same minutes. */
async function visits(builds: readonly string[], count: number) {
  const seen = builds.map((): Visit[] => []);
  for (let k = 0; k < count; k++)
    for (const [b, build] of builds.entries()) seen[b].push(await visit(join(resolve(build), 'dist')));
  return builds.map((build, b) => {
    const dist = join(resolve(build), 'dist');
    const ms = seen[b].map((one) => one.ms);
    // Which files beat the first tick differs a little: the median of the sums.
    const kb = (ending: RegExp) => median(seen[b].map((one) => kilobytes(dist, one.files, ending)));
    return {
      ...{ build, visits: count, medianMs: median(ms), leastMs: Math.min(...ms) },
      files: median(seen[b].map((one) => one.files.length)),
      codeKb: kb(/\.(js|wasm)$/),
      styleKb: kb(/\.css$/),
    };
  });
}

async function visit(dist: string): Promise<Visit> {
  // Only the measurement of the page needs it; a machine with the GPU kit has none.
  const { preview } = await import('vite');
  const server = await preview({
    ...{ configFile: false, logLevel: 'silent', build: { outDir: dist } },
    preview: { port: PORT, strictPort: true, headers },
  });
  const asked: { path: string; at: number }[] = [];
  server.httpServer.on('request', ({ url = '/' }: { url?: string }) => {
    asked.push({ path: new URL(url, 'http://localhost').pathname, at: Date.now() });
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ serviceWorkers: 'block', viewport: { width: 1440, height: 900 } });
    await page.addInitScript(() => localStorage.setItem('halfsecond.tour', 'seen'));
    await page.goto(`http://localhost:${PORT}/`, { waitUntil: 'commit' });
    const first = await page.waitForFunction(
      () => {
        const tick = globalThis.halfsecond?.status()?.tick ?? 0;
        return tick > 0 && { ms: performance.now(), at: performance.timeOrigin + performance.now() };
      },
      undefined,
      { polling: 5, timeout: 300_000 },
    );
    const { ms, at } = (await first.jsonValue()) as { ms: number; at: number };
    const files = new Set(asked.filter((one) => one.at <= at).map((one) => one.path));
    return { ms, files: [...files] };
  } finally {
    await browser.close();
    await server.close();
  }
}

function kilobytes(dist: string, files: readonly string[], ending: RegExp): number {
  return files
    .filter((file) => ending.test(file))
    .reduce((sum, file) => sum + brotliCompressSync(readFileSync(join(dist, file))).length / 1000, 0);
}
