import { LabError, must } from '../base/errors.ts';
import type { Pool } from '../score/types.ts';
import type { TickResult } from '../match/backend.ts';

/** The result of a tick in which fewer than two people wait. */
export function nothingToMatch(n: number): TickResult {
  return {
    mate: new Int32Array(n).fill(-1),
    weight: new Float32Array(n),
    price: new Float32Array(n),
    total: 0,
    upperBound: 0,
    gap: 0,
    rounds: 0,
    scans: 0,
    times: [],
  };
}

/** Throws LabError unless everyone has at most one other mate and both filters admit it. */
export function checkMatching(pool: Pool, { mate, weight, price }: TickResult): void {
  const { n, have, avoid, speaks } = pool;
  must(
    mate.length === n && weight.length === n && price.length === n,
    `the backend returned ${mate.length} mates for ${n} people`,
  );
  for (let i = 0; i < n; i++) {
    const j = mate[i];
    if (j === -1) continue;
    if (j < 0 || j >= n || j === i || mate[j] !== i)
      throw new LabError(`the backend paired position ${i} with ${j}, which it paired with ${mate[j]}`);
    if ((avoid[i] & have[j]) !== 0 || (speaks[i] & speaks[j]) === 0 || !Number.isFinite(weight[i]))
      throw new LabError(`the backend paired positions ${i} and ${j}, who may not meet`);
  }
}
