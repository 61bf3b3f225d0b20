import { loadFormulas } from '../../scenario/formula/language.ts';
import { openNodeGpu } from '../node.ts';

await loadFormulas();

// Gives tests in Node what a browser gives: `navigator.gpu`. Dawn loads when a test first asks for
// an adapter.
const shared = globalThis as { dawnOfTests?: Promise<GPU> };
const lazy = {
  requestAdapter: async (options?: GPURequestAdapterOptions) => {
    // This file runs before each test file, also in a process that has Dawn already.
    shared.dawnOfTests ??= openNodeGpu();
    return (await shared.dawnOfTests).requestAdapter(options);
  },
  getPreferredCanvasFormat: () => 'bgra8unorm' as const,
};
const nav = (globalThis as { navigator?: object }).navigator ?? {};
Object.defineProperty(nav, 'gpu', { value: lazy, configurable: true });
Object.defineProperty(globalThis, 'navigator', { value: nav, configurable: true, writable: true });
