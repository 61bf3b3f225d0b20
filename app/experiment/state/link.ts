import { LabError } from '../../../src/base/errors.ts';
import { parseDecimal } from '../../../src/base/text/decimal.ts';
import { worldDiagram } from '../../../src/experiment/causal/world-diagram.ts';
import { designNames, outcomeNames, type DesignName } from '../../../src/experiment/run/names.ts';
import { decodePermalink, encodePermalink } from '../../../src/scenario/permalink.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { useExperimentLink, type LinkEntries } from '../address.ts';
import { knobs, valueAt, withValue } from '../../state/knobs.ts';
import { useStatus } from '../../state/status-store.ts';
import { useUi } from '../../state/ui-store.ts';
import { roomDefaults, type RoomSettings } from '../settings.ts';
import { settingKnob, tabNames, useExperiment, type Vary } from './store.ts';

/**
 * The experiment in the address: its designs, and what differs from the defaults by name, e.g.
 * "x.designs=users,switchback&x.window=60&x.b.scorer=oracle".
 */

type Shared = Pick<
  ReturnType<typeof useExperiment.getState>,
  | 'tab'
  | 'settings'
  | 'b'
  | 'metric'
  | 'designs'
  | 'windows'
  | 'burnIns'
  | 'vary'
  | 'beside'
  | 'treatment'
  | 'outcome'
>;

const B = 'b.';
const settingNames = Object.keys(roomDefaults) as (keyof RoomSettings)[];

/** RoomSettings that are texts, by their name in the address. */
const lists = { windows: 'windows', burn_ins: 'burnIns' } as const;
const listNames = Object.keys(lists) as (keyof typeof lists)[];
const initial = useExperiment.getInitialState();

export function toEntries(state: Shared): LinkEntries {
  const { tab, settings, b, metric, designs, vary, beside } = state;
  const entries: [string, string][] = [
    ['designs', designs.join(',')],
    ['metric', metric],
  ];
  if (tab !== initial.tab) entries.push(['tab', tab]);
  for (const name of ['treatment', 'outcome'] as const)
    if (state[name] !== initial[name]) entries.push([name, state[name]]);
  if (beside !== initial.beside) entries.push(['beside', beside]);
  for (const name of listNames)
    if (state[lists[name]] !== initial[lists[name]]) entries.push([name, state[lists[name]]]);
  if (JSON.stringify(vary) !== JSON.stringify(initial.vary))
    vary.forEach(({ knob, values }, k) =>
      entries.push([`vary.${k}`, knob === '' ? '' : `${knob}=${values}`]),
    );
  for (const name of settingNames)
    if (settings[name] !== roomDefaults[name]) entries.push([name, String(settings[name])]);
  if (b !== null) {
    const policy = new URLSearchParams(encodePermalink({ ...parseScenario({}), policy: b }));
    // A policy of defaults is a choice too.
    entries.push([`${B}scorer`, b.scorer]);
    for (const [path, value] of policy) {
      const name = path.replace('policy.', '');
      if (name !== 'scorer') entries.push([`${B}${name}`, value]);
    }
  }
  return entries;
}

/** @throws LabError that names the first entry that is wrong */
export function fromEntries(entries: LinkEntries): Shared {
  let { settings, tab, metric, beside, designs, windows, burnIns, vary, treatment, outcome } = initial;
  const policy = entries.filter(([path]) => path.startsWith(B));
  for (const [path, value] of entries) {
    if (path.startsWith(B)) continue;
    const where = `link.x.${path}`;
    if (path === 'tab') tab = member(tabNames, value, where);
    else if (path === 'metric') metric = member(outcomeNames, value, where);
    else if (path === 'beside') beside = member(outcomeNames, value, where);
    else if (path === 'designs')
      designs =
        value === '' ? [] : value.split(',').map((name): DesignName => member(designNames, name, where));
    else if (path === 'treatment') treatment = member(worldDiagram.nodes, value, where);
    else if (path === 'outcome') outcome = member(worldDiagram.nodes, value, where);
    else if (path === 'windows') windows = value;
    else if (path === 'burn_ins') burnIns = value;
    else if (/^vary\.[01]$/.test(path))
      vary = vary.map((own, k) => (path.endsWith(String(k)) ? varyOf(value, where) : own));
    else if (settingNames.some((name) => name === path))
      settings = withValue(settings, path, settingOf(path as keyof RoomSettings, value, where));
    else throw new LabError('there is no setting of this name', where);
  }
  const b =
    policy.length === 0
      ? null
      : decodePermalink(
          new URLSearchParams(policy.map(([path, value]) => [path.replace(B, 'policy.'), value])).toString(),
        ).policy;
  return { settings, tab, metric, beside, designs, windows, burnIns, vary, treatment, outcome, b };
}

function varyOf(text: string, where: string): Vary {
  if (text === '') return { knob: '', values: '' };
  const at = text.indexOf('=');
  const knob = text.slice(0, Math.max(0, at));
  if (!knobs.some(({ path }) => path === knob))
    throw new LabError(`"${knob}" is not the name of a knob`, where);
  return { knob, values: text.slice(at + 1) };
}

function settingOf(path: keyof RoomSettings, text: string, where: string): number | string {
  const value = typeof valueAt(roomDefaults, path) === 'number' ? parseDecimal(text) : text;
  const problem = settingKnob(path).check(value);
  if (problem !== null) throw new LabError(problem, where);
  return value;
}

function member<T extends string>(names: readonly T[], name: string, where: string): T {
  const found = names.find((own) => own === name);
  if (found === undefined) throw new LabError(`"${name}" must be one of ${names.join(', ')}`, where);
  return found;
}

/** Reads the links that are opened, and keeps the address up to date while the room is open. */
export function syncLink(): () => void {
  let read = 0;
  const readLink = () => {
    const { entries, opened } = useExperimentLink.getState();
    if (opened === read || entries === null) return;
    read = opened;
    try {
      useExperiment.setState(fromEntries(entries));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      useStatus.getState().notify('link', `The experiment of this link could not be read. ${why}`);
      useExperiment.setState({ problem: `The experiment of this link could not be read. ${why}` });
    }
  };
  const write = () => {
    const open = useUi.getState().panel === 'experiment';
    const entries = open ? toEntries(useExperiment.getState()) : null;
    if (JSON.stringify(entries) !== JSON.stringify(useExperimentLink.getState().entries))
      useExperimentLink.setState({ entries });
  };
  readLink();
  write();
  const stops = [
    useExperimentLink.subscribe(readLink),
    useExperiment.subscribe(write),
    useUi.subscribe((now, before) => now.panel !== before.panel && write()),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
