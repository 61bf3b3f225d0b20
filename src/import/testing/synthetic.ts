import { normal, Stream, uniform } from '../../base/hash.ts';

/** People and meetings of a known world as two CSV files. An import must recover the world. */
export interface SyntheticFiles {
  readonly people: string;
  readonly meetings: string;
  /** The hidden tastes themselves: what a person is, and what they seek. */
  readonly vectors: string;
  /** Truth, by person in file order. */
  readonly talk: Float64Array;
  readonly charm: Float64Array;
  /** The taste term of the location of i with j. */
  pair(i: number, j: number): number;
}

export interface SyntheticOptions {
  readonly people: number;
  /** Approximate number of meetings per person. */
  readonly each: number;
  readonly outcome: 'duration' | 'decision' | 'match';
  /** Standard deviations, ln s. */
  readonly talk: number;
  readonly charm: number;
  readonly taste: number;
  readonly seed?: number;
}

const TAIL = 0.9;
const MEAN = Math.log(40);
const draw = (seed: number, what: number, a: number, b: number) => normal(seed, Stream.world, a, b, what);

/** Two sides, a city, an age; two hidden directions of taste. */
export function syntheticFiles(options: SyntheticOptions): SyntheticFiles {
  const { people: n, each, outcome, seed = 1 } = options;
  const talk = Float64Array.from({ length: n }, (_, p) => options.talk * draw(seed, 1, p, 0));
  const charm = Float64Array.from({ length: n }, (_, p) => options.charm * draw(seed, 2, p, 0));
  const axis = (what: number) => Float64Array.from({ length: 2 * n }, (_, k) => draw(seed, what, k, 0));
  const [u, v] = [axis(3), axis(4)];
  const pair = (i: number, j: number) =>
    (options.taste / Math.SQRT2) * (u[2 * i] * v[2 * j] + u[2 * i + 1] * v[2 * j + 1]);
  const half = n >> 1;
  const people = ['id,gender,city,age'];
  for (let p = 0; p < n; p++)
    people.push(
      `u${p},${p < half ? 'woman' : 'man'},${['Ankara', 'Seoul', 'Paris'][p % 3]},${18 + ((7 * p) % 40)}`,
    );
  const meetings = [
    outcome === 'duration'
      ? 'person,partner,duration_s,left_by'
      : outcome === 'decision'
        ? 'person,partner,decision,partner_decision'
        : 'person,partner,match',
  ];
  for (let i = 0; i < half; i++)
    for (let k = 0; k < each; k++) {
      const j = half + Math.floor((n - half) * uniform(seed, Stream.world, i, k, 7));
      const stay = (a: number, b: number, what: number) =>
        MEAN + talk[a] + charm[b] + pair(a, b) + TAIL * draw(seed, what, i, k);
      const [ti, tj] = [stay(i, j, 8), stay(j, i, 9)];
      const yes = (t: number) => (t > Math.log(60) ? 1 : 0);
      const told =
        outcome === 'duration'
          ? `${Math.exp(Math.min(ti, tj)).toFixed(3)},${ti < tj ? `u${i}` : `u${j}`}`
          : outcome === 'decision'
            ? `${yes(ti)},${yes(tj)}`
            : String(yes(Math.min(ti, tj)));
      meetings.push(`u${i},u${j},${told}`);
    }
  const vectors = ['id,role,v1,v2'];
  for (let p = 0; p < n; p++)
    for (const [role, of] of [
      ['is', v],
      ['seeks', u],
    ] as const)
      vectors.push(`u${p},${role},${of[2 * p].toFixed(3)},${of[2 * p + 1].toFixed(3)}`);
  return {
    vectors: `${vectors.join('\n')}\n`,
    people: `${people.join('\n')}\n`,
    meetings: `${meetings.join('\n')}\n`,
    talk,
    charm,
    pair,
  };
}
