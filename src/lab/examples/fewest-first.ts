import type { OwnMatcher } from '../../match/own/own-matcher.ts';

/**
 * The person with the fewest candidates chooses first, and takes the best one who is still free.
 * Try it: `npm run -s lab -- run default-evening --matcher src/lab/examples/fewest-first.ts`
 */
const fewestFirst: OwnMatcher = ({ n, partners, waited }) => {
  const candidates = Array.from({ length: n }, (_, i) => partners(i));
  const order = candidates.map((_, i) => i);
  order.sort((a, b) => candidates[a].length - candidates[b].length || waited[b] - waited[a] || a - b);
  const free = new Uint8Array(n).fill(1);
  const pairs: [number, number][] = [];
  for (const i of order) {
    if (free[i] === 0) continue;
    const j = candidates[i].find((p) => free[p] === 1);
    if (j === undefined) continue;
    free[i] = free[j] = 0;
    pairs.push([i, j]);
  }
  return pairs;
};

export default fewestFirst;
