import { afterEach, expect, test, vi } from 'vitest';
import { saveFamily } from '../../src/model/layout/save-family.ts';
import { randomModel } from '../../src/model/layout/random-model.ts';
import { ModelCache } from './model-cache.ts';

afterEach(() => vi.unstubAllGlobals());

test('weights are fetched when a scorer first needs them, once, and again after a failure', async () => {
  const model = randomModel({ session: 'none' }, 1);
  const { bytes, header } = saveFamily('wide-deep', model.config, model, {
    recipe: {},
    metrics: {},
    curve: [],
  });
  const asked: string[] = [];
  let up = false;
  vi.stubGlobal('fetch', (url: URL) => {
    asked.push(url.pathname);
    if (!up) return Promise.resolve(new Response('', { status: 503 }));
    return Promise.resolve(
      url.pathname.endsWith('.json') ? Response.json(header) : new Response(bytes as Uint8Array<ArrayBuffer>),
    );
  });
  const cache = new ModelCache(() => 'http://here/page/');
  expect(await cache.families(['rules', undefined, 'towers'])).toEqual({});
  expect(asked).toEqual([]);
  await expect(cache.families(['wide-deep'])).rejects.toThrow('could not be loaded (503)');
  up = true;
  asked.length = 0;
  const first = await cache.families(['wide-deep', 'wide-deep', 'oracle']);
  const second = await cache.families(['wide-deep']);
  expect(second['wide-deep']).toBe(first['wide-deep']);
  expect(first['wide-deep']?.embedders['wide'].data).toEqual(model.embedders['wide'].data);
  expect(asked.sort()).toEqual(['/page/models/wide-deep.bin', '/page/models/wide-deep.json']);
});
