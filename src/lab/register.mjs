// Lets Node import shader text (`./x.wgsl?raw`) and AssemblyScript (`./x.as.ts?wasm`), like Vite.
import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { assemblyScript } from '../score/wasm/compile.mjs';

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.includes('?')) return next(url, context);
  const path = fileURLToPath(url);
  const query = new URL(url).search;
  const source =
    query === '?raw'
      ? `export default ${JSON.stringify(readFileSync(path, 'utf8'))};`
      : await assemblyScript(path + query);
  return source === undefined ? next(url, context) : { format: 'module', shortCircuit: true, source };
}

// This file is loaded twice: as the entry that registers the hook, and in the thread of the hook.
if (!process.execArgv.includes('--lab-hook') && !globalThis[Symbol.for('lab.hook')]) {
  globalThis[Symbol.for('lab.hook')] = true;
  register(import.meta.url);
}
