import { auction } from '../../src/match/auction/auction.ts';
import { poolAuction } from '../../src/match/auction/pool-auction.ts';
import { exactMatching } from '../../src/match/exact/exact.ts';
import { embeddingSource } from '../../src/match/file/embeddings.ts';
import { greedy } from '../../src/match/greedy/greedy.ts';
import { trapPool, trapRule, traps, trapVectors, type Trap } from '../../src/match/testing/traps.ts';
import { rowDots } from '../../src/score/dots.ts';
import { buildLists } from '../../src/score/candidates/lists.ts';
import { poolSource } from '../../src/score/weights.ts';
import { benchPart, type BenchContext } from './part.ts';
import { cpuTimed } from './stats.ts';

/** Matchers on the CPU, one thread, on pools that are hard for them. */
const DIM = 64;
const SEED = 7;

const sourceOf = (trap: Trap, n: number) => poolSource(trapPool(trap, n, DIM, SEED), trapRule(trap), SEED);
const sizesOf = ({ sizes, quick, large }: BenchContext, largest: number) =>
  sizes ?? (quick ? [500] : [1000, ...(large ? [largest] : [])]);
const trapsAt = (sizes: readonly number[]) => sizes.flatMap((n) => traps.map((trap) => ({ trap, n })));

export const greedyPart = benchPart(
  'Greedy; scans: n x n tables, refilled rows count by their remaining columns; scored: pairs over n (n - 1) / 2',
  (context) =>
    trapsAt(sizesOf(context, 10_000)).map(({ trap, n }) => ({
      name: `${trap}, ${n} people`,
      run: () => [greedyRow(trap, n)],
    })),
  {
    family: (row) => row.trap,
    people: (row) => row.n,
    rounds: (row) => row.rounds,
    scans: (row) => row.scans,
    scored: (row) => row.scored,
    'cpu s': (row) => row.cpuSeconds,
    'after lists': (row) => row.afterLists,
    pairs: (row) => row.pairs,
    weight: (row) => row.weight,
  },
);

function greedyRow(trap: Trap, n: number) {
  const source = sourceOf(trap, n);
  const lists = cpuTimed(() => buildLists(source));
  const matched = cpuTimed(() => greedy(source, lists.result));
  const { mate, rounds, scans } = matched.result;
  return {
    ...{ trap, n, dim: DIM, rounds },
    scans: 1 + scans,
    scored: 1 + (scans * n * n) / ((n * (n - 1)) / 2),
    cpuSeconds: lists.cpuSeconds + matched.cpuSeconds,
    afterLists: matched.cpuSeconds,
    pairs: mate.reduce((sum, m, i) => sum + (m > i ? 1 : 0), 0),
    weight: mate.reduce((sum, m, i) => (m > i ? sum + source.weight(i, m) : sum), 0),
  };
}

export const auctionPart = benchPart(
  'Auction (file: f64, epsilon 1e-4 of the mean pair; tick: integers); shares of the optimum; cut: before exchanges',
  (context) =>
    trapsAt(sizesOf(context, 4000)).map(({ trap, n }) => ({
      name: `${trap}, ${n} people`,
      run: () => auctionRows(trap, n),
    })),
  {
    family: (row) => row.trap,
    people: (row) => row.n,
    auction: (row) => row.kind,
    greedy: (row) => row.greedy.toFixed(4),
    weight: (row) => row.weight.toFixed(5),
    bound: (row) => row.bound.toFixed(6),
    gap: (row) => row.gap.toExponential(1),
    scans: (row) => row.scans,
    rounds: (row) => row.rounds,
    'cpu s': (row) => row.cpuSeconds,
  },
);

function auctionRows(trap: Trap, n: number) {
  const source = sourceOf(trap, n);
  const lists = buildLists(source);
  const optimum = exactMatching(source).weight;
  const weigh = (mate: Int32Array) =>
    mate.reduce((sum, m, i) => (m > i ? sum + source.weight(i, m) : sum), 0);
  const greedyWeight = weigh(greedy(source, lists).mate);
  const file = cpuTimed(() => auction(source, lists, { absolute: (1e-4 * 2 * greedyWeight) / n }));
  const tick = cpuTimed(() => poolAuction(source, lists, { matcher: 'auction', seed: SEED }));
  const runs = [
    { kind: 'file', ...file.result, bound: file.result.upperBound, cpuSeconds: file.cpuSeconds },
    { kind: 'tick', ...tick.result, mate: tick.result.pairing.mate, cpuSeconds: tick.cpuSeconds },
  ];
  return runs.map(({ kind, mate, bound, scans, rounds, cpuSeconds }) => ({
    ...{ trap, n, dim: DIM, kind, rounds, cpuSeconds },
    greedy: greedyWeight / optimum,
    weight: weigh(mate) / optimum,
    bound: bound / optimum,
    gap: (bound - weigh(mate)) / bound,
    scans: 1 + scans,
  }));
}

export const exactPart = benchPart(
  'The optimum on clustered vectors; floor: one scan to find candidates and one to prove, at the rate of the f32 kernel',
  (context) => sizesOf(context, 10_000).map((n) => ({ name: `${n} people`, run: () => [exactRow(n)] })),
  {
    people: (row) => row.n,
    dim: (row) => row.dim,
    'cpu s': (row) => row.cpuSeconds,
    'floor s': (row) => row.floorSeconds,
    'times floor': (row) => row.cpuSeconds / row.floorSeconds,
    scans: (row) => row.scans,
    'pricing rounds': (row) => row.pricingRounds,
    searches: (row) => row.searches,
    'max reduced cost': (row) => row.maxReducedCost,
    gap: (row) => row.gap,
  },
);

function exactRow(n: number) {
  const vectors = trapVectors('clustered', n, DIM, SEED);
  const file = { ids: [], dim: DIM, vectors, side: new Uint8Array(n), sided: false };
  const { result, cpuSeconds } = cpuTimed(() => exactMatching(embeddingSource(file, 0, SEED)));
  const { scans, rounds, searches, worstReducedCost, upperBound, weight } = result;
  return {
    ...{ n, dim: DIM, cpuSeconds, scans, searches },
    pricingRounds: rounds,
    maxReducedCost: worstReducedCost,
    gap: upperBound === 0 ? 0 : (upperBound - weight) / upperBound,
    floorSeconds: (n * n * DIM) / kernelRate(vectors, n),
  };
}

/** Multiply-adds per CPU second of rows of f32 dot products. */
function kernelRate(vectors: Float64Array, n: number): number {
  const [dots] = rowDots([{ x: vectors, y: vectors }], n, DIM, true);
  const out = new Float64Array(n);
  const rows = Math.min(n, 512);
  dots(0, 0, out);
  const { cpuSeconds } = cpuTimed(() => {
    for (let i = 0; i < rows; i++) dots(i, 0, out);
  });
  return (rows * n * DIM) / cpuSeconds;
}
