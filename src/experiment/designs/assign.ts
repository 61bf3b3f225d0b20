import { hash4, Stream, uniform } from '../../base/hash.ts';
import { shuffleInPlace } from '../../base/shuffle.ts';
import { ageBands, countries, genders, languages } from '../../scenario/countries.ts';
import type { Policy } from '../../scenario/schema.ts';
import type { Arm, Arms } from '../../sim/arms.ts';
import type { World } from '../../world/types.ts';
import type { DesignName } from '../run/names.ts';
import type { ExperimentSpec } from '../run/spec.ts';
import { minimaxFirstPeriods, stretches } from '../switchback/horvitz-thompson.ts';

/** How a market's arms are drawn. Designs with the same assignment are read from one market. */
export type ArmAssignment = 'person' | 'cluster' | 'region' | 'split' | 'window' | 'tick';

const assignments: Readonly<Record<Exclude<DesignName, 'paired'>, ArmAssignment>> = {
  users: 'person',
  cuped: 'person',
  pairs: 'person',
  'shadow-price': 'person',
  clusters: 'cluster',
  regions: 'region',
  'budget-split': 'split',
  switchback: 'window',
  'switchback-ht': 'window',
  'switchback-corrected': 'window',
  ticks: 'tick',
  'difference-in-q': 'tick',
};

export const assignmentOf = (design: Exclude<DesignName, 'paired'>): ArmAssignment => assignments[design];

/** Levels of the attributes that can be clusters. */
const levels = {
  country: countries.length,
  language: languages.length,
  gender: genders.length,
  age: ageBands.length,
} as const;

/** The last counter of the draws: every kind of assignment has its own. */
const Draw = { person: 1, cluster: 2, region: 3, window: 4, order: 5, tick: 6 } as const;

const coin = (seed: number, a: number, b: number, draw: number, share = 0.5): Arm =>
  uniform(seed, Stream.experiment, a, b, draw) < share ? 1 : 0;

/** Windows are counted from the end of the warm-up; -1 is the warm-up. */
export function windowAt({ warmUp, window }: ExperimentSpec, time: number): number {
  // Times are multiples of a millisecond: a window begins at its first one, despite rounding.
  return time < warmUp ? -1 : Math.floor((time - warmUp) / window + 1e-9);
}

/** Windows that the evening holds in full. */
export function fullWindows({ warmUp, window, ticks, a }: ExperimentSpec): number {
  return Math.floor(((ticks * a.tickMs) / 1000 - warmUp) / window + 1e-9);
}

/** The lag, in windows, for which the schedule `minimax` is best. */
const MINIMAX_LAG = 1;

/** First windows, from 1, of the stretches that share a coin. */
export function stretchStarts({ schedule }: Pick<ExperimentSpec, 'schedule'>, windows: number): number[] {
  return schedule === 'minimax'
    ? minimaxFirstPeriods(windows, MINIMAX_LAG)
    : Array.from({ length: windows }, (_, k) => k + 1);
}

/** The arm of every window of an evening, and of the rest after the last full one. */
export function windowArms(spec: ExperimentSpec, seed: number): Arm[] {
  const full = fullWindows(spec);
  const first = coin(seed, 0, 0, Draw.window);
  if (spec.schedule === 'alternating')
    return Array.from({ length: full + 1 }, (_, k) => ((k + first) % 2) as Arm);
  if (spec.schedule === 'balanced') {
    const treated = (full + (full % 2 === 1 ? first : 0)) >> 1;
    return [...Array.from(drawOrder(full, seed, 0, Draw.order), (k): Arm => (k < treated ? 1 : 0)), first];
  }
  const coins = stretches(full, stretchStarts(spec, full)).map((k) => coin(seed, k + 1, 0, Draw.window));
  return [...coins, coin(seed, full + 1, 1, Draw.window)];
}

/** The numbers 0 to n - 1 in random order. */
const drawOrder = (n: number, seed: number, a: number, draw: number): Uint32Array =>
  shuffleInPlace(
    Uint32Array.from({ length: n }, (_, k) => k),
    (k) => hash4(seed, (Stream.experiment << 24) ^ draw, a, k),
  );

/** Arms of all clusters: as near to the share as possible, at least one cluster in either arm. */
function clusterArms(count: number, share: number, seed: number, draw: number, window: number): Uint8Array {
  const treated = Math.min(count - 1, Math.max(1, Math.round(count * share)));
  const arms = new Uint8Array(count);
  for (const cluster of drawOrder(count, seed, window + 1, draw).subarray(0, treated)) arms[cluster] = 1;
  return arms;
}

/**
 * Two policies in one market: who has which, when. Assignments by person or cluster begin at the
 * end of the warm-up; everybody has A before, so that it is a pre-period. Assignments by time begin
 * at once: what a window inherits from the one before is then always random.
 */
export function armsFor(
  assignment: ArmAssignment,
  spec: ExperimentSpec,
  world: World,
  b: Policy,
  seed: number,
): Arms {
  if (assignment === 'window') {
    const arms = windowArms(spec, seed);
    const before = coin(seed, 0, 1, Draw.window);
    return {
      by: 'time',
      b,
      armAt(time) {
        const window = windowAt(spec, time);
        return window < 0 ? before : arms[Math.min(window, arms.length - 1)];
      },
    };
  }
  if (assignment === 'tick') {
    const tick = (time: number) => Math.floor((time * 1000) / spec.a.tickMs + 1e-6);
    return { by: 'time', b, armAt: (time) => coin(seed, tick(time), 0, Draw.tick) };
  }
  return { by: 'person', b, split: assignment === 'split', armOf: personArm(assignment, spec, world, seed) };
}

/**
 * Whether the arm of the person in a slot is drawn. If one side of the market is randomised, the
 * others keep A, and only the drawn are compared (Johari, Li, Liskovich and Weintraub, 2022).
 */
export function isRandomised(
  assignment: ArmAssignment,
  { side }: Pick<ExperimentSpec, 'side'>,
  { people }: World,
): (slot: number) => boolean {
  if (assignment !== 'person' || side === 'everybody') return () => true;
  const gender = genders.indexOf(side);
  return (slot) => people.gender[slot] === gender;
}

function personArm(
  assignment: 'person' | 'split' | 'cluster' | 'region',
  spec: ExperimentSpec,
  world: World,
  seed: number,
): (person: number, time: number) => Arm {
  const { warmUp, treatedShare } = spec;
  const { people } = world;
  const attribute = people[spec.cluster];
  const count = levels[spec.cluster];
  if (assignment === 'cluster') {
    const arms = clusterArms(count, treatedShare, seed, Draw.cluster, 0);
    return (person, time) => (time < warmUp ? 0 : (arms[attribute[person]] as Arm));
  }
  if (assignment === 'region') {
    const drawn = new Map<number, Uint8Array>();
    return (person, time) => {
      const window = windowAt(spec, time);
      if (window < 0) return 0;
      let arms = drawn.get(window);
      if (arms === undefined) {
        arms = clusterArms(count, treatedShare, seed, Draw.region, window);
        drawn.set(window, arms);
      }
      return arms[attribute[person]] as Arm;
    };
  }
  const { generation } = people;
  const drawn = isRandomised(assignment, spec, world);
  return (person, time) =>
    time < warmUp || !drawn(person) ? 0 : coin(seed, person, generation[person], Draw.person, treatedShare);
}
