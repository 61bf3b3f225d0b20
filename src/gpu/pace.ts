/** Milliseconds of GPU work in one submission, aimed at: the browser draws in between. */
export const SUBMISSION_MS = 30;

/** Shorter passes say nothing: clocks of browsers tick every tenth of a millisecond. */
const LEAST_MS = 1;
/** One slow pass may be an accident of the machine: so much slower at most is believed at once. */
const FALL = 3;
/** So much quicker, per full submission of work that was: while no pass has taken half of what it should, and from then on. */
const RISES = [1.25, 1.02] as const;

/** What is known of a kind of work beside its speed. */
export interface Manner {
  /** The cost is a limit that the work may not have reached. */
  readonly atMost?: boolean;
  /** Pieces of the same cost take the same time, whatever the data: what one has shown, the next will keep. */
  readonly steady?: boolean;
}

/**
 * How fast kinds of work go on this device, learned from every pass that was timed. Rates fall at once and rise slowly: the next piece of the
 * same kind may be a harder one, and pieces shorter than need be cost little. They decide how work is cut into submissions, and nothing else: no result depends on them.
 */
export class Pace {
  readonly #rates = new Map<string, { rate: number; readonly start: number; met: boolean }>();

  /** @param caution so large a part is believed of what is supposed before something was seen. */
  constructor(readonly caution = 1) {}

  /** Units of cost per millisecond. `start`: supposed until something was seen. */
  rate(kind: string, start: number): number {
    return this.#rates.get(kind)?.rate ?? start * this.caution;
  }

  /**
   * A pass of this kind took so long that should have taken `planned` milliseconds. Where the cost is a limit, time below it says little, and
   * the rate does not rise beyond its start.
   */
  learn(kind: string, cost: number, planned: number, ms: number, manner: Manner = {}): void {
    if (!(cost > 0) || !(planned > 0) || !(ms >= 0)) return;
    let known = this.#rates.get(kind);
    if (known === undefined) {
      known = { rate: cost / planned, start: cost / planned, met: false };
      this.#rates.set(kind, known);
    }
    const due = cost / known.rate;
    known.met ||= ms >= Math.max(LEAST_MS, due / 2);
    if (ms > due) {
      if (ms >= LEAST_MS) known.rate = Math.max(cost / ms, known.rate / FALL);
      return;
    }
    const risen =
      known.rate *
      Math.min(due / ms, RISES[known.met && manner.steady !== true ? 1 : 0]) **
        Math.min(1, due / SUBMISSION_MS);
    known.rate = manner.atMost === true ? Math.max(known.rate, Math.min(risen, known.start)) : risen;
  }
}
