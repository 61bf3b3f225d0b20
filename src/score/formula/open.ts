import { compileFormula } from '../../scenario/formula/language.ts';
import type { FormulaInput } from '../kernel-input.ts';
import type { WeightRule } from '../types.ts';
import { evaluate } from './evaluate.ts';
import { formulaModule } from './module.ts';
import { stepsOf, termRows } from './program.ts';

/** A formula as the CPU backend computes it: one pair, and a module for the scoring kernel. */
interface OpenFormula extends Omit<FormulaInput, 'terms'> {
  /** @see evaluate */
  weigh(a: number, b: number, terms: Float32Array, n: number, i: number, j: number): number;
}

/** Formulas that were opened, oldest first. */
const known = new Map<string, OpenFormula>();
const KEPT = 16;
let serial = 0;

/** Opens a formula of the policy under a scorer of this kind; each is compiled once. */
export function openFormula(
  text: string,
  transform: WeightRule['transform'],
  tasks: WeightRule['tasks'] = [],
): OpenFormula {
  const key = `${transform} ${JSON.stringify(tasks)} ${text}`;
  let open = known.get(key);
  if (open === undefined) {
    const formula = compileFormula(text);
    const steps = stepsOf(formula, transform, tasks);
    const bytes = new Map<boolean, Uint8Array<ArrayBuffer>>();
    open = {
      serial: ++serial,
      count: termRows(formula, tasks),
      bytes(shared) {
        const made = bytes.get(shared) ?? formulaModule(steps, shared);
        bytes.set(shared, made);
        return made;
      },
      weigh: (a, b, terms, n, i, j) => evaluate(steps, [a, b], terms, n, i, j),
    };
    if (known.size >= KEPT) known.delete(known.keys().next().value!);
    known.set(key, open);
  }
  return open;
}
