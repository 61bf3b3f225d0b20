import { fileOf, shippedNames } from '../../../src/model/layout/recipes.ts';
import { nameText } from './knobs.ts';
import type { AnyHeader } from '../worker/orders.ts';
import type { ModelEntry } from './state.ts';

/** The weights that came with the page. A model whose files are not there is passed over; a damaged one is named. */
export async function loadShipped(
  base: string = document.baseURI,
): Promise<{ models: ModelEntry[]; problems: string[] }> {
  const found = await Promise.all(['factors', 'towers', ...shippedNames].map((name) => load(name, base)));
  return {
    models: found.filter((f) => f !== null && typeof f !== 'string'),
    problems: found.filter((f) => typeof f === 'string'),
  };
}

async function load(name: string, base: string): Promise<ModelEntry | string | null> {
  try {
    const [json, bin] = await Promise.all(
      ['json', 'bin'].map((kind) => fetch(new URL(`models/${fileOf(name)}.${kind}`, base))),
    );
    if (!json.ok || !bin.ok) return null;
    // A server that answers everything with its page has no such file either.
    if (!(json.headers.get('content-type') ?? '').includes('json')) return null;
    const header = (await json.json()) as AnyHeader;
    const bytes = new Uint8Array(await bin.arrayBuffer());
    if (bytes.length !== header.bytes)
      return `The shipped ${nameText(name)} has ${bytes.length} bytes instead of ${header.bytes}; reload the page.`;
    return { name, origin: 'shipped', weights: { bytes, header } };
  } catch (error) {
    return `The shipped ${nameText(name)} could not be loaded: ${error instanceof Error ? error.message : String(error)}.`;
  }
}
