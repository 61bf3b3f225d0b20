import type { MatchBackend } from '../backend.ts';
import type { KernelTeam } from '../../score/threads/team.ts';
import type { BackendName } from '../open-backend.ts';
import type { NamedMatcher } from '../own/own-matcher.ts';
import type { Id } from './formats.ts';

/** Options of `lab match`. */
export interface MatchFileOptions {
  readonly format: 'costs' | 'edges' | 'embeddings';
  readonly algorithm: 'greedy' | 'auction' | 'exact';
  readonly goal: 'min' | 'max';
  readonly threshold: number;
  readonly backend: BackendName;
  readonly seed: number;
  /** Smallest step of a price in units of weight; the algorithm chooses where absent. */
  readonly epsilon?: number | undefined;
  readonly candidates: number;
}

/** Result of `lab match`. */
export interface FileMatching extends Omit<RawMatching, 'pairs' | 'ms' | 'backend' | 'adapter'> {
  /** Row and column for costs, ids otherwise. */
  readonly pairs: readonly (readonly [Id, Id])[];
  /** |bound - weight| / |bound|, 0 where both are 0. */
  readonly gap: number;
  /** Whether the bound proves that the weight is the optimum. */
  readonly optimal: boolean;
  /** Milliseconds of matching, without reading the file. */
  readonly ms: number;
  readonly backend: 'cpu' | 'gpu';
  readonly adapter: string;
}

/** Result of the matcher of a format, with positions instead of ids. */
export interface RawMatching {
  readonly pairs: readonly (readonly [number, number])[];
  readonly weight: number;
  /** Bound on the optimum: at least the optimum, or with goal `min` at most. */
  readonly upperBound: number;
  readonly rounds: number;
  readonly scans: number;
  /**
   * Exact, edges and embeddings: sparse graphs that were solved until no pair outside violated the
   * duals.
   */
  readonly pricingRounds?: number;
  /**
   * Exact, edges and embeddings: largest weight less duals over all pairs at the end; at most 0.
   */
  readonly worstReducedCost?: number;
  /** Milliseconds, where opening a device does not count. */
  readonly ms?: number;
  readonly backend?: 'gpu';
  readonly adapter?: string;
}

export interface MatchFileHost {
  readonly progress: (text: string) => void;
  /** Opens a backend. @throws LabError where 'gpu' is asked for and there is none. */
  readonly openBackend: (name: BackendName) => Promise<MatchBackend>;
  /** Takes the place of the algorithm. */
  readonly own?: NamedMatcher;
  /** Threads that help with many embeddings. */
  readonly team?: KernelTeam;
}
