import type { Digest } from '../base/hash.ts';
import type { Decision } from './moments/decision.ts';
import type { ContentMoments } from './moments/moments.ts';
import type { MatchBackend, Matching, StageTimes } from '../match/backend.ts';
import type { Pool, TaskHead, WeightRule } from '../score/types.ts';
import type { FamilyModels, SessionVectorReport } from '../model/serve/families.ts';
import type { TowerModel } from '../model/layout/save-towers.ts';
import type { Policy, Scenario } from '../scenario/schema.ts';
import type { World } from '../world/types.ts';

/** Counts that must always agree: arrivals = waiting + inChat + reading + left, by segment. */
export interface Balance {
  readonly arrivals: number;
  readonly waiting: number;
  readonly inChat: number;
  /** In the feed, between two chats; 0 where it is off. */
  readonly reading: number;
  readonly left: number;
}

/** A finished chat, as observers see it. The object is reused between calls: copy what you keep. */
export interface ChatEnd {
  /** Simulated time, seconds since opening. */
  start: number;
  end: number;
  a: number;
  b: number;
  /** Seconds. */
  duration: number;
  /** Predicted weight of the pair at matching time (seconds under duration scorers). */
  predicted: number;
  /** 0: a left first, 1: b. */
  leaver: 0 | 1;
  /** Bits: 1 a swiped, 2 b swiped, 4 a reported, 8 b reported, 16 a asked for friendship, 32 b. */
  outcome: number;
  /** Seconds that each had waited before. */
  waitedA: number;
  waitedB: number;
}

export const Outcome = { swipeA: 1, swipeB: 2, reportA: 4, reportB: 8, friendA: 16, friendB: 32 } as const;

/**
 * Why a person left: patience ran out ('waiting'), they wanted no further match ('done'), or a card
 * of the feed made them go ('feed').
 */
export type LeaveReason = 'waiting' | 'done' | 'feed';

/**
 * A chat that begins. Its duration is already drawn: counting chats at their beginning avoids the
 * bias of finished chats, among which long ones are missing.
 */
export interface ChatStart extends Pick<ChatEnd, 'start' | 'a' | 'b' | 'duration' | 'predicted'> {
  /** Stickers that both share in it; 0 without a tray. */
  shares: number;
}

export interface MarketObserver {
  arrived?(person: number, time: number, newcomer: boolean): void;
  /** After matching, before the pairs leave the pool. The market owns the arrays: copy them. */
  ticked?(tick: TickReport, pool: Pool, order: TickOrder): void;
  /** The object is reused between calls: copy what you keep. */
  chatBegan?(chat: Readonly<ChatStart>): void;
  chatEnded?(chat: Readonly<ChatEnd>): void;
  /** After a chat a person reads the feed, and then waits again (`resumed`) or leaves. */
  reads?(person: number, time: number): void;
  resumed?(person: number, time: number): void;
  /** The object is reused between calls: copy what you keep. */
  decided?(decision: Readonly<Decision>): void;
  left?(person: number, time: number, reason: LeaveReason, waited: number, returnsNextDay: boolean): void;
}

/** The arguments of the backend in a tick, beside the pool. */
export interface TickOrder {
  /** Of the tick; where each person has an arm of their own, that of arm A. */
  readonly policy: Policy;
  readonly rule: WeightRule;
  /** For pair hashes. */
  readonly seed: number;
}

export interface TickReport {
  /** Number of the tick, from 0; its simulated time in seconds. */
  readonly tick: number;
  readonly time: number;
  readonly waiting: number;
  readonly pairs: number;
  readonly matching: Matching;
  readonly times: readonly StageTimes[];
  readonly balance: Balance;
  /** Under a scorer with session vectors: their age, and their cost in this tick. */
  readonly sessions?: SessionVectorReport;
}

/** What formulas may read of some people. */
export interface KnownTerms {
  /** f32[rows][n]: all terms of people in their documented order, then the vectors of `tasks`. */
  readonly terms: Float32Array;
  /** Tasks that the policy's scorer predicts. */
  readonly tasks: readonly TaskHead[];
}

/** One market under one policy, or two: clock, pool, chats. Implemented in market.ts. */
export interface Market {
  readonly scenario: Scenario;
  readonly world: World;
  /** With two arms, that of arm A. */
  readonly policy: Policy;
  /** Knobs that change from the next tick on. With two arms, it is the policy of arm A. */
  setPolicy(change: Partial<Policy>): void;
  setBackend(backend: MatchBackend): void;
  /** Loads trained weights. Matches before the first weights are not part of anyone's session. */
  loadFamilies(models: FamilyModels): void;
  /** Replaces the weights of the scorer 'towers', from the next tick on. */
  loadTowers(towers: TowerModel): void;
  /** Runs one tick. If the backend fails, nothing has changed and the tick can be retried. */
  tick(): Promise<TickReport>;
  /** What formulas may read of people now. */
  termsOf(people: Pick<Pool, 'n' | 'ids' | 'waited'>): KnownTerms;
  readonly tickNumber: number;
  /** Simulated seconds since opening. */
  readonly time: number;
  /** Feed and tray, where the scenario has one of them; from the first tick on. */
  readonly moments: ContentMoments | undefined;
  /** By country, overall at the last index. */
  balances(): Balance[];
  readonly digest: Digest;
  observe(observer: MarketObserver): () => void;
}
