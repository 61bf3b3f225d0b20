import {
  decodeLink,
  decodeRun,
  encodeLink,
  EXPERIMENT,
  type Linked,
  type RunPoint,
} from '../../src/scenario/link.ts';
import { formulasAreLoaded, loadFormulas } from '../../src/scenario/formula/language.ts';
import { presets, type Preset } from '../../src/scenario/presets.ts';
import { findWorld, worldOf } from '../import/worlds.ts';
import { withoutLesson } from '../lessons/address.ts';
import { openExperiment, useExperimentLink, type LinkEntries } from '../experiment/address.ts';
import type { Draft } from './knobs.ts';
import { lived, useScenario } from './scenario-store.ts';
import { useStatus } from './status-store.ts';
import { askFor } from '../run/run-point.ts';
import { settled } from './timing.ts';
import { useUi } from './ui-store.ts';
import { openView } from '../run/view-link.ts';

/** Delay before the address bar follows the scenario, milliseconds. Browsers limit its updates. */
const REST_MS = 400;

/** The hash of the address: what a link holds, and the experiment, e.g. "x.evenings=50". */
export function toHash(draft: Draft, experiment: LinkEntries = []): string {
  const parts = encodeLink(draft);
  for (const [path, value] of experiment) parts.set(`${EXPERIMENT}${path}`, value);
  return `#${parts.toString()}`;
}

/** The draft in a hash, or null if the hash is empty. Throws LabError if it is invalid. */
export const fromHash = (hash: string): Draft | null => decodeLink(partsOf(hash));

const partsOf = (hash: string): [string, string][] => [...new URLSearchParams(hash.replace(/^#/, ''))];

/** The experiment's entries in a hash, or null if it has none. */
function experimentIn(hash: string): LinkEntries | null {
  const own = partsOf(hash).filter(([path]) => path.startsWith(EXPERIMENT));
  return own.length === 0 ? null : own.map(([path, value]) => [path.slice(EXPERIMENT.length), value]);
}

/** The hash of what is open now. */
function currentHash(): string {
  const { entries } = useExperimentLink.getState();
  // An experiment compares the policies as they are now.
  if (entries !== null) return toHash(useScenario.getState(), entries);
  return toHash(lived());
}

/** A link to the evening, and to the experiment while its room is open. */
export function linkToPage(): string {
  const url = withoutLesson(new URL(location.href));
  url.hash = currentHash();
  return url.href;
}

/**
 * Opens the scenario in the address bar, or the first preset. An invalid link is reported and
 * changes nothing.
 */
export function openFromHash(): void {
  if (waitsForFormulas()) return;
  try {
    const draft = fromHash(location.hash);
    const run = decodeRun(partsOf(location.hash));
    if (draft !== null) openDraft(draft, run);
    openView(partsOf(location.hash));
    const experiment = experimentIn(location.hash);
    if (experiment !== null) {
      openExperiment(experiment);
      useUi.getState().open('experiment');
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    useStatus.getState().notify('link', `This link could not be read, so nothing was changed. ${why}`);
  }
  if (useScenario.getState().loads === 0) openPreset(presets[0]);
}

let asked = false;

/** Whether the language of formulas is loaded first, because the address holds one. */
function waitsForFormulas(): boolean {
  if (asked || formulasAreLoaded() || !location.hash.includes('formula=')) return false;
  asked = true;
  // Without a connection the formula is checked by the engine.
  void loadFormulas().then(openFromHash, openFromHash);
  return true;
}

/** Opens an evening, also one of people who were imported on an earlier visit. */
function openDraft(draft: Linked, run: RunPoint): void {
  const { cast } = draft.scenario;
  const open = () => {
    askFor(run);
    useScenario.getState().load(draft);
  };
  if (cast === '' || worldOf(cast) !== undefined) {
    open();
    return;
  }
  void findWorld(cast).then((world) => {
    if (world !== undefined) open();
    else
      useStatus
        .getState()
        .notify(
          'link',
          'This evening is about people from files, which stay on the machine where they were opened. Open the files again with "Your data".',
        );
  });
}

/** Opens a preset. A preset about two policies opens with both. */
export function openPreset({ scenario, other }: Preset): void {
  useScenario.getState().load({ scenario, other: other ?? null });
}

/** Keeps the address bar and the scenario in sync, both ways. Returns the cleanup. */
export function syncHash(): () => void {
  let known = location.hash;
  const write = settled(REST_MS, () => {
    // A link that was just opened, and whose event is still to come, must not be overwritten.
    if (location.hash !== known) return;
    const hash = currentHash();
    if (hash !== location.hash) history.replaceState(null, '', hash);
    known = location.hash;
  });
  const stops = [
    useScenario.subscribe((now, before) => {
      if (now.scenario !== before.scenario || now.other !== before.other || now.opening !== before.opening)
        write();
    }),
    // The progress of evenings changes all the time, and would put the write off until they end.
    useExperimentLink.subscribe((now, before) => {
      if (now.entries !== before.entries) write();
    }),
    useStatus.subscribe((now, before) => {
      // Every status is a copy.
      const changes = (s: typeof now) => JSON.stringify(s.status?.changes ?? []);
      if (now.status !== before.status && changes(now) !== changes(before)) write();
    }),
  ];
  const read = () => {
    known = location.hash;
    if (location.hash !== currentHash()) openFromHash();
  };
  window.addEventListener('hashchange', read);
  return () => {
    write.cancel();
    for (const stop of stops) stop();
    window.removeEventListener('hashchange', read);
  };
}
