/**
 * Generalist-specialist score: the mean cosine of what a person played to its centre, weighted by
 * plays, with vectors of unit length (Anderson et al., WWW 2020). 1: a specialist; near 0: a
 * generalist. NaN without a play, or where the centre is zero. @param vectors f64[n][dimension]:
 * zero vectors are left out.
 */
export function generalistScore(
  vectors: ArrayLike<number>,
  dimension: number,
  plays: ArrayLike<number>,
): number {
  // With unit vectors the mean of u . c / |c| over the plays is |c|, where c is their mean.
  const centre = new Float64Array(dimension);
  let total = 0;
  for (let k = 0; k < plays.length; k++) {
    let squares = 0;
    for (let d = 0; d < dimension; d++) squares += vectors[k * dimension + d] ** 2;
    if (squares === 0 || plays[k] === 0) continue;
    const scale = plays[k] / Math.sqrt(squares);
    for (let d = 0; d < dimension; d++) centre[d] += scale * vectors[k * dimension + d];
    total += plays[k];
  }
  const length = Math.sqrt(centre.reduce((sum, x) => sum + x * x, 0));
  return length === 0 ? NaN : length / total;
}

/** Share of plays whose item was new to the person; NaN without a play. */
export function discoveryShare(plays: ArrayLike<number>, isFirst: ArrayLike<number>): number {
  let [first, all] = [0, 0];
  for (let k = 0; k < plays.length; k++) {
    all += plays[k];
    first += plays[k] * isFirst[k];
  }
  return first / all;
}

/**
 * How widely exposure is spread over buckets of popularity: the sum over buckets of
 * sqrt(creators shown from it). It is at most sqrt(creators x buckets), which it reaches where all
 * buckets have as many (square-root form after Mehrotra et al., CIKM 2018). `share` of that is NaN
 * where nobody was shown.
 */
export function popularitySpread(bucketOf: ArrayLike<number>, buckets: number) {
  const shown = new Float64Array(buckets);
  for (let k = 0; k < bucketOf.length; k++) shown[bucketOf[k]]++;
  const spread = shown.reduce((sum, count) => sum + Math.sqrt(count), 0);
  const atMost = Math.sqrt(bucketOf.length * buckets);
  return { spread, atMost, share: spread / atMost };
}
