import * as v from 'valibot';
import type { KnobInfo } from '../knob.ts';
import { scenarioSchema } from '../schema.ts';

/** A knob of the schema, for tests that go through all of them. */
export interface ListedKnob {
  readonly path: string;
  readonly min: number;
  readonly max: number;
  readonly options: readonly string[] | undefined;
}

interface Node {
  readonly wrapped?: Node;
  readonly entries?: Readonly<Record<string, Node>>;
}

/** Every knob of the schema, the seed left out. */
export function knobList(): ListedKnob[] {
  const found: ListedKnob[] = [];
  const walk = (node: Node, path: string): void => {
    if (node.wrapped !== undefined) walk(node.wrapped, path);
    else if (node.entries !== undefined)
      for (const [key, child] of Object.entries(node.entries))
        walk(child, path === '' ? key : `${path}.${key}`);
    else {
      const info = v.getMetadata(node as unknown as v.GenericSchema)['knob'] as KnobInfo | undefined;
      if (info === undefined || path === 'seed') return;
      const { min = 0, max = 0, options } = info;
      found.push({ path, min, max, options: options?.map((o) => o.value) });
    }
  };
  walk(scenarioSchema as unknown as Node, '');
  return found;
}
