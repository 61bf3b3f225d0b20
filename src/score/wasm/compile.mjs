// Compiles AssemblyScript on import: `import bytes from './x.as.ts?wasm'` gives a function
// that returns the bytes of a WebAssembly module.
// Shared by the vite plugin (vite.config.ts) and the loader hook of Node (src/lab/register.mjs).
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How the import of an AssemblyScript module ends. */
const SUFFIX = '.as.ts?wasm';

const flags =
  '-O3 --noAssert --enable simd --enable threads --runtime stub --importMemory --exportTable --initialMemory 1 --maximumMemory 32768 --sharedMemory';
const { version } = createRequire(import.meta.url)('assemblyscript/package.json');
const cache = fileURLToPath(new URL('../../../node_modules/.cache/assemblyscript/', import.meta.url));

/**
 * @param {string} path of an AssemblyScript file.
 * @returns {Promise<Buffer>} its WebAssembly module.
 */
async function compile(path) {
  // Modules import from others of their folder.
  const folder = dirname(path);
  const sources = new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.as.ts'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
  const entry = basename(path);
  const key = createHash('sha256')
    .update(JSON.stringify([version, flags, entry, [...sources]]))
    .digest('hex');
  const cached = join(cache, `${key}.wasm`);
  try {
    return readFileSync(cached);
  } catch {
    // Not compiled yet.
  }
  const { default: asc } = await import('assemblyscript/asc');
  let binary;
  const { error, stderr } = await asc.main([entry, ...flags.split(' '), '--outFile', 'module.wasm'], {
    readFile: (name) => sources.get(name) ?? null,
    writeFile: (_, contents) => void (binary = contents),
    listFiles: () => [],
  });
  if (error !== null || binary === undefined)
    throw new Error(`${path} does not compile:\n${stderr.toString()}`);
  mkdirSync(cache, { recursive: true });
  // Written under another name first, because several processes may compile at once.
  const partial = `${cached}.${process.pid}`;
  writeFileSync(partial, binary);
  renameSync(partial, cached);
  return Buffer.from(binary);
}

/** See compile.d.mts. */
export async function assemblyScript(id) {
  const bytes = await wasmOf(id);
  if (bytes === undefined) return undefined;
  // One character for each byte: compresses to half of what base64 does.
  const text = JSON.stringify(bytes.toString('latin1'));
  return `export default () => Uint8Array.from(${text}, (c) => c.charCodeAt(0));`;
}

/** See compile.d.mts. */
export async function wasmOf(id) {
  return id.endsWith(SUFFIX) ? compile(id.slice(0, -'?wasm'.length)) : undefined;
}
