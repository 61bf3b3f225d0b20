import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

test('no driver at all: one clear error that says what to do, and no software driver slipped in against the wish', async () => {
  const code = `import('./src/gpu/node.ts').then(m => m.openNodeGpu()).then(() => process.exit(0), e => { console.log(e.message); process.exit(3); })`;
  const env = { ...process.env, VK_DRIVER_FILES: '/nonexistent.json', VK_ICD_FILENAMES: '/nonexistent.json' };
  const failed = await run(
    process.execPath,
    ['--import', 'tsx', '--import', './src/lab/register.mjs', '--input-type=module', '-e', code],
    { env },
  ).catch((error: { code: number; stdout: string }) => error);
  expect((failed as { code: number }).code).toBe(3);
  expect(failed.stdout).toContain('no WebGPU adapter in Node');
  expect(failed.stdout).toContain('--backend cpu');
});

test('the adapter of the tests is there: GPU tests fail loudly rather than being skipped', async () => {
  expect(await navigator.gpu.requestAdapter()).not.toBeNull();
});
