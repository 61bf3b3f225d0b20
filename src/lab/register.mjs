// Lets Node import shader text as vite does (`./x.wgsl?raw`).
import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';

export async function load(url, context, next) {
  if (!url.endsWith('?raw')) return next(url, context);
  const text = readFileSync(fileURLToPath(url.slice(0, -'?raw'.length)), 'utf8');
  return { format: 'module', shortCircuit: true, source: `export default ${JSON.stringify(text)};` };
}

// This file is loaded twice: as the entry that registers the hook, and in the thread of the hook.
if (!process.execArgv.includes('--lab-hook') && !globalThis[Symbol.for('lab.hook')]) {
  globalThis[Symbol.for('lab.hook')] = true;
  register(import.meta.url);
}
