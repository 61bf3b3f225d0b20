import { must } from '../../src/base/errors.ts';
import { matchOnCpu } from '../../src/match/cpu-backend.ts';
import { exactMatching } from '../../src/match/exact/exact.ts';
import { poolSource } from '../../src/score/weights.ts';
import type { CapturedTick } from './capture.ts';
import { methods, type Method } from './methods.ts';

/** The result of one method. Weights are in the unit of the scorer. */
export interface MethodRow {
  readonly method: Method;
  /** Sum of the weights of its pairs. */
  readonly total: number;
  /** Upper bound on the optimum, certified by the method itself. */
  readonly upperBound: number;
  /** (upperBound - total) / upperBound, 0 where the bound is 0. */
  readonly gap: number;
  readonly pairs: number;
  /** Rounds; for the exact optimum, searches for augmenting paths. */
  readonly rounds: number;
  /** Wall clock from vectors to certified result, milliseconds. */
  readonly ms: number;
}

/**
 * Progress: method `index` of `methods`. `share` is from 0 to 1, or null if the method does not
 * report it.
 */
export interface Step {
  readonly index: number;
  readonly stage: string;
  readonly share: number | null;
}

export interface SolveEvents {
  readonly step: (step: Step) => void;
  readonly row: (row: MethodRow) => void;
}

/** Min time between two calls of `step` within one stage, milliseconds. */
const EVERY_MS = 80;

/**
 * Solves one tick with every method in turn, on this thread, and reports each result when it is
 * ready.
 * @throws LabError for a tick without a feasible pair, or with numbers that are not finite.
 */
export function solveByAll({ pool, rule, seed }: CapturedTick, { step, row }: SolveEvents): void {
  must(pool.n >= 2, `${pool.n} waited in this tick; there is nothing to solve below two`);
  methods.forEach((method, index) => {
    step({ index, stage: 'weights of all pairs', share: null });
    const start = performance.now();
    if (method !== 'exact') {
      const { mate, total, upperBound, gap, rounds } = matchOnCpu(pool, rule, { matcher: method, seed });
      const ms = performance.now() - start;
      row({ method, total, upperBound, gap, pairs: pairsIn(mate), rounds, ms });
      return;
    }
    let before = '';
    let last = 0;
    const { mate, weight, upperBound, searches } = exactMatching(poolSource(pool, rule, seed), {
      progress(stage, share) {
        const now = performance.now();
        if (stage === before && now - last < EVERY_MS) return;
        before = stage;
        last = now;
        step({ index, stage, share });
      },
    });
    const ms = performance.now() - start;
    const gap = upperBound === 0 ? 0 : (upperBound - weight) / upperBound;
    row({ method, total: weight, upperBound, gap, pairs: pairsIn(mate), rounds: searches, ms });
  });
}

function pairsIn(mate: Int32Array): number {
  return mate.reduce((pairs, j, i) => pairs + (j > i ? 1 : 0), 0);
}
