/** What decides the order of a stream. Every list has one entry per source. */
export interface StreamInput {
  /** Short-term memory: bit s is set where the last share was of source s. */
  readonly lastShared: number;
  /** Count memory: shares of each source so far. */
  readonly counts: ArrayLike<number>;
  /** Items of each source in one round, whole numbers; usually 1 each. */
  readonly base: ArrayLike<number>;
  /** Items that each source has; Infinity where it never ends. */
  readonly supply: ArrayLike<number>;
  /** Shares from which on a source has twice its items in a round. */
  readonly threshold: number;
  /** Items wanted. */
  readonly length: number;
}

/** The published example: stickers of a stream, those of each source, and the threshold. */
export const STREAM = 12;
export const SUPPLY = [4, 4, 4];
export const DOUBLING_THRESHOLD = 5;

/**
 * Streams of one composer, by the memories of a phone: each is composed once, because the order
 * depends only on which source was shared last and which counts have reached the threshold. The
 * streams are read only.
 */
export function streamsOf(composer: Omit<StreamInput, 'lastShared' | 'counts'>) {
  const { base, threshold } = composer;
  const composed: (Uint8Array | undefined)[] = [];
  return (lastShared: number, counts: ArrayLike<number>): Uint8Array => {
    let key = lastShared;
    for (let source = 0; source < base.length; source++)
      key = 2 * key + (counts[source] >= threshold ? 1 : 0);
    return (composed[key] ??= composeStream({ ...composer, lastShared, counts }));
  };
}

/**
 * The stream of sources that a phone composes: weighted round robin. Each round goes through the
 * sources in their order, those of the short-term memory first; a source gives its items of a
 * round, twice as many once its count has reached the threshold, and ends when its supply does.
 * Returns the source of each item, u8[at most length]: shorter where all supply ends. Source of the
 * rule: the printed streams of Holler's on-device system (2022), all of which it gives.
 */
export function composeStream(input: StreamInput): Uint8Array {
  const { lastShared, counts, base, supply, threshold, length } = input;
  const sources = Array.from({ length: base.length }, (_, source) => source);
  const isFirst = (source: number) => (lastShared >>> source) & 1;
  const inOrder = sources.sort((a, b) => isFirst(b) - isFirst(a) || a - b);
  const left = Float64Array.from(supply);
  const stream = new Uint8Array(length);
  let filled = 0;
  for (let before = -1; filled < length && before !== filled;) {
    before = filled;
    for (const source of inOrder) {
      const turn = base[source] * (counts[source] >= threshold ? 2 : 1);
      const taken = Math.min(turn, left[source], length - filled);
      stream.fill(source, filled, filled + taken);
      left[source] -= taken;
      filled += taken;
    }
  }
  return stream.subarray(0, filled);
}
