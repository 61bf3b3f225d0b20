import type { PersonWhy, WhyWeight } from './explain.ts';

const short = (value: number): string =>
  Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : Number(value.toPrecision(5)).toString();

const means: Readonly<Record<PersonWhy['rule']['combination'], string>> = {
  product: 'geometric mean √(x · y)',
  minimum: 'smaller of the two, min(x, y)',
  sum: 'arithmetic mean (x + y) / 2',
  harmonic: 'harmonic mean 2 x y / (x + y)',
};

/** The weight of one pair, step by step, as the code computes it (in f32). */
export function worked({ id, rule }: PersonWhy, { id: other, sides, bonus, weight }: WhyWeight): string[] {
  const names = [`${id} for ${other}`, `${other} for ${id}`];
  const terms = bonus[0] + bonus[1];
  const sum = (value: string) =>
    `weight = ${value}${terms === 0 ? '' : ` + bonuses ${short(bonus[0])} + ${short(bonus[1])}`} = ${short(weight)}`;
  if (rule.transform === 'hash')
    return [`The hash of ${id}, ${other} and the seed of the tick is ${short(sides[0].score)}.`, sum('hash')];
  const steps = sides.map(({ dot, scale, bias, score }, k) => {
    const line = `${names[k]}: ${short(scale)} × ${short(dot)}${bias === 0 ? '' : ` + ${short(bias)}`} = ${short(score)}`;
    return rule.transform === 'exp'
      ? `${line}; ${'xy'[k]} = e^${short(score)} = ${short(Math.exp(score))} s`
      : `${line} = ${'xy'[k]}`;
  });
  const arithmetic = rule.transform === 'identity' && rule.combination !== 'minimum';
  const rulesText = rule.formula === undefined ? means[arithmetic ? 'sum' : rule.combination] : 'the formula';
  return [...steps, sum(rulesText), ...(rule.threshold > 0 ? [`threshold ${short(rule.threshold)}`] : [])];
}
