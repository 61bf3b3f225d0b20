import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileModule } from './device.ts';
import { shaderDefinitions } from './kernel.ts';
import { combinations, moduleText, shaderModules } from './modules.ts';
import type { Combining, ShaderModuleName } from './modules.ts';
import { openNullGpu } from './node.ts';

const names = Object.keys(shaderModules) as ShaderModuleName[];
const alive = <T>(promise: Promise<T>) => promise;

// Held for the whole file: Dawn frees its instance with this object.
const gpu = openNullGpu();

async function nullDevice(): Promise<GPUDevice> {
  // Default limits: what a real browser gives to everybody. Subgroups for the variants that need them.
  const adapter = await (await gpu).requestAdapter();
  if (adapter === null) throw new Error("Dawn's null backend gave no adapter");
  return adapter.requestDevice({ requiredFeatures: ['subgroups'] });
}

test('every shader compiles, and every entry point makes a pipeline, within the default limits', async () => {
  const device = await nullDevice();
  for (const name of names) {
    const module = await compileModule({ device, alive }, name);
    for (const entryPoint of Object.keys(shaderDefinitions(name).entryPoints))
      await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint } });
  }
  device.destroy();
});

test('every module that weighs pairs compiles for every way of combining scores', async () => {
  const device = await nullDevice();
  for (const name of names.filter((n) => moduleText(n) !== moduleText(n, 'mean')))
    for (const combining of Object.keys(combinations) as Combining[])
      await expect(
        compileModule({ device, alive }, name, combining),
        `${name} ${combining}`,
      ).resolves.toBeDefined();
  device.destroy();
});

test('no shader file is unused', () => {
  const used = new Set(
    [...names.flatMap((name) => [...shaderModules[name]]), ...Object.values(combinations)].map((f) => f.file),
  );
  const files = readdirSync('shaders').filter((f) => f.endsWith('.wgsl') && !f.startsWith('sky'));
  expect([...used].sort()).toEqual(files.map((f) => `shaders/${f}`).sort());
});

test('every variable has an initialiser: some drivers keep the old value in loops', () => {
  for (const name of names)
    for (const { file, text } of shaderModules[name])
      for (const line of text.split('\n'))
        expect(/^\s+var\s+\w+\s*:[^=]*;/.test(line), `${file}: ${line.trim()}`).toBe(false);
});

test('a compile error names file, line and column and shows the line', async () => {
  const device = await nullDevice();
  const broken = shaderModules.dual
    .map((f) => f.text)
    .join('\n')
    .replace('market.n', 'market.m');
  await expect(compileModule({ device, alive }, 'dual', undefined, broken)).rejects.toThrow(
    /dual:\d+:\d+: .*m(.|\n)*market\.m/,
  );
  device.destroy();
});
