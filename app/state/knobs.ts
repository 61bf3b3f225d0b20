import * as v from 'valibot';
import type { KnobInfo } from '../../src/scenario/knob.ts';
import { listKnobs } from '../../src/scenario/knobs.ts';
import type { Policy, Scenario } from '../../src/scenario/schema.ts';

/** One thing a person can set, as a control needs it. */
export interface Knob {
  /** Place in the scenario, e.g. "population.countries.JP". */
  readonly path: string;
  /** Group it is listed under: "population", "population.countries", "behaviour", "policy", "shock", "" (the seed). */
  readonly group: string;
  readonly info: KnobInfo;
  readonly kind: 'number' | 'choice';
  readonly defaultValue: number | string;
  /** What is wrong with a value, in one sentence, or null. */
  readonly check: (value: unknown) => string | null;
}

/** Every knob of the scenario schema, in the order in which it is written there. */
export const knobs: readonly Knob[] = listKnobs().map(({ path, info, schema, defaultValue }) => ({
  path,
  group: path.split('.').slice(0, -1).join('.'),
  info,
  kind: info.options === undefined ? 'number' : 'choice',
  defaultValue,
  check: (value) => {
    // Shares are shown as percent, so a message about them must speak of percent too.
    if (info.unit === '%' && typeof value === 'number') return checkShare(info, value);
    const result = v.safeParse(schema, value, { abortEarly: true });
    return result.success ? null : `${result.issues[0].message}.`;
  },
}));

const byPath = new Map(knobs.map((knob) => [knob.path, knob]));

/** The knob at a path of the scenario. Throws where there is none. */
export function knobAt(path: string): Knob {
  const knob = byPath.get(path);
  if (knob === undefined) throw new Error(`There is no knob ${path}.`);
  return knob;
}

function checkShare({ label, min = 0, max = 1 }: KnobInfo, value: number): string | null {
  if (value >= min && value <= max) return null;
  const percent = (share: number) => Number((100 * share).toFixed(4));
  return `${label} must lie between ${percent(min)} and ${percent(max)} %; it is ${percent(value)} %.`;
}

/** What a draft holds: the scenario as asked for, and the policy it is compared with, if any. */
export interface Draft {
  readonly scenario: Scenario;
  readonly other: Policy | null;
}

export type Side = 'main' | 'other';

/** The value of a knob. `side` says whose policy is meant, where the knob belongs to the policy. */
export function readKnob(draft: Draft, path: string, side: Side = 'main'): number | string {
  return get(rootOf(draft, path, side), path) as number | string;
}

/** The draft with one knob changed; everything else is shared with the old one. */
export function writeKnob(draft: Draft, path: string, value: number | string, side: Side = 'main'): Draft {
  if (isPolicy(path) && side === 'other') {
    if (draft.other === null) return draft;
    return { ...draft, other: set({ policy: draft.other }, path.split('.'), value).policy };
  }
  return { ...draft, scenario: set(draft.scenario, path.split('.'), value) };
}

export function isPolicy(path: string): boolean {
  return path.startsWith('policy.');
}

function rootOf(draft: Draft, path: string, side: Side): unknown {
  return isPolicy(path) && side === 'other'
    ? { policy: draft.other ?? draft.scenario.policy }
    : draft.scenario;
}

function get(root: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], root);
}

function set<T>(root: T, keys: readonly string[], value: unknown): T {
  const [key, ...rest] = keys;
  const record = root as Record<string, unknown>;
  return { ...record, [key]: rest.length === 0 ? value : set(record[key], rest, value) } as T;
}
