import { auction } from '../auction/auction.ts';
import { listCertificate } from '../certificate.ts';
import { exactMatching } from '../exact/exact.ts';
import { wholeDecimals } from '../../base/whole-decimals.ts';
import { edgeGraph } from './embeddings.ts';
import type { EdgeFile } from './formats.ts';
import type { MatchFileHost, MatchFileOptions, RawMatching } from './match-types.ts';
import { exactAnswer, ownFileMatching, pairsOf, slowly } from './pairs.ts';

/**
 * `lab match --format edges`: a general graph; ties in file order. Decimals count as whole
 * multiples of a power of ten, so that sums are exact.
 */
export function matchEdges(data: EdgeFile, options: MatchFileOptions, host: MatchFileHost): RawMatching {
  const kept = data.weight.map((_, e) => e).filter((e) => data.weight[e] > options.threshold);
  const weight = kept.map((e) => data.weight[e]);
  const decimals = wholeDecimals(weight);
  const times = decimals?.times ?? 1;
  const { source, lists, order } = edgeGraph(
    {
      ...data,
      u: Uint32Array.from(kept, (e) => data.u[e]),
      v: Uint32Array.from(kept, (e) => data.v[e]),
      weight: decimals?.whole ?? weight,
    },
    -Infinity,
  );
  const scale = { times, whole: decimals !== undefined };
  const greedy = new Int32Array(data.ids.length).fill(-1);
  for (const e of order) {
    const [u, v] = [data.u[kept[e]], data.v[kept[e]]];
    if (greedy[u] >= 0 || greedy[v] >= 0) continue;
    greedy[u] = v;
    greedy[v] = u;
  }
  if (host.own !== undefined) {
    const mate = ownFileMatching(host.own, source, lists, data.ids, options, times);
    return { ...pairsOf(source, mate, listCertificate(lists).upperBound, scale), rounds: 1, scans: 1 };
  }
  switch (options.algorithm) {
    case 'greedy': {
      const { upperBound } = listCertificate(lists);
      return { ...pairsOf(source, greedy, upperBound, scale), rounds: 1, scans: 1 };
    }
    case 'auction': {
      const epsilon = options.epsilon === undefined ? undefined : options.epsilon * times;
      const { mate, upperBound, rounds, scans } = auction(source, lists, { absolute: epsilon });
      return { ...pairsOf(source, mate, upperBound, scale), rounds, scans };
    }
    case 'exact': {
      const found = exactMatching(source, { lists, polish: true, progress: slowly(host.progress) });
      return exactAnswer(source, found, greedy, scale);
    }
  }
}
