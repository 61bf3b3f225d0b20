import * as v from 'valibot';
import type { Side } from '../engine/api.ts';
import type { KnobInfo } from '../../src/scenario/knob.ts';
import { formulaProblem } from '../../src/scenario/formula/language.ts';
import { listKnobs } from '../../src/scenario/knobs.ts';
import { scenarioSchema, type Policy, type Scenario } from '../../src/scenario/schema.ts';

/** A setting, as a control needs it. */
export interface Knob {
  /** Path in the schema, e.g. "population.countries.JP". */
  readonly path: string;
  /**
   * Group in the list: "population", "population.countries", "behaviour", "policy", "shock", or ""
   * (the seed).
   */
  readonly group: string;
  readonly info: KnobInfo;
  readonly kind: 'number' | 'choice';
  readonly defaultValue: number | string;
  /** Checks a value. Returns the problem in one sentence, or null. */
  readonly check: (value: unknown) => string | null;
}

/** Every knob of the scenario, in the order of the schema. */
export const knobs: readonly Knob[] = knobsOf(scenarioSchema);

const byPath = new Map(knobs.map((knob) => [knob.path, knob]));

/** The knob at a path of the scenario. Throws if there is none. */
export function knobAt(path: string): Knob {
  const knob = byPath.get(path);
  if (knob === undefined) throw new Error(`There is no knob ${path}.`);
  return knob;
}

/** Checks a value for a knob, or for the formula, which has an editor instead of a control. */
export function checkOf(path: string): Knob['check'] {
  if (path !== 'policy.formula') return knobAt(path).check;
  return (text) => formulaProblem(String(text)) ?? null;
}

/** Every knob of a schema. */
export function knobsOf(schema: v.GenericSchema): Knob[] {
  return listKnobs(schema).map(({ path, info, schema: own, defaultValue }) => ({
    path,
    group: path.split('.').slice(0, -1).join('.'),
    info,
    kind: info.options === undefined ? 'number' : 'choice',
    defaultValue,
    check: (value) => {
      // The page shows shares as percent, so messages use percent too.
      if (info.unit === '%' && typeof value === 'number') return checkShare(info, value);
      const result = v.safeParse(own, value, { abortEarly: true });
      return result.success ? null : `${result.issues[0].message}.`;
    },
  }));
}

function checkShare({ label, min = 0, max = 1 }: KnobInfo, value: number): string | null {
  if (value >= min && value <= max) return null;
  const percent = (share: number) => Number((100 * share).toFixed(4));
  return `${label} must lie between ${percent(min)} and ${percent(max)} %; it is ${percent(value)} %.`;
}

/** Knobs of the feed and the tray are shown where these are on, but for the switches. */
export function shownKnobs(on: Readonly<Record<'feed' | 'tray', boolean>>): readonly Knob[] {
  return knobs.filter(({ path }) => {
    const [, moment] = /^(?:policy\.)?(feed|tray)(?!\.on$)/.exec(path) ?? [];
    return moment === undefined || on[moment as keyof typeof on];
  });
}

/** The scenario as the user set it, and the compared policy, if any. */
export interface Draft {
  readonly scenario: Scenario;
  readonly other: Policy | null;
}

/** The value of a knob. `side` selects the policy, if the knob belongs to one. */
export function readKnob(draft: Draft, path: string, side: Side = 'main'): number | string {
  return valueAt(rootOf(draft, path, side), path);
}

/** A copy of the draft with one knob changed. Unchanged parts are shared. */
export function writeKnob(draft: Draft, path: string, value: number | string, side: Side = 'main'): Draft {
  if (isPolicy(path) && side === 'other') {
    if (draft.other === null) return draft;
    return { ...draft, other: withValue({ policy: draft.other }, path, value).policy };
  }
  return { ...draft, scenario: withValue(draft.scenario, path, value) };
}

export function isPolicy(path: string): boolean {
  return path.startsWith('policy.');
}

function rootOf(draft: Draft, path: string, side: Side): unknown {
  return isPolicy(path) && side === 'other'
    ? { policy: draft.other ?? draft.scenario.policy }
    : draft.scenario;
}

/** The value at a path, e.g. "policy.scorer". */
export function valueAt(root: unknown, path: string): number | string {
  const walk = (node: unknown, key: string) => (node as Record<string, unknown> | undefined)?.[key];
  return path.split('.').reduce(walk, root) as number | string;
}

/** A copy of the object with the value at a path replaced. Unchanged parts are shared. */
export function withValue<T>(root: T, path: string, value: unknown): T {
  const [key, ...rest] = path.split('.');
  const record = root as Record<string, unknown>;
  return { ...record, [key]: rest.length === 0 ? value : withValue(record[key], rest.join('.'), value) } as T;
}
