import { basename } from 'node:path';
import type { Plugin } from 'vite';
import { assemblyScript, wasmOf } from '../../src/score/wasm/compile.mjs';

/** In the server for development and in tests, AssemblyScript is part of the code. */
export function inlineWasm(): Plugin {
  return { name: 'inline-wasm', apply: 'serve', enforce: 'pre', load: assemblyScript };
}

/**
 * In the built page, all workers share one file for each AssemblyScript module. They load it when
 * they first need it, and wait: a worker may, and the kernel is called synchronously.
 */
export function wasmFiles(): Plugin {
  return {
    name: 'wasm-files',
    apply: 'build',
    enforce: 'pre',
    async load(id) {
      const source = await wasmOf(id);
      if (source === undefined) return undefined;
      const name = `${basename(id).split('.')[0]}.wasm`;
      const file = this.emitFile({ type: 'asset', name, source });
      return `export default () => {
        const request = new XMLHttpRequest();
        request.open('GET', import.meta.ROLLUP_FILE_URL_${file}, false);
        request.responseType = 'arraybuffer';
        request.send();
        return new Uint8Array(request.response);
      };`;
    },
  };
}
