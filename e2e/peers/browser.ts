import { blockUntilReady, defaultDevice, init, jit, numpy as np } from '@jax-js/jax';
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import wasm from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url';
import wasmSimd from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url';
import wasmThreads from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm?url';
import '@tensorflow/tfjs-backend-webgpu';
import { createGpuBackend } from '../../src/match/gpu-backend.ts';
import { createCpuBackend } from '../../src/match/cpu-backend.ts';
import { interleaved } from '../bench/stats.ts';
import { bestWeights, rule, taskPool } from './task.ts';

export interface PeerRow {
  readonly task: string;
  readonly who: string;
  readonly n: number;
  /** Minimum over the rounds: a busy machine only adds time. */
  readonly ms: number;
  /** Minimum of our GPU divided by theirs; above 1, they are faster. */
  readonly oursToTheirs: number;
  /** Maximum difference of a best weight from the reference; -1 if nothing is compared. */
  readonly error: number;
}

declare global {
  interface Window {
    peers(n: number, repeats: number): Promise<PeerRow[]>;
  }
}

setWasmPaths({
  'tfjs-backend-wasm.wasm': wasm,
  'tfjs-backend-wasm-simd.wasm': wasmSimd,
  'tfjs-backend-wasm-threaded-simd.wasm': wasmThreads,
});

/** Candidates kept per person, as in our backends. */
const KEPT = 16;

/** The KEPT largest values of each of n rows, in descending order. */
function largest(all: Float32Array, n: number): Float32Array {
  const out = new Float32Array(n * KEPT).fill(-Infinity);
  for (let i = 0; i < n; i += 1) {
    const last = (i + 1) * KEPT - 1;
    for (let j = i * n; j < (i + 1) * n; j += 1) {
      const w = all[j];
      if (w <= out[last]) continue;
      let at = last;
      for (; at > i * KEPT && out[at - 1] < w; at -= 1) out[at] = out[at - 1];
      out[at] = w;
    }
  }
  return out;
}

/** Half of the first of every KEPT values. */
function firstOf(lists: ArrayLike<number>): number[] {
  return Array.from({ length: lists.length / KEPT }, (_, i) => lists[i * KEPT] / 2);
}

/**
 * Everybody's best partner among all n, from vectors to best weights, both in the memory of this
 * thread.
 */
window.peers = async (n, repeats) => {
  const pool = taskPool(n);
  const reference = bestWeights(pool);
  const errorOf = (best: ArrayLike<number>) =>
    reference.reduce((worst, weight, i) => Math.max(worst, Math.abs(weight - best[i])), 0);
  const { dim } = pool;
  await init('webgpu');
  defaultDevice('webgpu');
  const ours = await createGpuBackend({ gpu: navigator.gpu });
  // Measures the adapter, as the page does before its first tick.
  await ours.calibrate();
  const cpu = createCpuBackend();

  const jaxBest = jit((u: np.Array, p: np.Array) => {
    const half = np.matmul(u, np.transpose(p));
    const w = np.add(half.ref, np.transpose(half));
    const own = np.multiply(np.eye(n), 1e9);
    return np.max(np.subtract(w, own), 1);
  });
  const jax = async () => {
    const u = np.array(pool.user.slice()).reshape([n, dim]);
    const p = np.array(pool.peer.slice()).reshape([n, dim]);
    const best = jaxBest(u, p);
    await blockUntilReady(best.ref);
    return Array.from(await best.data(), (value) => Number(value) / 2);
  };
  const tensorflow = (backend: 'webgpu' | 'wasm') => async () => {
    await tf.setBackend(backend);
    const best = tf.tidy(() => {
      const u = tf.tensor2d(pool.user, [n, dim]);
      const p = tf.tensor2d(pool.peer, [n, dim]);
      const half = tf.matMul(u, p, false, true);
      const w = tf.add(half, tf.transpose(half));
      return tf.max(tf.sub(w, tf.mul(tf.eye(n), 1e9)), 1);
    });
    const values = await best.data();
    best.dispose();
    return Array.from(values, (value) => value / 2);
  };
  const jaxAll = jit((u: np.Array, p: np.Array) => {
    const half = np.matmul(u, np.transpose(p));
    const w = np.add(half.ref, np.transpose(half));
    return np.subtract(w, np.multiply(np.eye(n), 1e9));
  });
  // jax-js has no top-k: all weights are read back and selected here.
  const jaxLists = async () => {
    const u = np.array(pool.user.slice()).reshape([n, dim]);
    const p = np.array(pool.peer.slice()).reshape([n, dim]);
    const all = jaxAll(u, p);
    await blockUntilReady(all.ref);
    return firstOf(largest(new Float32Array(await all.data()), n));
  };
  const tensorflowLists = (backend: 'webgpu' | 'wasm') => async () => {
    await tf.setBackend(backend);
    const best = tf.tidy(() => {
      const u = tf.tensor2d(pool.user, [n, dim]);
      const p = tf.tensor2d(pool.peer, [n, dim]);
      const half = tf.matMul(u, p, false, true);
      const w = tf.sub(tf.add(half, tf.transpose(half)), tf.mul(tf.eye(n), 1e9));
      return tf.topk(w, KEPT).values;
    });
    const values = await best.data();
    best.dispose();
    return firstOf(values);
  };
  // Our backends keep 16 candidates per person after all filters, and a certificate. The time is
  // without the pairing.
  const backendTime = (backend: typeof cpu | typeof ours) => async () => {
    const { times } = await backend.match(pool, rule, { matcher: 'greedy', seed: 1 });
    const wall = times.find((t) => t.clock === 'wall');
    // Only a GPU itself knows how long its stages take.
    const stages = times.find((t) => t.clock === 'gpu') ?? wall;
    return wall === undefined || stages === undefined
      ? NaN
      : wall.upload + stages.embed + stages.score + wall.readback;
  };
  const timed = (run: () => Promise<number[]>) => async () => {
    const start = performance.now();
    const best = await run();
    return { ms: performance.now() - start, error: errorOf(best) };
  };
  const contenders: Record<string, () => Promise<{ ms: number; error: number }>> = {
    'halfsecond, GPU (16 best, filters)': async () => ({ ms: await backendTime(ours)(), error: -1 }),
    'halfsecond, CPU (16 best, filters)': async () => ({ ms: await backendTime(cpu)(), error: -1 }),
    'jax-js, WebGPU (best only)': timed(jax),
    'TensorFlow.js, WebGPU (best only)': timed(tensorflow('webgpu')),
    'TensorFlow.js, WebAssembly (best only)': timed(tensorflow('wasm')),
    'jax-js, WebGPU (16 best)': timed(jaxLists),
    'TensorFlow.js, WebGPU (16 best)': timed(tensorflowLists('webgpu')),
    'TensorFlow.js, WebAssembly (16 best)': timed(tensorflowLists('wasm')),
  };
  await interleaved(contenders, 2);
  const rounds = await interleaved(contenders, repeats);
  const minMs = (runs: { ms: number }[]) => Math.min(...runs.map((r) => r.ms));
  const oursMs = minMs(rounds['halfsecond, GPU (16 best, filters)']);
  ours.dispose();
  return Object.entries(rounds).map(([who, runs]) => ({
    task: 'best partners of all',
    who,
    n,
    ms: minMs(runs),
    oursToTheirs: oursMs / minMs(runs),
    error: Math.max(...runs.map((r) => r.error)),
  }));
};
