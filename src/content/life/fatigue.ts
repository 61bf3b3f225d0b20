/** A card of a slate: its kind, such as "ad", and its chance of a click to a fresh reader. */
export interface CascadeCard<Kind> {
  readonly chance: number;
  readonly kind: Kind;
}

/** How readers tire and leave. */
export interface FatigueRule<Kind> {
  /** Each similar card before divides the chance of a click by e^theta. */
  readonly theta: number;
  /** Chance to leave after a click, and after none by kind. */
  readonly leaveAfterClick: number;
  readonly leaveAfterNoClick: (kind: Kind) => number;
  /** Added to the chance to leave after no click, per similar card before. */
  readonly tiredPerSimilarCard: number;
  /** Share of the similar cards that is still felt one card later; 1: no recovery. */
  readonly recoveryPerCard: number;
}

/** Chances of a reader who goes down a slate. */
export interface Cascade {
  /** By card: chance that it is seen, and that it is clicked. */
  readonly reached: Float64Array;
  readonly clicks: Float64Array;
  /** Chance that the reader is still there after the last card. */
  readonly seesAll: number;
}

/**
 * A dependent click model with a discount per similar card (Cao, Sun and Shen, arXiv 2008.09733),
 * by exact forward recursion. Similar cards before count less the longer ago they were.
 */
export function cascade<Kind>(cards: readonly CascadeCard<Kind>[], rule: FatigueRule<Kind>): Cascade {
  const felt = new Map<Kind, number>();
  const reached = new Float64Array(cards.length);
  const clicks = new Float64Array(cards.length);
  let here = 1;
  cards.forEach(({ chance, kind }, k) => {
    const similar = felt.get(kind) ?? 0;
    const click = chance * Math.exp(-rule.theta * similar);
    const bored = rule.leaveAfterNoClick(kind) + rule.tiredPerSimilarCard * similar;
    reached[k] = here;
    clicks[k] = here * click;
    here *= 1 - click * rule.leaveAfterClick - (1 - click) * Math.min(1, bored);
    felt.set(kind, similar + 1);
    for (const [other, count] of felt) felt.set(other, count * rule.recoveryPerCard);
  });
  return { reached, clicks, seesAll: here };
}
