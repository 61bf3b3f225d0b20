import { basename } from 'node:path';
import type { Plugin } from 'vite';

/**
 * Names the chunks of a worker after the worker, e.g. `train-worker-device-HASH.js`. Every worker
 * has a bundle of its own, and the size limits find the training room's chunks by name.
 */
export function nameWorkerChunks(): Plugin {
  let worker = 'worker';
  return {
    name: 'name-worker-chunks',
    options({ input = [] }) {
      const [entry] = typeof input === 'string' ? [input] : Object.values(input);
      if (entry !== undefined) worker = basename(entry.split('?')[0], '.ts');
    },
    outputOptions: (options) => ({ ...options, chunkFileNames: `assets/${worker}-[name]-[hash].js` }),
  };
}
