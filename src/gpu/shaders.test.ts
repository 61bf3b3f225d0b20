import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileModule } from './device.ts';
import { openNullGpu } from './node.ts';
import { resolveShader } from './shader.ts';
import { shaders, shaderSources } from './shaders.ts';

const alive = <T>(promise: Promise<T>) => promise;
/** Compute shaders by path. The page draws with sky/, tests compute with testing/. */
const files = (readdirSync('shaders', { recursive: true }) as string[])
  .filter((file) => file.endsWith('.wgsl') && !file.startsWith('sky/'))
  .sort();
const textOf = (file: string) => readFileSync(`shaders/${file}`, 'utf8');

// Kept for the whole file: Dawn frees its instance with this object.
const gpu = openNullGpu();

async function nullDevice(): Promise<GPUDevice> {
  // Default limits, which every browser grants.
  const adapter = await (await gpu).requestAdapter();
  if (adapter === null) throw new Error("Dawn's null backend gave no adapter");
  return adapter.requestDevice();
}

test('every shader compiles, and every entry point makes a pipeline, within the default limits', async () => {
  const device = await nullDevice();
  for (const shader of Object.values(shaders)) {
    const module = await compileModule({ device, alive }, shader);
    for (const [, entryPoint] of shader.text.matchAll(/@compute[^{]*?\bfn (\w+)/g))
      await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint } });
  }
  device.destroy();
});

test('every shader file is loaded, and used by a module', () => {
  expect(Object.keys(shaderSources)).toEqual(files.filter((file) => !file.startsWith('testing/')));
  const used = new Set(Object.values(shaders).flatMap(({ lines }) => lines.map((line) => line.file)));
  expect([...used].sort()).toEqual(Object.keys(shaderSources));
});

test('every variable has an initialiser: some drivers keep the old value in loops', () => {
  for (const file of files)
    for (const line of textOf(file).split('\n'))
      expect(/^\s+var\s+\w+\s*:[^=]*;/.test(line), `${file}: ${line.trim()}`).toBe(false);
});

test('no marker constant is declared twice', () => {
  for (const name of ['NONE', 'LOWEST', 'DRY'])
    expect(files.filter((file) => textOf(file).includes(`const ${name}`))).toHaveLength(1);
});

test('an include is resolved once, before the first file that needs it', () => {
  const sources = {
    'a.wgsl': '// #include "b.wgsl"\n// #include "c.wgsl"\na',
    'b.wgsl': '// #include "c.wgsl"\nb',
    'c.wgsl': 'c1\nc2',
  };
  const { text, lines } = resolveShader('a.wgsl', sources);
  expect(text).toBe('c1\nc2\nb\na');
  expect(lines.map(({ file, line }) => `${file}:${line}`)).toEqual([
    'c.wgsl:1',
    'c.wgsl:2',
    'b.wgsl:2',
    'a.wgsl:3',
  ]);
  expect(() => resolveShader('d.wgsl', { 'd.wgsl': '\n// #include "e.wgsl"' })).toThrow(
    'shaders/d.wgsl:2: there is no "e.wgsl" to include',
  );
});

test('a compile error names the file, line and column of an include and shows the line', async () => {
  const device = await nullDevice();
  const state = 'match/auction/state.wgsl';
  const broken = shaderSources[state].replace('auction.n;', 'auction.m;');
  const line = broken.split('\n').findIndex((text) => text.includes('auction.m;')) + 1;
  const shader = resolveShader('match/auction/dual.wgsl', { ...shaderSources, [state]: broken });
  await expect(compileModule({ device, alive }, shader)).rejects.toThrow(
    new RegExp(`shaders/${state}:${line}:\\d+: .*m(.|\\n)*auction\\.m`),
  );
  device.destroy();
});
