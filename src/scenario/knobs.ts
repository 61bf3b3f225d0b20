import * as v from 'valibot';
import type { KnobInfo } from './knob.ts';
import { scenarioSchema } from './schema.ts';

/** The parts of a valibot schema that a walk through it needs. */
export interface SchemaNode {
  readonly type: string;
  readonly default?: unknown;
  readonly wrapped?: SchemaNode;
  /** Of a group: its members. */
  readonly entries?: Readonly<Record<string, SchemaNode>>;
  /** Of a list: its elements. */
  readonly item?: SchemaNode;
}

interface ListedKnob {
  /** Place in the schema, e.g. "population.countries.JP". */
  readonly path: string;
  readonly info: KnobInfo;
  readonly schema: v.GenericSchema;
  readonly defaultValue: number | string;
}

/** Every knob of a schema, in its order; the scenario's by default, without its stages. */
export function listKnobs(schema: v.GenericSchema = scenarioSchema): ListedKnob[] {
  return walk(schema, '', undefined);
}

function walk(node: SchemaNode, path: string, defaultValue: unknown): ListedKnob[] {
  if (node.wrapped !== undefined) return walk(node.wrapped, path, node.default);
  if (node.entries !== undefined)
    return Object.entries(node.entries).flatMap(([key, child]) =>
      walk(child, path === '' ? key : `${path}.${key}`, undefined),
    );
  const schema = node as unknown as v.GenericSchema;
  const info = v.getMetadata(schema)['knob'] as KnobInfo | undefined;
  return info === undefined ? [] : [{ path, info, schema, defaultValue: defaultValue as number | string }];
}
