/** A user and an item, by number: something that was used or shown. */
export type Interaction = readonly [user: number, item: number];

/** Similarity of two items, 0 to 1; 0 where nothing is known of one of them. */
export type Similarity = (a: number, b: number) => number;

/** Items by user, users ascending. */
export function itemsByUser(records: readonly Interaction[]): Map<number, number[]> {
  const lists = new Map<number, number[]>();
  for (const [user, item] of [...records].sort(([a], [b]) => a - b))
    lists.set(user, [...(lists.get(user) ?? []), item]);
  return lists;
}

/** Cosine of the users of two items: common users / sqrt(users of a x users of b). */
export function cooccurrence(train: readonly Interaction[]): Similarity {
  const users = new Map<number, Set<number>>();
  for (const [user, item] of train) users.set(item, (users.get(item) ?? new Set()).add(user));
  return (a, b) => {
    const [ofA, ofB] = [users.get(a), users.get(b)];
    if (ofA === undefined || ofB === undefined) return 0;
    let common = 0;
    for (const user of ofA) if (ofB.has(user)) common++;
    return common / Math.sqrt(ofA.size * ofB.size);
  };
}

/** 1 - mean similarity of the pairs of a list; NaN where there are fewer than two items. */
export function listDiversity(items: readonly number[], similarity: Similarity): number {
  let sum = 0;
  for (let a = 0; a < items.length; a++) for (let b = 0; b < a; b++) sum += similarity(items[a], items[b]);
  return 1 - sum / ((items.length * (items.length - 1)) / 2);
}

/**
 * Mean over the shown items of relevance x (1 - mean similarity to the user's own items): what is
 * relevant and unlike what the user had. NaN where nothing was shown, or the user had nothing.
 */
export function listSerendipity(
  shown: readonly number[],
  relevant: readonly number[],
  own: readonly number[],
  similarity: Similarity,
): number {
  const surprise = shown.map((item, k) => {
    const near = own.reduce((sum, other) => sum + similarity(item, other), 0) / own.length;
    return relevant[k] * (1 - near);
  });
  return surprise.reduce((sum, x) => sum + x, 0) / shown.length;
}

/**
 * Mean over the shown records of -log2(share of the item in the history): how rare what was shown
 * is. Items without a history have no novelty and are left out; NaN where none is left.
 */
export function meanNovelty(train: readonly Interaction[], shown: readonly Interaction[]): number {
  const uses = countsOf(train);
  const known = shown.flatMap(([, item]) => uses.get(item) ?? []);
  return known.reduce((sum, count) => sum - Math.log2(count / train.length), 0) / known.length;
}

/** Different items shown / different items in the history. */
export const catalogCoverage = (train: readonly Interaction[], shown: readonly Interaction[]): number =>
  countsOf(shown).size / countsOf(train).size;

/** Entropy of the shown items, bits: the higher, the more evenly items are shown. */
export function distributionalCoverage(shown: readonly Interaction[]): number {
  let bits = 0;
  for (const count of countsOf(shown).values())
    bits -= (count / shown.length) * Math.log2(count / shown.length);
  return bits;
}

function countsOf(records: readonly Interaction[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const [, item] of records) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
