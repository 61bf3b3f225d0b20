import { must } from '../../../base/errors.ts';
import { hash4, Stream } from '../../../base/hash.ts';
import type { FamilyConfig } from '../../layout/config.ts';
import type { PersonSessions } from './person-sessions.ts';

/** Reports and friend requests of either side, in a log's outcome. */
const RARE = 0b111100;

/** The chats that phase 2 draws, and their weights, of mean 1. */
export interface Sample {
  readonly rows: readonly number[];
  readonly weights: Float32Array;
}

/**
 * Repeats chats with rare outcomes and drops frequent ones, as the configuration says. The weights
 * undo the effect on rates (importance sampling), so that a predicted chance stays calibrated.
 * Throws LabError on rates out of range.
 */
export function sampleRows(
  { rare, frequent, seed }: Pick<FamilyConfig, 'rare' | 'frequent' | 'seed'>,
  { log }: PersonSessions,
  rows: readonly number[],
): Sample {
  must(
    Number.isInteger(rare) && rare >= 1 && rare <= 100,
    `"rare" must be a whole number from 1 to 100; it is ${rare}`,
  );
  must(frequent > 0 && frequent <= 1, `"frequent" must be above 0 and at most 1; it is ${frequent}`);
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
  must(drawn.length > 0, `none of ${rows.length} chats was drawn; raise "frequent"`);
  const mean = weights.reduce((a, b) => a + b, 0) / weights.length;
  return { rows: drawn, weights: Float32Array.from(weights, (w) => w / mean) };
}
