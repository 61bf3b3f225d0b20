import type { FamilyHeader } from '../../src/model/family/save.ts';
import { memberText } from './knobs.ts';
import { members, type Member } from './orders.ts';
import type { ModelEntry } from './store.ts';

/** The weights that came with the page. A model whose files are not there is passed over; a damaged one is named. */
export async function loadShipped(
  base: string = document.baseURI,
): Promise<{ models: ModelEntry[]; problems: string[] }> {
  const found = await Promise.all(members.map((member) => load(member, base)));
  return {
    models: found.filter((f) => f !== null && typeof f !== 'string'),
    problems: found.filter((f) => typeof f === 'string'),
  };
}

async function load(member: Member, base: string): Promise<ModelEntry | string | null> {
  try {
    const [json, bin] = await Promise.all(
      ['json', 'bin'].map((kind) => fetch(new URL(`models/${member}.${kind}`, base))),
    );
    if (!json.ok || !bin.ok) return null;
    // A server that answers everything with its page has no such file either.
    if (!(json.headers.get('content-type') ?? '').includes('json')) return null;
    const header = (await json.json()) as FamilyHeader;
    const bytes = new Uint8Array(await bin.arrayBuffer());
    if (bytes.length !== header.bytes)
      return `The shipped ${memberText[member].label} has ${bytes.length} bytes instead of ${header.bytes}; reload the page.`;
    return {
      id: `shipped-${member}`,
      label: memberText[member].label,
      member,
      origin: 'shipped',
      weights: { bytes, header },
      judgement: null,
    };
  } catch (error) {
    return `The shipped ${memberText[member].label} could not be loaded: ${error instanceof Error ? error.message : String(error)}.`;
  }
}
