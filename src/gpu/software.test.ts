import { expect, test } from 'vitest';
import { isSoftwareAdapter } from './software.ts';

test.each([
  [{ vendor: 'google', architecture: 'swiftshader' }, true],
  [{ vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' }, true],
  [{ vendor: 'microsoft', architecture: 'warp', description: 'Microsoft Basic Render Driver' }, true],
  [{ vendor: 'nvidia', architecture: 'hopper', isFallbackAdapter: true }, true],
  [{ vendor: 'nvidia', architecture: 'hopper', description: 'NVIDIA H100', isFallbackAdapter: false }, false],
  [{ vendor: 'apple', architecture: 'metal-3' }, false],
  [{ vendor: 'intel', description: 'WarpSpeed Iris' }, false],
  [{}, false],
])('%o: software %s', (info, software) => {
  expect(isSoftwareAdapter(info)).toBe(software);
});
