/** Chats by ln seconds: edges (one more than bins), and counts of real and predicted lengths. */
export interface LengthHistogram {
  readonly edges: readonly number[];
  readonly real: readonly number[];
  readonly predicted: readonly number[];
}

const BINS = 32;
/** From half a second to twenty minutes. Values outside count in the first or last bin. */
const FROM = Math.log(0.5);
const WIDTH = (Math.log(1200) - FROM) / BINS;

/** Both lists are natural logs of seconds. */
export function lengthHistogram(real: ArrayLike<number>, predicted: ArrayLike<number>): LengthHistogram {
  const count = (values: ArrayLike<number>): number[] => {
    const counts = new Array<number>(BINS).fill(0);
    for (let k = 0; k < values.length; k++)
      counts[Math.min(BINS - 1, Math.max(0, Math.floor((values[k] - FROM) / WIDTH)))]++;
    return counts;
  };
  return {
    edges: Array.from({ length: BINS + 1 }, (_, k) => FROM + k * WIDTH),
    real: count(real),
    predicted: count(predicted),
  };
}
