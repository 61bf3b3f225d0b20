/** A formula to start from. */
export interface FormulaExample {
  readonly name: string;
  readonly help: string;
  readonly text: string;
  /** A scorer that predicts what it reads, where not all do. */
  readonly scorer?: 'wide-deep';
}

const bonuses = '+ me.bonus + you.bonus';
const harmonic = '2 / (1 / me.score + 1 / you.score)';

/** The built-in combinations of predicted seconds, with the bits of the knob "Both sides". */
export const builtIn = {
  harmonic: `2 / (exp(-me.log) + exp(-you.log)) ${bonuses}`,
  product: `exp((me.log + you.log) / 2) ${bonuses}`,
  sum: `(exp(me.log) + exp(you.log)) / 2 ${bonuses}`,
  minimum: `exp(min(me.log, you.log)) ${bonuses}`,
} as const;

/** The built-in combinations of points: all but the minimum are a mean. */
export const builtInOfPoints = {
  sum: `both(me.points) ${bonuses}`,
  minimum: `min(me.points, you.points) ${bonuses}`,
} as const;

export const formulaExamples: readonly FormulaExample[] = [
  {
    name: 'As built in',
    help: 'The harmonic mean of both predictions and both bonuses: what the knobs do.',
    text: builtIn.harmonic,
  },
  {
    name: 'Newcomers first',
    help: 'A chat with somebody who has never had one counts a minute more.',
    text: `${harmonic} ${bonuses} + both(if(me.newcomer, 60, 0))`,
  },
  {
    name: 'Exposure fairness',
    help: 'Each match of the last five minutes costs six seconds, so that the others have their turn.',
    text: `${harmonic} ${bonuses} - both(6 * second * me.matches)`,
  },
  {
    name: 'Revenue against joy',
    help: 'The joy of those who pay counts half as much again.',
    text: `${harmonic} * (1 + both(if(me.paying, 0.5, 0))) ${bonuses}`,
  },
  {
    name: 'Reports punished',
    help: 'A report that is to be expected costs ten minutes; with somebody who was reported lately, a chat counts a fifth. Needs Wide&Deep, Wide&Deep-S or CUPID.',
    text: `${harmonic} * if(me.reported || you.reported, 0.2, 1) ${bonuses} - 600 * second * (me.report + you.report)`,
    scorer: 'wide-deep',
  },
];
