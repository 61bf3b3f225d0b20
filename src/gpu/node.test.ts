import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const OPEN = `import('./src/gpu/node.ts').then(m => m.openNodeGpu()).then(() => process.exit(0), e => { console.log(e.message); process.exit(3); })`;
const open = (env: NodeJS.ProcessEnv) =>
  run(
    process.execPath,
    ['--import', 'tsx', '--import', './src/lab/register.mjs', '--input-type=module', '-e', OPEN],
    { env },
  );

test('where no driver is installed, the software driver is taken and the Vulkan loader prints nothing', async () => {
  const { VK_DRIVER_FILES: _files, VK_ICD_FILENAMES: _names, ...env } = process.env;
  const opened = await open({ ...env, XDG_DATA_DIRS: '/nonexistent', XDG_CONFIG_DIRS: '/nonexistent' });
  expect(opened.stdout + opened.stderr).toBe('');
});

test('no driver at all: one clear error that says what to do, and no software driver slipped in against the wish', async () => {
  const env = { ...process.env, VK_DRIVER_FILES: '/nonexistent.json', VK_ICD_FILENAMES: '/nonexistent.json' };
  const failed = await open(env).catch((error: { code: number; stdout: string }) => error);
  expect((failed as { code: number }).code).toBe(3);
  expect(failed.stdout).toContain('no WebGPU adapter in Node');
  expect(failed.stdout).toContain('--backend cpu');
});

test('the adapter of the tests is there: GPU tests fail loudly rather than being skipped', async () => {
  expect(await navigator.gpu.requestAdapter()).not.toBeNull();
});
