import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { Browser, Page } from 'playwright';
import { launchBrowser } from '../../support/browser.ts';
import { benchPart } from '../part.ts';
import { median } from '../stats.ts';
import { LONG_TASK_MS, tasksOf, TRACED } from './trace.ts';

const PORT = 5195;
/** As the page's own server sends them, see vite.config.ts. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** How long a traced visit lasts after the first tick, milliseconds. */
const AFTER_MS = 3000;

/** A first visit: nothing is cached. */
interface Visit {
  /** From the navigation to the first status of the engine, milliseconds. */
  readonly ms: number;
  /** Paths of the files that were asked for until then. */
  readonly files: readonly string[];
}

/** What a first visit looks like, until some seconds after the first tick. */
interface Look {
  /** When the first text or picture was painted, milliseconds. */
  readonly paintMs: number;
  /** How far what was painted has moved: cumulative layout shift of Web Vitals. */
  readonly shift: number;
  /** The longest task of the page's thread by the wall clock and by the processor's. */
  readonly taskMs: number;
  readonly taskCpuMs: number;
  readonly longTasks: number;
}

export const loadPart = benchPart(
  'A first visit: from the navigation to the first tick, the files until then (kB, brotli), and the page until 3 s later',
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
    'first paint ms': (row) => row.paintMs,
    'layout shift': (row) => row.shift,
    'longest task ms': (row) => row.taskMs,
    'of processor': (row) => row.taskCpuMs,
    'tasks over 50 ms': (row) => row.longTasks,
  },
);

/** Visits the builds in turn, so that their times are of the same minutes. */
async function visits(builds: readonly string[], count: number) {
  const seen = builds.map((): Visit[] => []);
  const looks = builds.map((): Look[] => []);
  for (let k = 0; k < count; k++)
    for (const [b, build] of builds.entries()) {
      const dist = join(resolve(build), 'dist');
      seen[b].push(await visit(dist));
      // Apart, because a trace takes time.
      looks[b].push(await look(dist));
    }
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
      paintMs: median(looks[b].map((one) => one.paintMs)),
      shift: median(looks[b].map((one) => one.shift)),
      taskMs: median(looks[b].map((one) => one.taskMs)),
      taskCpuMs: median(looks[b].map((one) => one.taskCpuMs)),
      longTasks: median(looks[b].map((one) => one.longTasks)),
    };
  });
}

/** A first visit to a built page, by the paths that it asks its server for. */
export function visit(dist: string): Promise<Visit> {
  return onFirstTick(dist, ({ ms, at }, asked) => {
    const files = new Set(asked.filter((one) => one.at <= at).map((one) => one.path));
    return Promise.resolve({ ms, files: [...files] });
  });
}

function look(dist: string): Promise<Look> {
  return onFirstTick(
    dist,
    async (_, __, page, browser) => {
      await page.waitForTimeout(AFTER_MS);
      const tasks = tasksOf(await browser.stopTracing(), new URL(page.url()).origin);
      const seen = await page.evaluate(() => (globalThis as unknown as { look: { shift: number } }).look);
      const paintMs = await page.evaluate(
        () => performance.getEntriesByName('first-contentful-paint')[0].startTime,
      );
      return {
        ...{ paintMs, shift: seen.shift },
        taskMs: Math.max(...tasks.map(({ dur }) => dur)),
        taskCpuMs: Math.max(...tasks.map(({ tdur }) => tdur)),
        longTasks: tasks.filter(({ dur }) => dur > LONG_TASK_MS).length,
      };
    },
    async (page, browser) => {
      await page.addInitScript(() => {
        const look = { shift: 0 };
        Object.assign(globalThis, { look });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
            look.shift += entry.value;
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await browser.startTracing(page, { categories: TRACED });
    },
  );
}

/** The first tick: milliseconds since the navigation, and the time of day. */
interface FirstTick {
  readonly ms: number;
  readonly at: number;
}

type Asked = readonly { readonly path: string; readonly at: number }[];

/** Opens a built page in a new browser, and works with it once one tick has ended. */
async function onFirstTick<T>(
  dist: string,
  work: (first: FirstTick, asked: Asked, page: Page, browser: Browser) => Promise<T>,
  before: (page: Page, browser: Browser) => Promise<void> = () => Promise.resolve(),
): Promise<T> {
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
    await before(page, browser);
    await page.goto(`http://localhost:${PORT}/`, { waitUntil: 'commit' });
    const first = await page.waitForFunction(
      () => {
        const tick = globalThis.halfsecond?.status()?.tick ?? 0;
        return tick > 0 && { ms: performance.now(), at: performance.timeOrigin + performance.now() };
      },
      undefined,
      { polling: 5, timeout: 300_000 },
    );
    return await work((await first.jsonValue()) as FirstTick, asked, page, browser);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** The size of those files whose names end so, as brotli packs them. */
export function kilobytes(dist: string, files: readonly string[], ending: RegExp): number {
  return files
    .filter((file) => ending.test(file))
    .reduce((sum, file) => sum + brotliCompressSync(readFileSync(join(dist, file))).length / 1000, 0);
}
