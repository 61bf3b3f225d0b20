import { LabError } from '../base/errors.ts';
import { readsTasks } from '../scenario/formula/language.ts';
import type { Policy, ScorerName } from '../scenario/schema.ts';

/** 0: arm A, the market's own policy; 1: arm B. */
export type Arm = 0 | 1;

/** Two policies in one market. Stages of the scenario change the knobs of both alike. */
export type Arms = ArmsByTime | ArmsByPerson;

/** Everybody has the same arm in a tick. Any knob of the policy may differ. */
export interface ArmsByTime {
  readonly by: 'time';
  readonly b: Policy;
  /** Arm of the tick at this simulated time, seconds. */
  armAt(time: number): Arm;
}

/**
 * Everybody has an arm of their own; both sides' scores, bonuses and the rules' filters follow
 * their own arm. {@link checkSplit} says which policies can share a tick.
 */
export interface ArmsByPerson {
  readonly by: 'person';
  readonly b: Policy;
  /**
   * Arm of the person who now occupies this slot (People.generation says which one), at a simulated
   * time, seconds.
   */
  armOf(person: number, time: number): Arm;
  /** Budget split: people of different arms may not meet. */
  readonly split: boolean;
}

/** Knobs of which a tick has one value for all who wait, and what they decide. */
const ofTheTick = {
  matcher: 'one matching pairs everybody who waits',
  combination: 'a pair has one weight for both of its people',
  formula: 'a pair has one weight for both of its people',
  threshold: 'a pair has one weight for both of its people',
  tickMs: 'a tick is one moment for everybody',
  auctionGap: 'one matching pairs everybody who waits',
  auctionRounds: 'one matching pairs everybody who waits',
  sessionDelay: 'the market has one memory of session vectors',
  sessionSync: 'the market has one memory of session vectors',
  feedUpdates: 'a post has one vector for all readers',
  feedBatchSeconds: 'a post has one vector for all readers',
  feedGates: 'a post has one life for all readers',
  feedGateShare: 'a post has one life for all readers',
  feedSeenBytes: 'all phones have filters of one size',
} as const satisfies Partial<Record<keyof Policy, string>>;

/**
 * Checks that each person can have one of two policies in the same tick: what belongs to a tick or
 * to a pair is equal, and both scorers have the same unit.
 *
 * @throws LabError that names the knob, and the designs under which it may differ.
 */
export function checkSplit(a: Policy, b: Policy): void {
  const refuse = (knob: keyof Policy, values: string, why: string): never => {
    throw new LabError(
      `arm A and arm B share every tick, but differ in ${knob} (${values}), and ${why}; choose a design that gives a whole tick to one arm (switchback or ticks), or the same ${knob} for both`,
      `policy.${knob}`,
    );
  };
  for (const knob of Object.keys(ofTheTick) as (keyof typeof ofTheTick)[])
    if (a[knob] !== b[knob]) refuse(knob, `${a[knob]} and ${b[knob]}`, ofTheTick[knob]);
  const [unit, other] = [unitOf(a.scorer), unitOf(b.scorer)];
  if (unit !== other)
    refuse(
      'scorer',
      `${a.scorer} and ${b.scorer}`,
      `scores in ${unit} and in ${other} have no common weight`,
    );
  if (a.scorer !== b.scorer && readsTasks(a.formula))
    refuse(
      'scorer',
      `${a.scorer} and ${b.scorer}`,
      'the formula reads what one scorer predicts of reports, friend requests or swipes',
    );
  if (a.scorer !== b.scorer && a.threshold > 0 && unit === 'points')
    refuse(
      'scorer',
      `${a.scorer} and ${b.scorer}`,
      `only one of them has a threshold, which is ${a.threshold}`,
    );
}

/** Unit of a scorer's scores. */
function unitOf(scorer: ScorerName): 'hashes' | 'points' | 'seconds' {
  if (scorer === 'random') return 'hashes';
  return scorer === 'rules' || scorer === 'first-come' ? 'points' : 'seconds';
}
