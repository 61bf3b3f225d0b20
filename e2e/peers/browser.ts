import { defaultDevice, init, jit, numpy as np } from '@jax-js/jax';
import * as tf from '@tensorflow/tfjs-core';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import wasm from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url';
import wasmSimd from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url';
import wasmThreads from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm?url';
import '@tensorflow/tfjs-backend-webgpu';
import { createCpuBackend } from '../../src/match/cpu-backend.ts';
import { createGpuBackend } from '../../src/match/gpu-backend.ts';
import { buildLists } from '../../src/score/candidates/lists.ts';
import { poolSource } from '../../src/score/weights.ts';
import { interleaved } from '../bench/stats.ts';
import { denseGreedy, plainLoops, selectRows } from './dense.ts';
import type { PageRow } from './in-browser.ts';
import { BEST, DIM, dotRule, poolOf, vectorsOf } from './task.ts';

setWasmPaths({
  'tfjs-backend-wasm.wasm': wasm,
  'tfjs-backend-wasm-simd.wasm': wasmSimd,
  'tfjs-backend-wasm-threaded-simd.wasm': wasmThreads,
});
// One thread each, so that wall time is processor time.
setThreadsCount(1);

/** The task of part.ts for libraries of the browser, in turn with ours. */
window.peers = async (n, device, repeats) => {
  const vectors = vectorsOf(n);
  const pool = poolOf(n, vectors, false);
  const reference = plainLoops(vectors, n);
  await init(device);
  defaultDevice(device);
  await tf.setBackend(device);
  const gpu = device === 'webgpu' ? await createGpuBackend({ gpu: navigator.gpu }) : undefined;
  // Measures the adapter, as the page does before its first tick.
  await gpu?.calibrate();
  const cpu = createCpuBackend();

  const tensorflow = () => {
    const u = tf.tensor2d(vectors, [n, DIM]);
    return tf.sub(tf.matMul(u, u, false, true), tf.mul(tf.eye(n), 1e30));
  };
  const jaxWeights = jit((u: np.Array) => {
    const w = np.matmul(u.ref, np.transpose(u));
    return np.subtract(w, np.multiply(np.eye(n), 1e30));
  });
  const jax = async () =>
    new Float32Array(await jaxWeights(np.array(vectors.slice()).reshape([n, DIM])).data());
  const contenders: Record<string, () => Promise<{ best?: ArrayLike<number>; mate?: ArrayLike<number> }>> = {
    '16 best/ours': async () => {
      if (gpu !== undefined)
        return { best: (await gpu.retrieve(pool, dotRule, { rows: n, k: BEST, seed: 1 })).weights };
      return { best: buildLists(poolSource(pool, dotRule, 1)).key };
    },
    '16 best/TensorFlow.js': async () => {
      const kept = tf.tidy(() => tf.topk(tensorflow(), BEST).values);
      const best = await kept.data();
      kept.dispose();
      return { best };
    },
    // jax-js has no top-k of rows: all weights are read back and selected here.
    '16 best/jax-js': async () => ({ best: selectRows(await jax(), n) }),
    'greedy/ours': async () => ({
      mate: (await (gpu ?? cpu).match(pool, dotRule, { matcher: 'greedy', seed: 1 })).mate,
    }),
    'greedy/TensorFlow.js': async () => {
      const all = tf.tidy(tensorflow);
      const mate = denseGreedy((await all.data()) as Float32Array, n);
      all.dispose();
      return { mate };
    },
    'greedy/jax-js': async () => ({ mate: denseGreedy(await jax(), n) }),
  };
  const timed = Object.fromEntries(
    Object.entries(contenders).map(([name, run]) => [
      name,
      async () => {
        const start = performance.now();
        const found = await run();
        const ms = performance.now() - start;
        if (found.best !== undefined) check(name, found.best, reference);
        return { ms, mate: found.mate ?? [] };
      },
    ]),
  );
  await interleaved(timed, 1);
  const runs = await interleaved(timed, repeats);
  const rows = Object.entries(runs).map(([name, all]) => {
    const [task, who] = name.split('/') as [PageRow['task'], PageRow['who']];
    return { task, who, ms: Math.min(...all.map(({ ms }) => ms)), mate: Array.from(all[0].mate) };
  });
  const adapter = gpu?.adapter ?? 'WebAssembly';
  gpu?.dispose();
  return { adapter, rows };
};

function check(name: string, best: ArrayLike<number>, reference: Float32Array): void {
  // A weight that is missing is not near either.
  const at = reference.findIndex((weight, e) => !(Math.abs(weight - best[e]) <= 1e-4 * Math.abs(weight)));
  if (at >= 0)
    throw new Error(
      `${name}: weight ${at % BEST} of person ${Math.floor(at / BEST)} is ${best[at]}, not ${reference[at]}`,
    );
}
