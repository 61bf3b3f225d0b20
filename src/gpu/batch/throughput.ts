/** Target duration of one submission in milliseconds, so that the browser can draw in between. */
export const SUBMISSION_MS = 30;
/** The same where nothing draws: a tenth of the two seconds after which Windows resets a GPU. */
export const UNDRAWN_SUBMISSION_MS = 200;

/**
 * Rows visited per millisecond by the passes over lists: initial rate, of a small integrated GPU,
 * which reads about 30 bytes of memory per row.
 */
export const ROWS_PER_MS = 1e6;
/** Multiply-adds of scoring per millisecond of such a GPU: half of its peak. */
export const SMALL_SCORING_RATE = 1e8;

/**
 * How many times as fast as a small integrated GPU a device visits rows that all of it shares, by
 * its rate of scoring. Bandwidth grows with about the power 2/3 of arithmetic from small to large
 * GPUs (34 GB/s and .4 TFLOPS of an Intel UHD 620; 360 and 12.7 of an NVIDIA RTX 3060; 1,008 and 82
 * of a 4090; 3,350 and 67 of an H100), but with less where memory is shared with the CPU (68 and
 * 2.6 of an Apple M1), hence the square root. The speed of a workgroup that works alone hardly
 * depends on the size of a GPU.
 */
export function spreadSpeed(scoringRate: number): number {
  return Math.sqrt(Math.max(1, scoringRate / SMALL_SCORING_RATE));
}

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
