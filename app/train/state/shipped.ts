import { fileOf, shippedNames } from '../../../src/model/layout/recipes.ts';
import { nameText } from '../names.ts';
import type { Weights } from '../worker/protocol.ts';
import type { ModelEntry } from './store.ts';

/** Loads the shipped weights. A model without files is skipped; a damaged one is a problem. */
export async function fetchShippedModels(
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
    // Some servers answer with their page where a file is missing.
    if (!(json.headers.get('content-type') ?? '').includes('json')) return null;
    const header = (await json.json()) as Weights['header'];
    const bytes = new Uint8Array(await bin.arrayBuffer());
    if (bytes.length !== header.bytes)
      return `The shipped ${nameText(name)} has ${bytes.length} bytes instead of ${header.bytes}; reload the page.`;
    return { name, origin: 'shipped', weights: { bytes, header } };
  } catch (error) {
    return `The shipped ${nameText(name)} could not be loaded: ${error instanceof Error ? error.message : String(error)}.`;
  }
}
