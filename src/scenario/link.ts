import { MARK_DIGITS, marksOf } from '../base/digest-trail.ts';
import { LabError, shown } from '../base/errors.ts';
import { decodePermalink, encodePermalink } from './permalink.ts';
import type { Policy, Scenario } from './schema.ts';

/**
 * What a link to the page holds after its "#": the scenario and the compared policy, by name, e.g.
 * "policy.scorer=oracle&vs.scorer=rules".
 */
export interface Linked {
  readonly scenario: Scenario;
  /** Policy B, or null. */
  readonly other: Policy | null;
}

/** Prefix of the knobs of the compared policy. */
const OTHER = 'vs.';
/** Prefix of the entries of the experiment room. */
export const EXPERIMENT = 'x.';

/** A moment of a run, as a link states it. */
export interface RunPoint {
  readonly backend?: 'cpu' | 'gpu';
  readonly tick?: number;
  readonly digest?: string;
  /** Beginnings of the digest at earlier ticks (DigestTrail). */
  readonly trail?: string;
}

/** Prefixes of a moment of the run, and of what the page shows. */
const RUN = 'run.';
const VIEW = 'view.';

export function encodeRun({ backend, tick, digest, trail }: RunPoint): [string, string][] {
  return Object.entries({ backend, tick, digest, trail }).flatMap(([key, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[`${RUN}${key}`, String(value)]],
  );
}

/** @throws LabError for an entry that is wrong. */
export function decodeRun(entries: Iterable<readonly [string, string]>): RunPoint {
  const run: { -readonly [K in keyof RunPoint]: RunPoint[K] } = {};
  for (const [path, text] of entries) {
    if (!path.startsWith(RUN)) continue;
    const refuse = (expected: string) =>
      new LabError(`${expected} was expected; it is ${shown(text)}`, `link.${path}`);
    if (path === 'run.backend') {
      if (text !== 'cpu' && text !== 'gpu') throw refuse('cpu or gpu');
      run.backend = text;
    } else if (path === 'run.tick') {
      if (!/^\d{1,8}$/.test(text)) throw refuse('a whole number of ticks');
      run.tick = Number(text);
    } else if (path === 'run.digest') {
      if (!/^[0-9a-f]{16}$/.test(text)) throw refuse('a digest of 16 hexadecimal digits');
      run.digest = text;
    } else if (path === 'run.trail') {
      if (!/^[0-9a-f]+$/.test(text)) throw refuse('a row of hexadecimal digits');
      run.trail = text;
    } else
      throw new LabError('there is no such entry; there are backend, tick, digest and trail', `link.${path}`);
  }
  const { tick = 0, trail } = run;
  const digits = MARK_DIGITS * marksOf(tick);
  if (trail !== undefined && trail.length !== digits)
    throw new LabError(
      `${digits} digits were expected for tick ${tick}; it has ${trail.length}: remove it, or copy the link again`,
      'link.run.trail',
    );
  return run;
}

/** The entries of a link; at least one, because a link without any opens the first preset. */
export function encodeLink({ scenario, other }: Linked): URLSearchParams {
  const parts = new URLSearchParams(encodePermalink(scenario));
  if (parts.size === 0) parts.set('seed', String(scenario.seed));
  if (other !== null) {
    const policy = new URLSearchParams(encodePermalink({ ...scenario, policy: other }));
    parts.set(`${OTHER}scorer`, other.scorer);
    for (const [path, value] of policy)
      if (path.startsWith('policy.')) parts.set(path.replace('policy.', OTHER), value);
  }
  return parts;
}

/** What the entries hold, or null if they hold no scenario. @throws LabError for a wrong one. */
export function decodeLink(entries: Iterable<readonly [string, string]>): Linked | null {
  const parts = [...entries].filter(([path]) => ![EXPERIMENT, RUN, VIEW].some((p) => path.startsWith(p)));
  if (parts.length === 0) return null;
  const other = parts
    .filter(([path]) => path.startsWith(OTHER))
    .map(([path, value]) => [path.replace(OTHER, 'policy.'), value]);
  const decode = (pairs: (readonly string[])[]) =>
    decodePermalink(new URLSearchParams(pairs.map(([path, value]) => [path, value])).toString());
  return {
    scenario: decode(parts.filter(([path]) => !path.startsWith(OTHER))),
    other: other.length === 0 ? null : decode(other).policy,
  };
}

/** Whether a text on the command line is a link to the page, and no file or preset. */
export const isLink = (text: string): boolean => /^(https?:\/\/|#)/.test(text);

/** What a link holds, from its address or the part from "#" on. @throws LabError. */
export function readLink(text: string): Linked & { readonly run: RunPoint } {
  const at = text.indexOf('#');
  const entries = new URLSearchParams(at < 0 ? '' : text.slice(at + 1));
  const linked = decodeLink(entries);
  if (linked === null)
    throw new LabError('this link holds no scenario: its address must have one after the "#"', 'link');
  return { ...linked, run: decodeRun(entries) };
}
