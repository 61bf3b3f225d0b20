/**
 * `npm run soak:gpu -- [flags]`: greedy ticks on the GPU of this machine, on pools of changing
 * size. Every few ticks it collects garbage and samples live GPU buffers and memory. The first
 * quarter of the ticks is left out: buffers grow to the largest pool. Fails if the 95 % interval of
 * a slope is above 0; for bytes above half a word per tick, because a tick that keeps anything
 * keeps a word at least. The flags in package.json make V8 allocate what it knows of a function at
 * the first call; otherwise it adds 88 bytes whenever one was called some hundred times.
 *
 *   --ticks T       [2000]
 *   --people N      [4000] on a software adapter take fewer, or --null
 *   --dim D         [64] components of the vectors
 *   --null          Dawn's null backend: all the work of the host, but nothing is computed
 *   --json FILE     writes samples and slopes
 */
import { writeFileSync, writeSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { openNodeGpu } from '../../src/gpu/node.ts';
import { familyPool } from '../../src/gpu/testing/pools.ts';
import { createGpuBackend } from '../../src/match/gpu-backend.ts';
import type { WeightRule } from '../../src/score/types.ts';
import { createNullBackend } from './null-backend.ts';
import { slopeOf } from './slope.ts';

/** Samples over all ticks. */
const SAMPLES = 200;
const WARM_UP_SHARE = 0.25;
/** In bytes. */
const HALF_WORD = 4;
const rule: WeightRule = { transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold: 0 };

const { values } = parseArgs({
  options: {
    ticks: { type: 'string', default: '2000' },
    people: { type: 'string', default: '4000' },
    dim: { type: 'string', default: '64' },
    null: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const [ticks, people, dim] = [values.ticks, values.people, values.dim].map(Number);
const { gc } = globalThis;
if (gc === undefined) throw new Error('run it with node --expose-gc');

const gpu = values.null ? await createNullBackend() : await createGpuBackend({ gpu: await openNodeGpu() });
if (!values.null) await gpu.calibrate();
const pools = [0, 1, 2, 3, 4, 5].map((k) =>
  familyPool({
    ...{ family: k % 2 === 0 ? 'random' : 'clustered', seed: 50_000 + k, recent: 0.1 },
    ...{ n: Math.max(2, people - 3 * k), dim },
  }),
);
const step = Math.max(1, Math.floor(ticks / SAMPLES));
const names = ['buffers', 'bufferBytes', 'heapBytes', 'externalBytes', 'residentBytes'] as const;
/** Allocated at once: samples are no growth. */
const samples = names.map(() => new Float64Array(Math.floor(ticks / step)));
const started = performance.now();
for (let tick = 1; tick <= ticks; tick++) {
  await gpu.match(pools[tick % pools.length], rule, { matcher: 'greedy', seed: tick });
  if (tick % step !== 0) continue;
  // Dawn releases objects when their wrappers are collected, after a turn of the loop.
  gc();
  await new Promise((resolve) => setImmediate(resolve));
  gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  const live = gpu.resources();
  [live.buffers, live.bufferBytes, heapUsed, external, rss].forEach((value, k) => {
    samples[k][tick / step - 1] = value;
  });
  if ((tick / step) % 10 === 0)
    // The console keeps what it prints.
    writeSync(
      2,
      `${tick} ticks, ${Math.round((performance.now() - started) / 1000)} s: ${live.buffers} buffers, heap ${(heapUsed / 1e6).toFixed(2)} MB\n`,
    );
}
const slopes = Object.fromEntries(
  names.map((name, k) => {
    const settled = samples[k].subarray(Math.ceil(WARM_UP_SHARE * samples[k].length));
    return [name, slopeOf([...settled], step)];
  }),
);
console.log(`${ticks} ticks of ${people} people, ${dim} components, on ${gpu.adapter}; load ${loadavg()[0]}`);
for (const [name, { slope, low, high }] of Object.entries(slopes))
  console.log(`${name} per tick: ${slope.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`);
if (values.json !== undefined)
  writeFileSync(
    values.json,
    `${JSON.stringify({ ticks, people, dim, adapter: gpu.adapter, slopes, samples: samples.map((all) => [...all]) })}\n`,
  );
// The resident memory of a process also holds what its allocator keeps, so it decides nothing.
const grown = Object.keys(slopes).filter(
  (name) => name !== 'residentBytes' && slopes[name].low > (name === 'buffers' ? 0 : HALF_WORD),
);
if (grown.length > 0) console.error(`growing: ${grown.join(', ')}`);
// A thread of Dawn keeps the process alive.
process.exit(grown.length > 0 ? 1 : 0);
