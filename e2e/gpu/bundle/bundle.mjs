/**
 * Bundles the CLI, the bench, the GPU measurements and the tests that open a GPU with their
 * shaders: `node e2e/gpu/bundle/bundle.mjs FOLDER`, in the root of the project.
 */
import { build } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { assemblyScript } from '../../../src/score/wasm/compile.mjs';

/** `x.wgsl?raw` is the text of a shader, as in Vite. */
const rawText = {
  name: 'raw text',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\?raw$/ }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path.slice(0, -'?raw'.length)),
      namespace: 'text',
    }));
    onLoad({ filter: /.*/, namespace: 'text' }, ({ path }) => ({
      contents: readFileSync(path, 'utf8'),
      loader: 'text',
    }));
  },
};
/** `x.as.ts?wasm` is a WebAssembly module, as in Vite. */
const wasm = {
  name: 'assemblyscript',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\?wasm$/ }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path),
      namespace: 'wasm',
    }));
    onLoad({ filter: /.*/, namespace: 'wasm' }, async ({ path }) => ({
      contents: await assemblyScript(path),
    }));
  },
};
const tests = readdirSync('src', { recursive: true })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => join('src', file))
  .filter((file) => readFileSync(file, 'utf8').includes('testing/open.ts'))
  .map((file) => [`tests/${basename(file, '.test.ts')}`, file]);

await build({
  entryPoints: {
    ...Object.fromEntries(tests),
    lab: 'src/lab/main.ts',
    bench: 'e2e/bench/main.ts',
    gpu: 'e2e/gpu/main.ts',
    tests: 'e2e/gpu/bundle/tests.ts',
  },
  outdir: process.argv[2],
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // The target has no browser; the bench imports Playwright and Vite only to measure the page. The
  // target measures ticks: it has no threads for evenings and no queue.
  external: ['webgpu', 'playwright', 'vite', 'piscina', 'bullmq', 'ioredis'],
  alias: { vitest: resolve('e2e/gpu/bundle/vitest.ts') },
  // The UMD build of jsonc-parser cannot be bundled.
  mainFields: ['module', 'main'],
  plugins: [rawText, wasm],
  logLevel: 'warning',
});
