// Compiles AssemblyScript on import: `import bytes from './x.as.ts?wasm'` gives the bytes of a
// WebAssembly module.
// Shared by the vite plugin (vite.config.ts) and the loader hook of Node (src/lab/register.mjs).
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How the import of an AssemblyScript module ends. */
const SUFFIX = '.as.ts?wasm';

const options = {
  optimizeLevel: 3,
  noAssert: true,
  enable: 'simd',
  runtime: 'stub',
  importMemory: true,
  initialMemory: 1,
};
const { version } = createRequire(import.meta.url)('assemblyscript/package.json');
const cache = fileURLToPath(new URL('../../../node_modules/.cache/assemblyscript/', import.meta.url));

/**
 * @param {string} path of an AssemblyScript file.
 * @returns {Promise<Buffer>} its WebAssembly module.
 */
async function compile(path) {
  const source = readFileSync(path, 'utf8');
  const key = createHash('sha256')
    .update(JSON.stringify([version, options, source]))
    .digest('hex');
  const cached = join(cache, `${key}.wasm`);
  try {
    return readFileSync(cached);
  } catch {
    // Not compiled yet.
  }
  const { default: asc } = await import('assemblyscript/asc');
  const { error, stderr, binary } = await asc.compileString(source, options);
  if (error !== null || binary === null) throw new Error(`${path} does not compile:\n${stderr.toString()}`);
  mkdirSync(cache, { recursive: true });
  // Written under another name first, because several processes may compile at once.
  const partial = `${cached}.${process.pid}`;
  writeFileSync(partial, binary);
  renameSync(partial, cached);
  return Buffer.from(binary);
}

/** See compile.d.mts. */
export function assemblyScript(id) {
  return id.endsWith(SUFFIX) ? moduleOf(id.slice(0, -'?wasm'.length)) : undefined;
}

async function moduleOf(path) {
  const text = JSON.stringify((await compile(path)).toString('base64'));
  return `export default Uint8Array.from(atob(${text}), (c) => c.charCodeAt(0));`;
}
