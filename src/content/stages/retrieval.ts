/**
 * The k rows of `items` ([n][dimension]) with the largest dot product with `query`, best first;
 * equal products in the order of the rows. This is what an exact retrieval finds.
 */
export function topByDot(
  query: ArrayLike<number>,
  items: ArrayLike<number>,
  k: number,
): { readonly rows: number[]; readonly scores: number[] } {
  const dimension = query.length;
  const scores = new Float64Array(items.length / dimension);
  for (let row = 0; row < scores.length; row++)
    for (let d = 0; d < dimension; d++) scores[row] += query[d] * items[row * dimension + d];
  const rows = [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b).slice(0, k);
  return { rows, scores: rows.map((row) => scores[row]) };
}

/** Share of the entries of all lists for which `is` holds; NaN where the lists are empty. */
export function shareOfEntries(lists: readonly ArrayLike<number>[], is: (row: number) => boolean): number {
  let [all, found] = [0, 0];
  for (const list of lists) {
    all += list.length;
    for (let k = 0; k < list.length; k++) found += Number(is(list[k]));
  }
  return found / all;
}
