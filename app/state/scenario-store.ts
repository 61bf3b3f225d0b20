import type { Side } from '../engine/api.ts';
import { useMemo } from 'react';
import { create } from 'zustand';
import { scenario, parseScenario } from '../../src/scenario/parse.ts';
import { MAX_STAGES, type Policy } from '../../src/scenario/schema.ts';
import { checkOf, isPolicy, shownKnobs, writeKnob, type Draft, type Knob } from './knobs.ts';
import { useStatus } from './status-store.ts';

/** Changes of the same knob within this time, such as a drag, are one undo step, milliseconds. */
const COALESCE_MS = 800;
const MAX_UNDO = 100;

interface ScenarioState extends Draft {
  /** Number of times a whole scenario was opened. */
  readonly loads: number;
  readonly past: readonly Draft[];
  readonly future: readonly Draft[];
  /** Problems of invalid inputs, by "side:path". The scenario keeps its last valid value. */
  readonly problems: Readonly<Record<string, string>>;
  /**
   * Policy changes that the scenario's own stages have made since opening. They override the
   * policy.
   */
  readonly staged: Readonly<Record<Side, Partial<Policy>>>;
  /** What the running evening began with; null before the first. */
  readonly opening: Draft | null;
  /** Sets a knob if the value is valid; otherwise records the problem and changes nothing. */
  readonly set: (path: string, value: unknown, side?: Side) => void;
  /** Shows the scorer that runs in place of the chosen one, and why. */
  readonly refuse: (side: Side, runs: Policy['scorer'], why: string) => void;
  /** Replaces everything, e.g. with a preset or a link. It can be undone. */
  readonly load: (draft: Draft) => void;
  readonly startCompare: () => void;
  readonly endCompare: () => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly clearProblem: (path: string, side?: Side) => void;
}

/** The scenario as the user set it, with undo. */
export const useScenario = create<ScenarioState>((set, get) => {
  let lastKey = '';
  let lastAt = -Infinity;

  const commit = (draft: Draft, key: string, more: Partial<ScenarioState> = {}) => {
    const now = performance.now();
    const { scenario: before, other, past } = get();
    const merge = key !== '' && key === lastKey && now - lastAt < COALESCE_MS && past.length > 0;
    lastKey = key;
    lastAt = now;
    set({
      scenario: draft.scenario,
      other: draft.other,
      past: merge ? past : [...past, { scenario: before, other }].slice(-MAX_UNDO),
      future: [],
      ...more,
    });
  };

  return {
    scenario: scenario({}),
    other: null,
    loads: 0,
    past: [],
    future: [],
    problems: {},
    staged: { main: {}, other: {} },
    opening: null,
    set(path, value, side = 'main') {
      const key = problemKey(path, side);
      const problem = checkOf(path)(value);
      if (problem !== null) {
        set({ problems: { ...get().problems, [key]: problem } });
        return;
      }
      get().clearProblem(path, side);
      const { scenario: s, other, staged } = get();
      const draft = writeKnob({ scenario: s, other }, path, value as number | string, side);
      if (isPolicy(path)) {
        const { [path.replace('policy.', '') as keyof Policy]: _overruled, ...rest } = staged[side];
        set({ staged: { ...staged, [side]: rest } });
      }
      commit(draft, key);
    },
    refuse(side, runs, why) {
      // The policy beside the market is no choice of the user.
      if (side === 'other' && get().other === null) return;
      get().set('policy.scorer', runs, side);
      set({ problems: { ...get().problems, [problemKey('policy.scorer', side)]: why } });
    },
    load(draft) {
      const whole = { scenario: parseScenario(draft.scenario), other: draft.other };
      commit(whole, '', { problems: {}, loads: get().loads + 1 });
    },
    startCompare() {
      const { scenario: s, other } = get();
      if (other === null) commit({ scenario: s, other: contrast(s.policy) }, '');
    },
    endCompare() {
      const { scenario: s, other } = get();
      if (other !== null) commit({ scenario: s, other: null }, '');
    },
    undo() {
      const { past, future, scenario: s, other } = get();
      const previous = past.at(-1);
      if (previous === undefined) return;
      lastKey = '';
      set({
        ...previous,
        past: past.slice(0, -1),
        future: [{ scenario: s, other }, ...future],
        problems: {},
      });
    },
    redo() {
      const { past, future, scenario: s, other } = get();
      const [next, ...rest] = future;
      if (next === undefined) return;
      lastKey = '';
      set({ ...next, past: [...past, { scenario: s, other }], future: rest, problems: {} });
    },
    clearProblem(path, side = 'main') {
      const key = problemKey(path, side);
      if (!(key in get().problems)) return;
      const { [key]: _gone, ...problems } = get().problems;
      set({ problems });
    },
  };
});

/**
 * The policy that runs on a side: the user's settings, overridden by the stages of the scenario.
 */
export function livePolicy(state: Draft & Pick<ScenarioState, 'staged'>, side: Side): Policy | null {
  const policy = side === 'main' ? state.scenario.policy : state.other;
  return policy === null ? null : { ...policy, ...state.staged[side] };
}

/**
 * The evening that has run so far, so that it can be repeated: the policies that it began with, and
 * the changes by hand as stages, at the time when each took effect.
 */
export function lived(): Draft {
  const { scenario: now, other, opening } = useScenario.getState();
  const changes = useStatus.getState().status?.changes ?? [];
  if (opening === null || changes.length === 0) return { scenario: now, other };
  const stages = [...now.stages, ...changes].toSorted((a, b) => a.atSeconds - b.atSeconds);
  return {
    scenario: { ...now, policy: opening.scenario.policy, stages: stages.slice(0, MAX_STAGES) },
    other: other === null ? null : opening.other,
  };
}

export function problemKey(path: string, side: Side): string {
  return isPolicy(path) ? `${side}:${path}` : `main:${path}`;
}

/**
 * The default policy to compare with: the published rules, or the learned towers if the rules run.
 */
export function contrast(policy: Policy): Policy {
  return { ...policy, scorer: policy.scorer === 'rules' ? 'towers' : 'rules', threshold: 0 };
}

/** The knobs that matter for the scenario: those of feed and tray only where these are on. */
export function useShownKnobs(): readonly Knob[] {
  const feed = useScenario((s) => s.scenario.feed.on === 'on');
  const tray = useScenario((s) => s.scenario.tray.on === 'on');
  return useMemo(() => shownKnobs({ feed, tray }), [feed, tray]);
}
