import { LabError } from '../base/errors.ts';
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
  const parts = [...entries].filter(([path]) => !path.startsWith(EXPERIMENT));
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
export function readLink(text: string): Linked {
  const at = text.indexOf('#');
  const linked = at < 0 ? null : decodeLink(new URLSearchParams(text.slice(at + 1)));
  if (linked === null)
    throw new LabError('this link holds no scenario: its address must have one after the "#"', 'link');
  return linked;
}
