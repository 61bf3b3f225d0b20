import type { Policy } from '../../scenario/schema.ts';
import type { Matching, StageTimes } from '../../match/backend.ts';
import type { CalibrationStream } from '../../metrics/ranking/calibration.ts';
import type { ExposureCounts } from '../../metrics/market/exposure.ts';
import { LogHistogram, type TickLatency } from '../../metrics/market/histogram.ts';
import type { RatioSeries } from '../../metrics/market/series.ts';
import type { WaitingPeople } from '../../metrics/market/supply-demand.ts';
import type { OpenWaits, WaitBook } from './wait-book.ts';

/** Columns of the two series. */
export const WaitingColumn = { all: 0, country: 1 } as const;
export const QualityColumn = { matched: 0, gap: 1, predicted: 2, real: 3 } as const;

export const stageNames = ['upload', 'embed', 'score', 'match', 'readback'] as const;
export type StageName = (typeof stageNames)[number];

/** The data of the instrument tables. */
export interface Collected {
  readonly waiting: RatioSeries;
  readonly quality: RatioSeries;
  readonly stages: Readonly<Record<StageTimes['clock'], Readonly<Record<StageName, LogHistogram>>>>;
  readonly tick: TickLatency;
  readonly tickMs: number;
  readonly adapter: string;
  readonly waits: WaitBook;
  readonly calibration: CalibrationStream;
  readonly predictionUnit: string;
  readonly exposure: ExposureCounts;
  /** Certified gap by bidding rounds, of the last tick with an auction. */
  readonly closing: NonNullable<Matching['closing']>;
  /** The people who waited at the last tick; null before the first. */
  readonly pool: PoolCopy | null;
}

/** A copy of the pool's columns; the arrays may be longer than n. */
export interface PoolCopy extends WaitingPeople, OpenWaits {
  n: number;
}

export function stageHistograms(): Record<StageName, LogHistogram> {
  const entries = stageNames.map((name) => [name, new LogHistogram()] as const);
  return Object.fromEntries(entries) as Record<StageName, LogHistogram>;
}

/** The unit of a policy's predictions. A formula predicts nothing: its weights have no unit. */
export function predictionUnit({ scorer, formula }: Pick<Policy, 'scorer' | 'formula'>): string {
  if (formula !== '') return '1';
  if (scorer === 'rules') return 'points';
  return scorer === 'random' || scorer === 'first-come' ? '1' : 's';
}
