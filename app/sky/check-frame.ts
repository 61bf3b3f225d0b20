import { must } from '../../src/base/errors.ts';
import type { SkyFrame } from './types.ts';

/** Throws LabError where columns are too short, a place is not finite or a pair lies outside. */
export function checkFrame({ n, ids, positions, segment, waited, flags, pairs }: SkyFrame): void {
  must(
    ids.length >= n && positions.length >= 2 * n,
    `sky: ${n} people need ${n} ids and ${2 * n} coordinates`,
  );
  must(
    segment.length >= n && waited.length >= n && flags.length >= n,
    `sky: ${n} people need ${n} segments, waits and flags`,
  );
  for (let k = 0; k < 2 * n; k += 1)
    must(Number.isFinite(positions[k]), `sky: the place of person ${ids[k >> 1]} is not finite`);
  must(pairs.length % 2 === 0, 'sky: pairs must come in twos');
  for (const at of pairs) must(at < n, `sky: a pair names position ${at} of a pool of ${n}`);
}
