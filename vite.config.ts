import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import type { Plugin, Rolldown } from 'vite';
import { VitePWA, type VitePWAOptions } from 'vite-plugin-pwa';
import { defineConfig } from 'vitest/config';
import { browserArgs, findBrowser } from './e2e/support/browser.ts';
import { inlineWasm, wasmFiles } from './e2e/support/wasm-plugin.ts';

/** Cross-origin isolation: high-resolution timers and shared memory for the workers. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Code of several workers: a chunk for each set of workers, but none of a few kilobytes. */
const shared = {
  name: 'shared',
  minShareCount: 2,
  entriesAware: true,
  entriesAwareMergeThreshold: 20_000,
};

/**
 * What the page loads at once, in the order in which it runs. Each part is one chunk, which packs
 * better than many, and a task of its own.
 */
const parts = { start: 'app/main.ts', library: 'app/ui/late/library.ts', page: 'app/page.tsx' } as const;

const first: Rolldown.CodeSplittingGroup = {
  ...{ debugName: 'first', priority: 1 },
  name: (id, context) => partsOf(context).get(id) ?? null,
  includeDependenciesRecursively: false,
};

const known = new WeakMap<Rolldown.ChunkingContext, ReadonlyMap<string, string>>();

/** The part to which each module belongs: the first that imports it. */
function partsOf(context: Rolldown.ChunkingContext): ReadonlyMap<string, string> {
  const before = known.get(context);
  if (before !== undefined) return before;
  const found = new Map<string, string>();
  for (const [part, file] of Object.entries(parts)) {
    const own = new Set([join(import.meta.dirname, file)]);
    for (const id of own) {
      if (found.has(id)) continue;
      found.set(id, part);
      for (const next of context.getModuleInfo(id)?.importedIds ?? []) own.add(next);
    }
  }
  known.set(context, found);
  return found;
}

/** The browser fetches all parts at once, although they run in turn. */
const preload: Plugin = {
  name: 'preload',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle = {} }) =>
      Object.values(bundle)
        .filter((file) => file.type === 'chunk' && !file.isEntry && Object.hasOwn(parts, file.name))
        .map(({ fileName }) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `./${fileName}` },
          injectTo: 'head' as const,
        })),
  },
};

/** The library of menus, dialogs and tooltips, which the page loads soon after its first tick. */
const popups = { name: 'popups', test: /node_modules\/@(base-ui|floating-ui)/ };

/** The reader and writer of Parquet, which only a file asks for, apart from what the workers share. */
const parquet = { name: 'parquet', test: /node_modules\/hyparquet|parquet-guard/, priority: 1 };

/**
 * A service worker keeps all files of the page. A new version waits until the person agrees; until
 * then the old one goes on with its own files.
 */
const offline: Partial<VitePWAOptions> = {
  registerType: 'prompt',
  injectRegister: null,
  manifest: false,
  workbox: {
    globPatterns: ['**/*.{html,js,css,wasm,svg,bin,json}'],
    // The first visit needs no reload before it is kept, too.
    clientsClaim: true,
    cleanupOutdatedCaches: true,
    inlineWorkboxRuntime: true,
  },
};

/** Only a hanging test reaches it: how long a test takes depends on the machine. */
const timeouts = { testTimeout: 600_000, hookTimeout: 600_000 };

export default defineConfig({
  root: 'app',
  publicDir: '../public',
  base: './',
  plugins: [react(), inlineWasm(), wasmFiles(), preload, VitePWA(offline)],
  worker: {
    format: 'es',
    plugins: () => [inlineWasm(), wasmFiles()],
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [parquet, shared] },
        // The chunks import each other in circles: modules still run in the order of their imports.
        strictExecutionOrder: true,
        // Rolldown names them after all who share them.
        chunkFileNames: ({ name }) => `assets/${name.startsWith(shared.name) ? shared.name : name}-[hash].js`,
      },
    },
  },
  // Found only when a worker or a late import asks for them; bundled at the start, the first visit and the tests need no reload.
  optimizeDeps: {
    include: [
      ...['@codemirror/autocomplete', '@codemirror/commands', '@codemirror/lint', '@codemirror/state'],
      ...['@codemirror/view', 'jsep'],
      '@jax-js/jax',
      'react',
      'react/jsx-dev-runtime',
      'react-dom/client',
      'comlink',
      'd3',
      'driver.js',
      'idb-keyval',
      'valibot',
      'webgpu-utils',
      'zustand',
      ...['dialog', 'menu', 'number-field', 'popover', 'progress', 'slider', 'switch', 'tabs'].map(
        (part) => `@base-ui/react/${part}`,
      ),
      ...['toggle', 'toggle-group', 'tooltip'].map((part) => `@base-ui/react/${part}`),
    ],
  },
  server: { port: 5173, strictPort: true, headers, fs: { allow: ['..'] } },
  preview: { port: 5173, strictPort: true, headers },
  build: {
    ...{ outDir: '../dist', emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 1200 },
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [first, popups] } } },
    // One file, loaded at the start: Vite does not load styles again that failed with a late part.
    cssCodeSplit: false,
  },
  test: {
    root: import.meta.dirname,
    projects: [
      {
        extends: true,
        root: import.meta.dirname,
        test: {
          name: 'node',
          environment: 'node',
          include: ['src/**/*.test.ts', 'e2e/**/*.test.ts'],
          setupFiles: ['src/gpu/testing/node-setup.ts'],
          ...timeouts,
          maxWorkers: 2,
          // Two processes for all files: each loads the modules, and compiles shaders, once.
          isolate: false,
        },
      },
      {
        extends: true,
        root: import.meta.dirname,
        test: {
          name: 'browser',
          include: ['app/**/*.test.{ts,tsx}'],
          ...timeouts,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            // Two checkouts may be tested at once.
            api: { strictPort: false },
            provider: playwright({ launchOptions: { executablePath: findBrowser(), args: browserArgs } }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
