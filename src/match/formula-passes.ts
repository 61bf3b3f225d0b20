import type { GpuDevice } from '../gpu/device.ts';
import { ExchangePass } from '../gpu/passes/match/exchange.ts';
import { FinishPass } from '../gpu/passes/match/finish.ts';
import { ScorePass } from '../gpu/passes/score/score-topk.ts';
import type { ScoreVariant } from '../gpu/passes/score/score-topk.ts';
import { withFormula } from '../gpu/shaders.ts';
import { compileFormula } from '../scenario/formula/language.ts';
import { stepsOf } from '../score/formula/program.ts';
import { formulaText } from '../score/formula/wgsl.ts';
import type { TaskHead, WeightRule } from '../score/types.ts';

/** The passes that weigh pairs. */
interface WeighingPasses {
  readonly score: ScorePass;
  readonly finish: FinishPass;
  readonly exchange: ExchangePass;
}

/** A market has one formula, or two in a comparison; the others are of a person who edits. */
const KEPT = 4;

/** The passes of the formulas that a backend used last, each compiled once. */
export class FormulaPasses {
  /** Oldest first. */
  readonly #compiled = new Map<string, Promise<WeighingPasses>>();

  constructor(readonly gpu: GpuDevice) {}

  /** The passes for the formula of a rule; undefined if it has none. */
  of(
    { formula, transform, tasks = [] }: WeightRule,
    variant: ScoreVariant,
  ): Promise<WeighingPasses> | undefined {
    if (formula === undefined) return undefined;
    const key = `${JSON.stringify(variant)} ${transform} ${JSON.stringify(tasks)} ${formula}`;
    const found = this.#compiled.get(key) ?? this.#compile(formula, transform, tasks, variant);
    this.#compiled.delete(key);
    this.#compiled.set(key, found);
    if (this.#compiled.size > KEPT) this.#compiled.delete(this.#compiled.keys().next().value!);
    return found;
  }

  async #compile(
    formula: string,
    transform: WeightRule['transform'],
    tasks: readonly TaskHead[],
    variant: ScoreVariant,
  ): Promise<WeighingPasses> {
    const modules = withFormula(formulaText(stepsOf(compileFormula(formula), transform, tasks)));
    const [score, finish, exchange] = await Promise.all([
      ScorePass.create(this.gpu, modules, variant),
      FinishPass.create(this.gpu, modules.finish),
      ExchangePass.create(this.gpu, modules.exchange),
    ]);
    return { score, finish, exchange };
  }
}
