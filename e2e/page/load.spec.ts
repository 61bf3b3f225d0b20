import { expect, test } from '@playwright/test';
import { kilobytes, visit } from '../bench/page/load.ts';

/** JavaScript and WebAssembly until the first tick, kB packed by brotli: it may only shrink. */
const LIMIT_KB = 260;

test('before the first tick the page loads only what the first tick and the first pictures need', async () => {
  const { files } = await visit('dist');
  expect(files.filter((file) => /(page|library|entry)-[^/]*\.js$/.test(file))).not.toEqual([]);
  expect(kilobytes('dist', files, /\.(js|wasm)$/)).toBeLessThan(LIMIT_KB);
  const later = /popups|Opened|Popover|Dialog|tips|offline|painters|picture|formula|moments|gpu-/;
  expect(files.filter((file) => later.test(file))).toEqual([]);
});
