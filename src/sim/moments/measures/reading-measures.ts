import { predictionReport, varietyReport } from '../../../content/exposures/quality.ts';
import { discoveryShare, generalistScore } from '../../../content/life/taste.ts';
import { correlation } from '../../../metrics/ranking/errors.ts';
import { TASTE } from '../../../world/types.ts';
import type { Market } from '../../types.ts';
import { Did, type Decision } from '../decision.ts';
import type { ContentMoments } from '../moments.ts';
import { VECTOR } from '../world/posts.ts';
import { DwellWatch } from './dwell-watch.ts';
import { SlateWatch } from './slate-watch.ts';

/** Views of posts that are kept; older ones make room. */
const KEPT = 20_000;
/** One reader in so many is followed from slate to slate. */
const FOLLOWED = 4;
/** Reads from which on a person's breadth is judged. */
const JUDGED_READS = 5;

/** Follows what people read in a market, from its decisions. Its size does not grow with time. */
export class ReadingMeasures {
  readonly #market: Market;
  #parts: Parts | undefined;
  /** Columns of the views that are kept, at `view % KEPT`. */
  readonly #person = new Uint32Array(KEPT);
  readonly #item = new Uint32Array(KEPT);
  readonly #request = new Uint32Array(KEPT);
  readonly #clicked = new Uint8Array(KEPT);
  readonly #creator = new Uint32Array(KEPT);
  readonly #chance = new Float64Array(KEPT);
  #views = 0;
  #slate: number[] = [];
  #reader = -1;
  #asked = -1;

  /** Observes a market from now on; call before its first tick. */
  constructor(market: Market) {
    this.#market = market;
    market.observe({ decided: (decision) => this.#decided(decision) });
  }

  #decided(d: Readonly<Decision>): void {
    if (d.moment !== 'feed' || d.item < 0) return;
    const moments = this.#market.moments!;
    const parts = (this.#parts ??= openParts(moments));
    const { posts } = moments.feed.maker;
    const slot = d.item % posts.count;
    if (d.request !== this.#asked) this.#endSlate();
    [this.#asked, this.#reader] = [d.request, d.person];
    this.#slate.push(slot);
    const at = this.#views++ % KEPT;
    this.#person[at] = d.person;
    this.#item[at] = d.item;
    this.#request[at] = d.request;
    this.#clicked[at] = (d.did & Did.click) > 0 ? 1 : 0;
    this.#creator[at] = d.creator;
    this.#chance[at] = d.click;
    parts.dwell.saw(d.seconds, posts.seconds[slot]);
  }

  #endSlate(): void {
    if (this.#slate.length > 0) this.#parts!.slates.saw(this.#reader, this.#slate);
    this.#slate = [];
  }

  /** Undefined before the first view of a post. */
  summary() {
    if (this.#parts === undefined) return undefined;
    this.#endSlate();
    const { dwell, slates } = this.#parts;
    const rows = this.#rowsInOrder();
    const pick = (column: ArrayLike<number>) => Float64Array.from(rows, (at) => column[at]);
    const [person, item, outcome] = [this.#person, this.#item, this.#clicked].map(pick);
    return {
      views: this.#views,
      heads: predictionReport({ prediction: pick(this.#chance), outcome, request: pick(this.#request) }),
      variety: varietyReport({ person, item, outcome }),
      slates: slates.summary(),
      dwell: dwell.summary(),
      intent: this.#market.moments!.feed.signs.intent.summary(),
      readers: this.#readers(rows),
    };
  }

  #rowsInOrder(): number[] {
    const count = Math.min(this.#views, KEPT);
    return Array.from({ length: count }, (_, k) => (this.#views - count + k) % KEPT);
  }

  /** Breadth of what people read, and how much of it is new to them. */
  #readers(rows: readonly number[]) {
    const { feed, readers } = this.#market.moments!;
    const { posts } = feed.maker;
    const reads = new Map<number, number[]>();
    for (const at of rows) {
      // Another post may have taken the slot.
      if (this.#clicked[at] === 0 || posts.serial[this.#item[at] % posts.count] !== this.#item[at]) continue;
      const own = reads.get(this.#person[at]);
      if (own === undefined) reads.set(this.#person[at], [at]);
      else own.push(at);
    }
    const judged = [...reads].filter(([, own]) => own.length >= JUDGED_READS);
    const scores = judged.map(([, own]) =>
      generalistScore(
        own.flatMap((at) => {
          const from = (this.#item[at] % posts.count) * VECTOR;
          // Behind the components of taste is that of quality.
          return [...posts.learned.subarray(from, from + TASTE)];
        }),
        TASTE,
        own.map(() => 1),
      ),
    );
    const breadth = judged.map(([person]) => readers.breadth[person]);
    const isKnown = scores.map((score) => !Number.isNaN(score));
    const known = (list: readonly number[]) => list.filter((_, k) => isKnown[k]);
    const related = correlation(known(scores), known(breadth));
    const met = new Set<number>();
    const isFirst = rows.map((at) => {
      const size = met.size;
      met.add(this.#person[at] * 2 ** 26 + this.#creator[at]);
      return met.size > size ? 1 : 0;
    });
    const shareOfFirst = discoveryShare(
      rows.map((at) => this.#clicked[at]),
      isFirst,
    );
    const count = known(scores).length;
    return {
      people: count,
      meanGeneralistScore: count === 0 ? null : known(scores).reduce((a, b) => a + b, 0) / count,
      correlationWithTrueBreadth: Number.isNaN(related) ? null : related,
      discoveryShare: Number.isNaN(shareOfFirst) ? null : shareOfFirst,
    };
  }
}

interface Parts {
  readonly dwell: DwellWatch;
  readonly slates: SlateWatch;
}

function openParts({ feed, phones }: ContentMoments): Parts {
  const { posts, creators } = feed.maker;
  return {
    dwell: new DwellWatch(),
    slates: new SlateWatch(posts, creators, phones, FOLLOWED),
  };
}
