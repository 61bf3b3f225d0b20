import { decodePermalink, encodePermalink } from '../../src/scenario/permalink.ts';
import type { Draft } from './knobs.ts';
import { presets } from './presets.ts';
import { useScenario } from './scenario-store.ts';
import { useStatus } from './status-store.ts';
import { settled } from './timing.ts';

/** How long the scenario must rest before the address bar follows, milliseconds: browsers limit how often it may change. */
const REST_MS = 400;

/** The part after '#': the scenario with its policy and seed, and the compared policy as a second scenario that has only it. */
export function toHash(draft: Draft): string {
  const parts = new URLSearchParams({ s: encodePermalink(draft.scenario) });
  if (draft.other !== null) parts.set('vs', encodePermalink({ ...draft.scenario, policy: draft.other }));
  return `#${parts.toString()}`;
}

/** The draft in a hash, null when there is none. Throws LabError where it cannot be read. */
export function fromHash(hash: string): Draft | null {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  const scenario = parts.get('s');
  if (scenario === null) return null;
  const other = parts.get('vs');
  return {
    scenario: decodePermalink(scenario),
    other: other === null ? null : decodePermalink(other).policy,
  };
}

export function linkTo(draft: Draft): string {
  const url = new URL(location.href);
  url.hash = toHash(draft);
  return url.href;
}

/** Opens what the address bar holds, or the first preset; a link that cannot be read is reported and changes nothing. */
export function openFromHash(): void {
  try {
    const draft = fromHash(location.hash);
    if (draft !== null) useScenario.getState().load(draft, presetOf(draft));
    else if (useScenario.getState().past.length === 0) useScenario.getState().load(presets[0], presets[0].id);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    useStatus.getState().notify('link', `This link could not be read, so nothing was changed. ${why}`);
  }
}

/** Keeps address bar and scenario in step, both ways. Returns what ends it. */
export function syncHash(): () => void {
  const write = settled(REST_MS, () => {
    const { scenario, other } = useScenario.getState();
    const hash = toHash({ scenario, other });
    if (hash !== location.hash) history.replaceState(null, '', hash);
  });
  const stop = useScenario.subscribe((now, before) => {
    if (now.scenario !== before.scenario || now.other !== before.other) write();
  });
  const read = () => {
    const { scenario, other } = useScenario.getState();
    if (location.hash !== toHash({ scenario, other })) openFromHash();
  };
  window.addEventListener('hashchange', read);
  return () => {
    write.cancel();
    stop();
    window.removeEventListener('hashchange', read);
  };
}

function presetOf(draft: Draft): string | null {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  return presets.find((p) => same(p.scenario, draft.scenario))?.id ?? null;
}
