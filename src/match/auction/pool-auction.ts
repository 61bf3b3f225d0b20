import type { CandidateLists } from '../../score/candidates/lists.ts';
import type { PairSource } from '../../score/source.ts';
import type { KernelTeam } from '../../score/threads/team.ts';
import type { MatchOptions } from '../../score/types.ts';
import { greedy } from '../greedy/greedy.ts';
import type { Pairing } from '../tick-order.ts';
import { checkAuction, driveAuction, openingPrices, runNow } from './auction-driver.ts';
import type { AuctionFound, AuctionHost, Proof } from './auction-driver.ts';
import { meanPair } from '../../score/units.ts';
import { AuctionState, SKETCH } from './auction-state.ts';
import { cutCycles } from './cycles.ts';
import { exchangeByTurns } from './two-opt.ts';
import { beginSketch, priceCertificateByKernel } from './wasm/sketch-kernel.ts';

/** Price limit of known prices, in units. */
const MAX_PRICE = 2 ** 22;

function proofOf(state: AuctionState): Proof<Float64Array> {
  const y = new Float64Array(state.n);
  for (let i = 0; i < y.length; i++) y[i] = state.y[i] / state.units;
  return { y, bound: state.bound };
}

/**
 * Certificate without an auction: from the lists, and from the prices of a short, coarse bidding;
 * the better of the two. A descent alone stops where it gains from no single pair; prices move
 * whole chains.
 *
 * @param team computes it while this thread goes on.
 * @returns gives the certificate.
 */
export function sketchProof(
  source: PairSource,
  lists: CandidateLists,
  team?: KernelTeam,
): () => Proof<Float64Array> {
  const sketch = beginSketch(lists, SKETCH, team);
  return () => {
    const found = sketch();
    if (found === undefined) return sketchByReference(new AuctionState(source, lists));
    const { byLists, byPrices, units } = found;
    const sum = (values: Int32Array) => {
      let all = 0;
      for (const v of values) all += v;
      return all;
    };
    const least = sum(byPrices) < sum(byLists) ? byPrices : byLists;
    const y = new Float64Array(least.length);
    for (let i = 0; i < y.length; i++) y[i] = least[i] / units;
    return { y, bound: sum(least) / units };
  };
}

/** The rule of {@link sketchProof}, with the numbers that a GPU has. `state` is a new one. */
export function sketchByReference(state: AuctionState): Proof<Float64Array> {
  state.certify();
  const own = proofOf(state);
  state.price.set(state.y);
  state.begin();
  state.play(SKETCH.share, SKETCH.rounds, true);
  state.certifyPrices();
  return state.bound < own.bound ? proofOf(state) : own;
}

/** The auction of a pool on the CPU, the reference of `runGpuAuction` on the GPU. */
export function poolAuction(
  source: PairSource,
  lists: CandidateLists,
  options: MatchOptions,
  team?: KernelTeam,
): AuctionFound<Float64Array> {
  const { n } = source;
  checkAuction(n, options);
  const sketch = sketchProof(source, lists, team);
  const { mate, key, ...simple } = greedy(source, lists);
  const state = new AuctionState(source, lists);
  const proof = sketch();
  state.pair = meanPair(proof.bound, state.units, n);
  return runNow(
    driveAuction(
      n,
      options,
      { simple: { ...simple, pairing: { mate, weight: key } }, proof },
      cpuHost(source, lists, state, options),
    ),
  );
}

function cpuHost(
  source: PairSource,
  lists: CandidateLists,
  state: AuctionState,
  options: MatchOptions,
): AuctionHost<Float64Array> {
  const { n } = source;
  const weight = remembered(source);
  return {
    play({ begin, share, maxRounds }) {
      if (begin === 'given') {
        const known = openingPrices(n, options.prices);
        state.price.set(known.map((p) => Math.min(MAX_PRICE, Math.ceil(p * state.units))));
      }
      if (begin !== undefined) state.begin();
      return state.play(share, maxRounds);
    },
    refresh: (max) => state.refresh(max),
    certify() {
      state.certifyPrices(priceCertificateByKernel);
      return proofOf(state);
    },
    pairs: () => weighed(weight, cutCycles(state.holds, weight)),
    complete({ mate, weight: known }) {
      const free = Uint8Array.from(mate, (m) => (m < 0 ? 1 : 0));
      const { rounds, scans, ...rest } = greedy(source, lists, free);
      const pairing = {
        mate: mate.map((m, i) => (m < 0 ? rest.mate[i] : m)),
        weight: known.map((w, i) => (mate[i] < 0 ? rest.key[i] : w)),
      };
      return { pairing, rounds, scans };
    },
    exchange(pairing) {
      const mate = pairing.mate.slice();
      exchangeByTurns(source, lists, mate, state.place);
      return weighed(weight, mate);
    },
    lists: () => lists,
  };
}

type WeightOf = (i: number, j: number) => number;

/** Weights of pairs. The last partner of everybody is kept: most pairs outlast a round. */
function remembered(source: PairSource): WeightOf {
  const partner = new Int32Array(source.n).fill(-1);
  const known = new Float64Array(source.n);
  return (i, j) => {
    if (partner[i] === j) return known[i];
    if (partner[j] === i) return known[j];
    partner[i] = j;
    return (known[i] = source.weight(i, j));
  };
}

function weighed(weightOf: WeightOf, mate: Int32Array): Pairing {
  const weight = new Float64Array(mate.length);
  for (let i = 0; i < weight.length; i++) if (mate[i] > i) weight[i] = weight[mate[i]] = weightOf(i, mate[i]);
  return { mate, weight };
}
