import { create } from 'zustand';
import type { EveningResult } from '../../../src/experiment/run/rows.ts';
import type { DesignName, OutcomeName } from '../../../src/experiment/run/names.ts';
import type { WindowResult } from '../../../src/experiment/windows/window-study.ts';
import type { AhaJob } from '../../../src/experiment/aha/aha-evening.ts';
import type { AhaReport } from '../../../src/experiment/aha/aha-report.ts';
import type { SettingResult } from '../../../src/experiment/jobs/setting.ts';
import type { Sweep } from '../../../src/experiment/sweep/sweep.ts';
import type { Policy } from '../../../src/scenario/schema.ts';
import { useExperimentLink } from '../address.ts';
import { knobsOf, withValue, type Knob, type Draft, knobAt } from '../../state/knobs.ts';
import { contrast, useScenario } from '../../state/scenario-store.ts';
import { firstDesigns, firstMetric, roomDefaults, roomSchema, type RoomSettings } from '../settings.ts';
import type { ExperimentInput } from './spec.ts';

export const tabNames = ['designs', 'windows', 'plan', 'diagram', 'aha', 'sweep'] as const;
export type ExperimentTab = (typeof tabNames)[number];

/** What is being computed. */
export interface ExperimentTask {
  readonly text: string;
  readonly done: number;
  readonly of: number;
  /** Seconds left; null if unknown. */
  readonly left: number | null;
}

/** Evenings that have run, and the experiment they belong to. */
export interface ExperimentRun {
  readonly input: ExperimentInput;
  readonly designs: readonly DesignName[];
  /** Evenings asked for. */
  readonly evenings: number;
  readonly results: readonly EveningResult[];
}

/** A switchback over its windows and burn-ins. */
export interface WindowRun {
  readonly input: ExperimentInput;
  readonly windows: string;
  readonly burnIns: string;
  readonly evenings: number;
  readonly results: readonly WindowResult[];
}

/** A knob and its values, as typed: "greedy, auction" or "0:60:5". No knob: ''. */
export interface Vary {
  readonly knob: string;
  readonly values: string;
}

/** The settings of a sweep that have run. */
export interface SweepRun {
  readonly sweep: Sweep;
  readonly results: ReadonlyMap<number, SettingResult>;
}

/** The Aha moment of an evening. */
export interface AhaRun {
  readonly job: AhaJob;
  readonly report: AhaReport;
}

interface ExperimentState {
  readonly tab: ExperimentTab;
  readonly settings: RoomSettings;
  /** What is wrong with the values that were typed last, by the path of the knob. */
  readonly problems: Readonly<Record<string, string>>;
  /** B; null: the page's compared policy, or a contrast to A. */
  readonly b: Policy | null;
  readonly metric: OutcomeName;
  readonly designs: readonly DesignName[];
  /** Lengths of windows, s, and burn-ins, shares of them, as typed: "10, 20, 40". */
  readonly windows: string;
  readonly burnIns: string;
  readonly windowRun: WindowRun | null;
  /** What a sweep varies. */
  readonly vary: readonly Vary[];
  /** The metric beside `metric` in the front of a sweep. */
  readonly beside: OutcomeName;
  readonly sweepRun: SweepRun | null;
  readonly ahaRun: AhaRun | null;
  /** Nodes of the world's causal diagram. */
  readonly treatment: string;
  readonly outcome: string;
  readonly task: ExperimentTask | null;
  readonly run: ExperimentRun | null;
  /** What happened last, and what went wrong, in words. */
  readonly said: string;
  readonly problem: string | null;
}

export const useExperiment = create<ExperimentState>(() => ({
  tab: 'designs',
  settings: roomDefaults,
  problems: {},
  b: null,
  metric: firstMetric,
  designs: firstDesigns,
  windows: '5, 10, 20',
  burnIns: '0, 0.25, 0.5, 0.75',
  windowRun: null,
  vary: [
    { knob: 'policy.tickMs', values: '250, 500, 1000, 2000, 4000' },
    { knob: 'policy.matcher', values: 'random, greedy' },
  ],
  beside: 'chat',
  sweepRun: null,
  ahaRun: null,
  treatment: 'filter',
  outcome: 'wait',
  task: null,
  run: null,
  said: '',
  problem: null,
}));

useExperiment.subscribe(({ task }) => {
  const progress = task === null ? '' : `${task.done} of ${task.of}`;
  if (progress !== useExperimentLink.getState().progress) useExperimentLink.setState({ progress });
});

const knobs = new Map<string, Knob>(knobsOf(roomSchema).map((knob) => [knob.path, knob]));

/** The knob of a setting. */
export function settingKnob(path: keyof RoomSettings): Knob {
  const knob = knobs.get(path);
  if (knob === undefined) throw new Error(`The experiment room has no knob ${path}.`);
  return knob;
}

/** A scorer in the same unit, which every design can compare; else the page's contrast. */
function firstOther(policy: Policy): Policy {
  if (policy.scorer === 'oracle') return { ...policy, scorer: 'towers' };
  if (policy.scorer === 'towers') return { ...policy, scorer: 'oracle' };
  return contrast(policy);
}

/** B as it stands now. */
export const policyB = (b: Policy | null, { scenario, other }: Draft): Policy =>
  b ?? other ?? firstOther(scenario.policy);

/** Sets a knob. A value that is not allowed changes nothing; its problem is shown at the knob. */
export function setSetting(path: keyof RoomSettings, value: number | string): void {
  const { settings } = useExperiment.getState();
  if (accepts(settingKnob(path), value))
    useExperiment.setState({ settings: withValue(settings, path, value) });
}

/** Sets a knob of B, by its path in the scenario, e.g. "policy.scorer". */
export function setPolicyB(path: string, value: number | string): void {
  const policy = policyB(useExperiment.getState().b, useScenario.getState());
  if (accepts(knobAt(path), value)) useExperiment.setState({ b: withValue({ policy }, path, value).policy });
}

function accepts(knob: Knob, value: number | string): boolean {
  const { [knob.path]: _, ...problems } = useExperiment.getState().problems;
  const problem = knob.check(value);
  useExperiment.setState({ problems: problem === null ? problems : { ...problems, [knob.path]: problem } });
  return problem === null;
}
