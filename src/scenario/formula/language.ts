import type { checkFormula, Formula, formulaError, taskProblem } from './formula.ts';

interface Language {
  readonly checkFormula: typeof checkFormula;
  readonly formulaError: typeof formulaError;
  readonly taskProblem: typeof taskProblem;
}

/** The parser and the checks of formulas: loaded when there is a formula, because few have one. */
let language: Language | undefined;

/** Loads the language of formulas. Whatever works with a scenario that may have one awaits it. */
export async function loadFormulas(): Promise<void> {
  language ??= await import('./formula.ts');
}

export const formulasAreLoaded = (): boolean => language !== undefined;

/** A checked formula. @throws FormulaError with the place of the first error. */
export function compileFormula(text: string): Formula {
  if (language === undefined) throw new Error('formulas are not loaded: await loadFormulas() first');
  return language.checkFormula(text);
}

/** Whether a formula reads predictions of tasks, as `formulaProblem` knows it. */
export const readsTasks = (text: string): boolean =>
  text !== '' && language !== undefined && language.checkFormula(text).tasks.length > 0;

/**
 * What is wrong with a formula, with its place; undefined where it is right or empty. Where the
 * language is not loaded, an error shows when the formula is first used.
 */
export function formulaProblem(text: string): string | undefined {
  return text === '' ? undefined : language?.formulaError(text)?.message;
}

/** Why a formula cannot stand beside a scorer, as `formulaProblem` knows it. */
export function scorerProblem({ formula, scorer }: { formula: string; scorer: string }): string | undefined {
  return formula === '' ? undefined : language?.taskProblem(formula, scorer);
}
