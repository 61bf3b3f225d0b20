import { createGpuBackend } from '../../src/match/gpu-backend.ts';
import { familyPool } from '../../src/gpu/testing/pools.ts';
import type { WeightRule } from '../../src/score/types.ts';
import type { ScoreVariant } from '../../src/gpu/passes/score/score-topk.ts';
import { openGpu } from './adapter.ts';
import { watchPasses } from './observe.ts';

const sum: WeightRule = { transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold: 0 };
const exp: WeightRule = { transform: 'exp', scale: 2 ** -13, bias: 3, combination: 'harmonic', threshold: 0 };
const sizes = (process.argv[2] ?? '1000,10000,40000,100000').split(',').map(Number);
const backend = await createGpuBackend({ gpu: await openGpu() });
await backend.calibrate();
const { score } = backend.passes;
console.log('calibrated', JSON.stringify(score.variant), backend.gpu.scoringRate);
const chosen = score.variant;
const variants: ScoreVariant[] = [
  { tile: 'cached', merge: 'groups' },
  { tile: 'blocks', merge: 'groups' },
  { tile: 'blocks', merge: 'rows' },
];
const ms = (x: number) => x.toFixed(3);
for (const n of sizes)
  for (const twoSided of [false, true]) {
    const pool = familyPool({ family: 'random', n, dim: 64, seed: 5, recent: 0.1, twoSided });
    const rule = twoSided ? exp : sum;
    for (const variant of variants) {
      await score.choose(variant);
      for (let k = 0; k < 4; k++) await backend.match(pool, rule, { matcher: 'greedy', seed: k });
      const best: Record<string, number> = {};
      let total = Infinity;
      for (let k = 0; k < 4; k++) {
        const watch = watchPasses(backend.gpu);
        const start = performance.now();
        await backend.match(pool, rule, { matcher: 'greedy', seed: k });
        total = Math.min(total, performance.now() - start);
        for (const [name, { ms }] of Object.entries(watch.stop().byKind))
          if (/score|merge/.test(name)) best[name] = Math.min(best[name] ?? Infinity, ms);
      }
      const line = Object.entries(best).map(([name, t]) => `${name} ${ms(t)}`).join('; ');
      console.log(n, twoSided ? 'two-sided exp' : 'one-sided', JSON.stringify(variant), 'tick', ms(total), '|', line);
    }
  }
await score.choose(chosen);

// Where a tick waits.
const n = 10000;
const pools = [0, 1, 2, 3].map((k) => familyPool({ family: 'random', n: n - 3 * k, dim: 64, seed: 11 + k, recent: 0.1 }));
for (let k = 0; k < 60; k++) await backend.match(pools[k % 4], sum, { matcher: 'greedy', seed: k });
const marks: [string, number][] = [];
let origin = 0;
const mark = (name: string) => marks.push([name, performance.now() - origin]);
const wrap = (owner: { prototype: object }, name: string) => {
  const original = (owner.prototype as Record<string, (...args: unknown[]) => unknown>)[name];
  (owner.prototype as Record<string, unknown>)[name] = function (this: unknown, ...args: unknown[]) {
    mark(`${name} <`);
    const result = original.apply(this, args);
    if (result instanceof Promise) void result.then(() => mark(`${name} resolved`));
    else mark(`${name} >`);
    return result;
  };
};
wrap(GPUQueue, 'writeBuffer');
wrap(GPUQueue, 'submit');
wrap(GPUBuffer, 'mapAsync');
wrap(GPUDevice, 'popErrorScope');
wrap(GPUCommandEncoder, 'finish');
for (let k = 0; k < 6; k++) {
  marks.length = 0;
  origin = performance.now();
  const { times } = await backend.match(pools[k % 4], sum, { matcher: 'greedy', seed: k });
  mark('done');
  if (k < 3) continue;
  console.log(`tick ${k}: ${marks.map(([name, at]) => `${name} ${at.toFixed(2)}`).join(', ')}; ${JSON.stringify(times)}`);
}

// Ways to upload.
const { device } = backend;
const target = device.createBuffer({ size: 2 ** 26, usage: GPUBufferUsage.COPY_DST });
const idle = () => device.queue.onSubmittedWorkDone();
for (const bytes of [2.56e6, 5.7e6, 25.6e6, 57e6]) {
  const data = new Float32Array(bytes / 4).map((_, k) => k);
  const staging = device.createBuffer({ size: bytes, usage: GPUBufferUsage.MAP_WRITE | GPUBufferUsage.COPY_SRC });
  const rows: number[][] = [[], [], []];
  for (let k = 0; k < 8; k++) {
    await idle();
    let start = performance.now();
    device.queue.writeBuffer(target, 0, data);
    rows[0].push(performance.now() - start);
    device.queue.submit([]);
    await idle();
    await staging.mapAsync(GPUMapMode.WRITE);
    start = performance.now();
    new Float32Array(staging.getMappedRange()).set(data);
    rows[1].push(performance.now() - start);
    staging.unmap();
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(staging, 0, target, 0, bytes);
    device.queue.submit([encoder.finish()]);
    rows[2].push(performance.now() - start);
    await idle();
  }
  const median = (v: number[]) => v.sort((a, b) => a - b)[v.length >> 1].toFixed(2);
  console.log(`upload ${bytes}: writeBuffer ${median(rows[0])} (${rows[0][7].toFixed(2)} worst), mapped copy ${median(rows[1])}, with submit ${median(rows[2])} (${rows[2][7].toFixed(2)} worst) ms`);
}
process.exit(0);
