import { auction } from '../auction/auction.ts';
import { listCertificate } from '../certificate.ts';
import { edgeGraph } from './embeddings.ts';
import { exactMatching } from '../exact/exact.ts';
import type { EdgeFile } from './formats.ts';
import type { MatchFileHost, MatchFileOptions, RawMatching } from './match-file.ts';
import { exactly, pairsOf, slowly } from './pairs.ts';

/** `lab match --format edges`: a general graph; ties in file order. */
export function matchEdges(data: EdgeFile, options: MatchFileOptions, host: MatchFileHost): RawMatching {
  const { source, lists, order } = edgeGraph(data, options.threshold);
  const integers = data.weight.every(Number.isInteger);
  if (options.algorithm === 'exact') {
    const found = exactMatching(source, { lists, progress: slowly(host.progress) });
    return exactly(source, found, integers);
  }
  if (options.algorithm === 'greedy') {
    const { u, v } = data;
    const mate = new Int32Array(data.ids.length).fill(-1);
    for (const e of order) {
      if (mate[u[e]] >= 0 || mate[v[e]] >= 0) continue;
      mate[u[e]] = v[e];
      mate[v[e]] = u[e];
    }
    return { ...pairsOf(source, mate, listCertificate(lists).upperBound, integers), rounds: 1, scans: 1 };
  }
  const found = auction(source, lists, { absolute: options.epsilon });
  return {
    ...pairsOf(source, found.mate, found.upperBound, integers),
    rounds: found.rounds,
    scans: found.scans,
  };
}
