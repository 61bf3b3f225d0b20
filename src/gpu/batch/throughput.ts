/** Target duration of one submission in milliseconds, so that the browser can draw in between. */
export const SUBMISSION_MS = 30;

/**
 * Rows visited per millisecond by the passes over lists: initial rate, of a small integrated GPU.
 */
export const ROWS_PER_MS = 1e6;

/** Shorter passes are ignored: browsers round timestamps to a tenth of a millisecond. */
const MIN_MS = 1;
/** Maximum slowdown accepted from one sample, which may be an accident of the machine. */
const MAX_FALL = 3;
/**
 * Maximum speed-up per full submission: until a pass has taken half its planned time, and
 * afterwards.
 */
const MAX_RISE = { untested: 1.25, tested: 1.02 } as const;

/** How the cost of a kind of work relates to its duration. */
export interface CostModel {
  /** The cost is an upper limit that the work may not have reached. */
  readonly upperBound?: boolean;
  /** Work of equal cost takes equal time, whatever the data. */
  readonly steady?: boolean;
}

/**
 * Speed of each kind of work on one device, learned from timed passes. Rates fall at once and rise
 * slowly: the next piece of the same kind may be harder, and submissions shorter than the target
 * cost little. Rates decide how work is cut into submissions. No result depends on them.
 */
export class ThroughputModel {
  readonly #rates = new Map<string, { rate: number; readonly initial: number; tested: boolean }>();

  /** @param caution factor on the initial rate of every kind. */
  constructor(readonly caution = 1) {}

  /** Units of cost per millisecond; `initial` if nothing was measured yet. */
  rate(kind: string, initial: number): number {
    return this.#rates.get(kind)?.rate ?? initial * this.caution;
  }

  /**
   * Takes one measurement: a pass of `cost` that was planned to take `planned` milliseconds took
   * `ms`. A short time for a cost that is an upper bound says little, so the rate then does not
   * rise beyond its initial value.
   */
  learn(kind: string, cost: number, planned: number, ms: number, model: CostModel = {}): void {
    if (!(cost > 0) || !(planned > 0) || !(ms >= 0)) return;
    let known = this.#rates.get(kind);
    if (known === undefined) {
      known = { rate: cost / planned, initial: cost / planned, tested: false };
      this.#rates.set(kind, known);
    }
    const due = cost / known.rate;
    known.tested ||= ms >= Math.max(MIN_MS, due / 2);
    if (ms > due) {
      if (ms >= MIN_MS) known.rate = Math.max(cost / ms, known.rate / MAX_FALL);
      return;
    }
    const maxRise = known.tested && model.steady !== true ? MAX_RISE.tested : MAX_RISE.untested;
    const risen = known.rate * Math.min(due / ms, maxRise) ** Math.min(1, due / SUBMISSION_MS);
    known.rate = model.upperBound === true ? Math.max(known.rate, Math.min(risen, known.initial)) : risen;
  }
}
