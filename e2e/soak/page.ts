/**
 * `npm run soak [MINUTES]` (default 10): runs the built page and samples its live GPU resources and
 * the memory of the page and its workers every 15 s. Fails if the number of buffers grows after the
 * first minute, or if memory grows by more than 10 %.
 */
import { launchBrowser } from '../support/browser.ts';
import { complaintsOf, currentTick, waitForTick } from '../support/lab-page.ts';
import { memoryByPart } from './page-memory.ts';
import { serve } from '../support/serve.ts';

const minutes = Number(process.argv[2] ?? 10);
if (!(minutes > 0)) throw new Error('usage: npm run soak [MINUTES]');

interface Sample {
  seconds: number;
  tick: number;
  buffers: number;
  textures: number;
  bufferBytes: number;
  megabytes: number;
  /** Megabytes of the page and of each worker. */
  parts: Record<string, number>;
}

const server = await serve('preview', 5198);
const browser = await launchBrowser('--js-flags=--expose-gc');
try {
  const page = await browser.newPage({ serviceWorkers: 'block', viewport: { width: 1440, height: 900 } });
  const complaints = complaintsOf(page, server.url);
  await page.goto(server.url);
  await waitForTick(page, 5);
  const started = Date.now();
  const samples: Sample[] = [];
  while ((Date.now() - started) / 60_000 < minutes) {
    await page.waitForTimeout(15_000);
    const resources = await page.evaluate(
      async () =>
        (await globalThis.halfsecond?.engine()?.resources()) as {
          buffers: number;
          textures: number;
          bufferBytes: number;
        },
    );
    const parts = await memoryByPart(page);
    const sample = {
      seconds: Math.round((Date.now() - started) / 1000),
      tick: await currentTick(page),
      buffers: resources.buffers,
      textures: resources.textures,
      bufferBytes: resources.bufferBytes,
      megabytes: Object.values(parts).reduce((sum, part) => sum + part, 0),
      parts,
    };
    samples.push(sample);
    console.log(JSON.stringify(sample));
  }
  const settled = samples.filter((s) => s.seconds >= 60);
  const third = Math.max(1, Math.floor(settled.length / 3));
  const mean = (list: Sample[], of: (s: Sample) => number) =>
    list.reduce((sum, s) => sum + of(s), 0) / list.length;
  const early = settled.slice(0, third);
  const late = settled.slice(-third);
  const heap = mean(late, (s) => s.megabytes) / mean(early, (s) => s.megabytes);
  const buffers = Math.max(...late.map((s) => s.buffers)) - Math.max(...early.map((s) => s.buffers));
  const verdict = {
    minutes,
    ticks: samples.at(-1)?.tick,
    heapRatio: heap,
    bufferGrowth: buffers,
    complaints,
  };
  console.log(JSON.stringify(verdict, null, 2));
  if (heap > 1.1 || buffers > 0 || complaints.length > 0) process.exitCode = 1;
} finally {
  await browser.close();
  await server.stop();
}
