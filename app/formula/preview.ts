import { checkFormula } from '../../src/scenario/formula/formula.ts';
import { ageBands } from '../../src/scenario/countries.ts';
import { ageOf, groupMembers, personTerms } from '../../src/scenario/formula/terms.ts';
import { evaluate } from '../../src/score/formula/evaluate.ts';
import { stepsOf } from '../../src/score/formula/program.ts';
import type { TickPair, TickPairs } from './tick-pairs.ts';

/** A pair of the tick as the editor shows it. */
export interface PairRow {
  readonly key: string;
  /** Both people, e.g. "JP woman, 18-24". */
  readonly people: readonly [string, string];
  readonly score: readonly [number, number];
  readonly waited: readonly [number, number];
  readonly now: number;
  /** The formula's weight. */
  readonly own: number;
  /** Places among the pairs, from 1, by both weights. */
  readonly placeNow: number;
  readonly place: number;
}

/** The pairs of a tick by the weight that a formula gives them, heaviest first. */
export function previewRows({ transform, tasks, pairs }: TickPairs, text: string): PairRow[] {
  // The scorer of the tick may be another one than that of the policy now.
  if (checkFormula(text).tasks.some((task) => tasks.every(({ name }) => name !== task))) return [];
  const weigh = (formula: string) => {
    const steps = stepsOf({ ...checkFormula(formula), personTerms }, transform, tasks);
    return ({ raw, terms }: TickPair) => evaluate(steps, raw, terms, 2, 0, 1);
  };
  const own = weigh(text);
  const predicted = ({ raw }: TickPair, side: 0 | 1) =>
    transform === 'exp' ? Math.exp(raw[side]) : raw[side];
  const placeOf = (values: readonly number[]) => {
    const order = [...values.keys()].sort((a, b) => values[b] - values[a] || a - b);
    return values.map((_, k) => order.indexOf(k) + 1);
  };
  const weights = pairs.map(own);
  const [before, after] = [placeOf(pairs.map((p) => p.weight)), placeOf(weights)];
  return pairs
    .map((pair, k) => ({
      key: String(k),
      people: [personOf(pair, 0), personOf(pair, 1)] as const,
      score: [predicted(pair, 0), predicted(pair, 1)] as const,
      waited: [term(pair, 'wait', 0), term(pair, 'wait', 1)] as const,
      ...{ now: pair.weight, own: weights[k], placeNow: before[k], place: after[k] },
    }))
    .sort((a, b) => a.place - b.place);
}

function term({ terms }: TickPair, name: string, side: 0 | 1): number {
  return terms[2 * personTerms.indexOf(name) + side];
}

function personOf(pair: TickPair, side: 0 | 1): string {
  const gender = groupMembers.gender?.[term(pair, 'gender', side)] === 'women' ? 'woman' : 'man';
  const country = groupMembers.country?.[term(pair, 'country', side)] ?? '';
  const flags = ['newcomer', 'paying', 'reported'].filter((name) => term(pair, name, side) === 1);
  const age = ageBands.find((band) => ageOf(band) === term(pair, 'age', side)) ?? '';
  return [`${country} ${gender}, ${age}`, ...flags].join(', ');
}
