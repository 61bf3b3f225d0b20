import { must } from '../../src/base/errors.ts';
import type { SkyFrame } from './types.ts';

/** Throws if an array is too short, a place is not finite or a pair lies outside the pool. */
export function checkFrame({ n, ids, positions, segment, waited, pairs }: SkyFrame): void {
  must(
    ids.length >= n && positions.length >= 2 * n,
    `sky: ${n} people need ${n} ids and ${2 * n} coordinates`,
  );
  must(segment.length >= n && waited.length >= n, `sky: ${n} people need ${n} segments and waiting times`);
  for (let k = 0; k < 2 * n; k += 1)
    must(Number.isFinite(positions[k]), `sky: the place of person ${ids[k >> 1]} is not finite`);
  must(pairs.length % 2 === 0, 'sky: pairs must come in twos');
  for (const at of pairs) must(at < n, `sky: a pair names position ${at} of a pool of ${n}`);
}
