import { must } from '../../../base/errors.ts';
import { hash4, Stream } from '../../../base/hash.ts';
import type { FamilyConfig } from '../../layout/config.ts';
import type { PersonSessions } from './person-sessions.ts';

/** Reports and friend requests of either side, in a log's outcome. */
const RARE = 0b111100;

/** Chats as phase 2 draws them, and what each weighs: 1 on average over the chats that were drawn from. */
export interface Sample {
  readonly rows: readonly number[];
  readonly weights: Float32Array;
}

/**
 * Rare outcomes up-sampled, frequent ones down-sampled, as the configuration says; weights undo what that does to rates (importance
 * sampling), so that a predicted chance stays a chance. Throws LabError on rates out of range.
 */
export function sampleRows(
  { rare, frequent, seed }: Pick<FamilyConfig, 'rare' | 'frequent' | 'seed'>,
  { log }: PersonSessions,
  rows: readonly number[],
): Sample {
  must(
    Number.isInteger(rare) && rare >= 1 && rare <= 100,
    `rare outcomes must be drawn 1 to 100 whole times; it is ${rare}`,
  );
  must(
    frequent > 0 && frequent <= 1,
    `the share of frequent outcomes must be above 0 and at most 1; it is ${frequent}`,
  );
  const drawn: number[] = [];
  const weights: number[] = [];
  for (const row of rows) {
    if ((log.outcome[row] & RARE) !== 0)
      for (let time = 0; time < rare; time++) {
        drawn.push(row);
        weights.push(1 / rare);
      }
    else if (frequent === 1 || hash4(seed, Stream.training, 0x300, row) < frequent * 2 ** 32) {
      drawn.push(row);
      weights.push(1 / frequent);
    }
  }
  must(drawn.length > 0, `no chat was drawn of ${rows.length}; draw more of the frequent ones`);
  const mean = weights.reduce((a, b) => a + b, 0) / weights.length;
  return { rows: drawn, weights: Float32Array.from(weights, (w) => w / mean) };
}
