import { LabError } from '../base/errors.ts';
import { builtIn, builtInOfPoints, formulaExamples } from '../scenario/formula/examples.ts';
import { checkFormula } from '../scenario/formula/formula.ts';
import { FormulaError } from '../scenario/formula/syntax.ts';
import { taskScorers } from '../scenario/formula/task-scorers.ts';
import { groupMembers, terms } from '../scenario/formula/terms.ts';
import { constants, functions, termHelp } from '../scenario/formula/words.ts';
import { unitless, unitText } from '../scenario/formula/units.ts';
import { defineCommand } from './cli/command.ts';
import { text } from './cli/options.ts';

const language = {
  terms: terms.map(({ name, kind, unit, range }) => ({
    ...{ name: `me.${name}, you.${name}`, help: termHelp[name], range },
    unit: kind === 'number' ? unitText({ ...unitless, ...unit }) : kind,
    ...(groupMembers[kind] && { members: groupMembers[kind] }),
  })),
  functions: functions.map(({ form, help }) => ({ form, help })),
  constants: constants.map(({ name, help }) => ({ name, help })),
  operators: ['+', '-', '*', '/', '<', '<=', '>', '>=', '==', '!=', '&&', '||', '!'],
  examples: formulaExamples,
  builtIn: { seconds: builtIn, points: builtInOfPoints },
};

interface Checked {
  readonly formula: string;
  readonly bound: { readonly low: number; readonly high: number };
  readonly operations: number;
  readonly personTerms: readonly string[];
  /** Predictions that only the scorers of `taskScorers` have. */
  readonly tasks: readonly string[];
}

export const command = defineCommand({
  arguments: [],
  about: `A formula gives a pair its weight, in the place of the combination and the bonuses:
lab run SCENARIO --set 'policy.formula=both(me.score) + both(if(me.newcomer, 60, 0))'.
Without --check, this lists what a formula can be made of.`,
  options: { check: text('FORMULA', 'checks a formula: its bounds and the terms of people that it reads') },
  run({ options: { check } }): Promise<typeof language | Checked> {
    if (check === undefined) return Promise.resolve(language);
    try {
      const { bound, order, personTerms, tasks } = checkFormula(check);
      return Promise.resolve({ formula: check, bound, operations: order.length, personTerms, tasks });
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      const before = check.slice(0, error.place.from).split('\n');
      throw new LabError(error.reason, `formula:${before.length}:${before.at(-1)!.length + 1}`);
    }
  },
  print(result) {
    if ('bound' in result) {
      const { bound, operations, personTerms, tasks } = result;
      const needs =
        tasks.length === 0
          ? ''
          : ` Predictions of ${tasks.join(', ')}: needs the scorer ${taskScorers.join(', ')}.`;
      return `Every weight lies between ${bound.low.toPrecision(4)} and ${bound.high.toPrecision(4)} seconds. ${operations} operations.
Terms of people: ${personTerms.length === 0 ? 'none' : personTerms.join(', ')}.${needs}`;
    }
    return [
      ...['Terms:', ...result.terms.map(({ name, help, unit }) => `  ${name.padEnd(26)} ${help} [${unit}]`)],
      ...['Functions:', ...result.functions.map(({ form, help }) => `  ${form.padEnd(26)} ${help}`)],
      ...['Constants:', ...result.constants.map(({ name, help }) => `  ${name.padEnd(26)} ${help}`)],
      `Operators: ${result.operators.join(' ')}`,
      ...[
        'Examples:',
        ...result.examples.map(({ name, help, text: formula }) => `  ${name}: ${help}\n    ${formula}`),
      ],
    ].join('\n');
  },
});
