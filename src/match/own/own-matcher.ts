import { LabError, shown } from '../../base/errors.ts';
import type { CandidateLists } from '../../score/candidates/lists.ts';
import type { PairSource } from '../../score/source.ts';

/**
 * What a matcher of your own gets: everybody who waits in one tick, or everybody in a file. People
 * are positions, 0 to n - 1.
 */
export interface OwnTick {
  readonly n: number;
  /** Their ids: numbers of people in an evening, ids as the file has them in `lab match`. */
  readonly ids: ArrayLike<number | string>;
  /** Seconds that each has waited, f32[n]; 0 for a file. */
  readonly waited: Float32Array;
  /** Candidates of i, best first: at most 16, or as many as `--candidates` says. */
  partners(this: void, i: number): Int32Array;
  /** Weights of the same candidates, in the unit of the scorer or of the file. */
  weights(this: void, i: number): Float64Array;
  /** Weight of any pair, -Infinity where the two are not eligible or not above the threshold. */
  weight(this: void, i: number, j: number): number;
  /** A seed of this tick, so that chance is the same in a repetition. */
  readonly seed: number;
}

/** Returns pairs of positions, each person at most once and each pair eligible. */
export type OwnMatcher = (tick: OwnTick) => Iterable<readonly [number, number]>;

/** A matcher with the name by which messages call it. */
export interface NamedMatcher {
  readonly name: string;
  readonly match: OwnMatcher;
}

interface OwnPool {
  readonly source: PairSource;
  readonly lists: CandidateLists;
  readonly ids: ArrayLike<number | string>;
  readonly waited: Float32Array;
  readonly seed: number;
  /** Units of the source per unit of weight. */
  readonly times: number;
}

/**
 * Asks a matcher for its pairs and checks them: i32[n], -1 without a partner. It gets copies, so
 * that the certificate stays that of the lists. Throws LabError with its name.
 */
export function ownPairs({ name, match }: NamedMatcher, pool: OwnPool): Int32Array {
  const { source, lists, ids, waited, seed, times } = pool;
  const { n } = source;
  const range = (i: number) => [lists.start[i], lists.start[i] + lists.count[i]] as const;
  const whole = (i: number, j: number) => [i, j].every((p) => Number.isInteger(p) && p >= 0 && p < n);
  const tick: OwnTick = {
    ...{ n, ids, seed, waited: waited.slice(0, n) },
    partners: (i) => lists.col.slice(...range(i)),
    weights: (i) => lists.key.slice(...range(i)).map((w) => w / times),
    weight: (i, j) => (whole(i, j) && i !== j ? source.weight(i, j) / times : -Infinity),
  };
  const mate = new Int32Array(n).fill(-1);
  let count = 0;
  const refuse = (text: string): never => {
    throw new LabError(`pair ${count} ${text}`, name);
  };
  for (const pair of answerOf(name, match, tick)) {
    count++;
    if (!Array.isArray(pair) || pair.length !== 2)
      refuse(`is ${shownValue(pair)}; expected two positions [i, j]`);
    const [i, j] = pair;
    if (!whole(i, j)) refuse(`is [${i}, ${j}]; expected whole numbers from 0 to ${n - 1}`);
    if (i === j) refuse(`pairs ${i} with themselves; expected two different people`);
    const twice = [i, j].find((p) => mate[p] >= 0);
    if (twice !== undefined)
      refuse(`has person ${twice} again, who is already paired with ${mate[twice]}; expected each once`);
    if (source.weight(i, j) === -Infinity)
      refuse(
        `is [${i}, ${j}], who may not meet: filters, languages, a recent chat or the threshold forbid it`,
      );
    mate[i] = j;
    mate[j] = i;
  }
  return mate;
}

/** The pairs of one call. What the matcher throws is told with its name. */
function answerOf(name: string, match: OwnMatcher, tick: OwnTick): readonly (readonly [number, number])[] {
  let answer: unknown;
  try {
    answer = match(tick);
    if (typeof (answer as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] === 'function')
      return [...(answer as Iterable<readonly [number, number]>)];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LabError(`the matcher failed in a tick with ${tick.n} people: ${why}`, name);
  }
  const what = answer instanceof Promise ? 'a promise; it must not be async' : shownValue(answer);
  throw new LabError(`the matcher returned ${what}; expected a list of pairs [i, j]`, name);
}

const shownValue = (value: unknown): string =>
  value === undefined ? 'nothing' : shown(JSON.stringify(value) ?? typeof value);
