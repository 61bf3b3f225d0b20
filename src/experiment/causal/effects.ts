import { must } from '../../base/errors.ts';
import { frontDoorMeans } from './front-door.ts';

/** Rows of a comparison by the level of a third column (or of several, crossed). */
export interface CausalRows {
  /** 1: treated, 0: control; other rows do not count. */
  readonly arms: ArrayLike<number>;
  readonly outcomes: ArrayLike<number>;
  /** How often a row counts. */
  readonly counts: ArrayLike<number>;
  /** Index of the row's level. */
  readonly levels: ArrayLike<number>;
  /** Number of levels. */
  readonly levelCount: number;
}

type Arm = 0 | 1;
const arms = [0, 1] as const;

/**
 * An effect as a sum of cell means (level x arm) with weights that depend on the shares of the
 * levels and arms; value null where an arm is missing.
 */
export interface Effect {
  readonly value: number | null;
  /** Weight of the mean of a cell; 0 where the cell does not matter. */
  weight(level: number, arm: Arm): number;
  /** Influence of a row on the effect through the shares, at the means as they are. */
  share(level: number, arm: Arm): number;
  /** Of the means of the arms, levels ignored: then neither of the above counts. */
  readonly ofArms?: true;
}

/** People of one arm at one level: the sum and mean of their outcomes, the squares around it. */
interface Cell {
  people: number;
  sum: number;
  mean: number;
  squares: number;
}
const emptyCell = (): Cell => ({ people: 0, sum: 0, mean: NaN, squares: 0 });

/** Adds a row that counts several times. */
function addRows(cell: Cell, y: number, count: number): void {
  const before = cell.people === 0 ? y : cell.mean;
  cell.people += count;
  cell.sum += count * y;
  // Not by steps: shares of counts stay exact, so that equal shares are equal.
  cell.mean = cell.sum / cell.people;
  cell.squares += count * (y - before) * (y - cell.mean);
}

const missing: Effect = { value: null, weight: () => NaN, share: () => NaN };

/**
 * The effects of a treatment by the role of the third column (Pearl, Causality, for the formulas),
 * and their errors by the delta method: influence functions of the means of the cells and of the
 * shares of the levels and arms (Hampel, 1974), so that errors include the chance in both.
 */
export class CausalTable {
  readonly rows: CausalRows;
  /** People in the control arm and in the treated arm, and their mean outcomes. */
  readonly people: readonly [control: number, treated: number];
  readonly means: readonly [control: number, treated: number];
  readonly #isShare: boolean;
  /** [arm] */
  readonly #arms: readonly [Cell, Cell];
  /** [level][arm] */
  readonly #cells: readonly (readonly [Cell, Cell])[];

  constructor(rows: CausalRows) {
    this.rows = rows;
    const cells = Array.from({ length: rows.levelCount }, (): [Cell, Cell] => [emptyCell(), emptyCell()]);
    const whole: [Cell, Cell] = [emptyCell(), emptyCell()];
    let isShare = true;
    for (let row = 0; row < rows.arms.length; row++) {
      const [arm, count, y] = [rows.arms[row], rows.counts[row], rows.outcomes[row]];
      if ((arm !== 0 && arm !== 1) || count === 0) continue;
      isShare &&= y === 0 || y === 1;
      addRows(cells[rows.levels[row]][arm], y, count);
      addRows(whole[arm], y, count);
    }
    this.#isShare = isShare;
    this.#arms = whole;
    this.#cells = cells;
    this.people = [whole[0].people, whole[1].people];
    this.means = [whole[0].mean, whole[1].mean];
  }

  /** People of a cell and their mean outcome, NaN where there are none. */
  cell(level: number, arm: Arm): Pick<Cell, 'people' | 'mean'> {
    return this.#cells[level][arm];
  }

  /** Difference of the means of the arms, levels ignored. */
  crude(): Effect {
    return { value: this.means[1] - this.means[0], weight: signOfArm, share: () => 0, ofArms: true };
  }

  /** Difference of the means of the arms at one level: the controlled direct effect. */
  at(level: number): Effect {
    const value = this.#difference(level);
    if (value === null) return missing;
    return {
      value,
      weight: (other, arm) => (other === level ? sign(arm) : 0),
      share: () => 0,
    };
  }

  /**
   * The differences of the levels, weighted by the share of a level among everyone (the average
   * effect), the treated, or the control. A level with weight that lacks an arm leaves no effect;
   * with `supported`, such levels are left out of the weights instead.
   */
  standardised(over: 'everyone' | 'treated' | 'control', supported = false): Effect {
    const differences = this.#cells.map((_, level) => this.#difference(level));
    const weights = this.#cells.map(([c, t], level) => {
      if (supported && differences[level] === null) return 0;
      return over === 'everyone' ? c.people + t.people : over === 'treated' ? t.people : c.people;
    });
    const total = weights.reduce((sum, w) => sum + w, 0);
    if (total === 0 || weights.some((w, level) => w > 0 && differences[level] === null)) return missing;
    const value = weights.reduce((sum, w, level) => sum + (w / total) * (differences[level] ?? 0), 0);
    return {
      value,
      weight: (level, arm) => (sign(arm) * weights[level]) / total,
      share: (level, arm) => {
        const counted = over === 'everyone' || (over === 'treated') === (arm === 1);
        return counted && weights[level] > 0 ? ((differences[level] ?? NaN) - value) / total : 0;
      },
    };
  }

  /**
   * Natural indirect effect: what the shift of the levels alone does, at the means of the control
   * arm. The natural direct effect is `standardised('control')`.
   */
  indirect(): Effect {
    const { people, means } = this;
    const shifts = this.#shifts();
    const control = this.#cells.map(([c]) => c.mean);
    if (this.#cells.some(([c, t]) => c.people === 0 && t.people > 0)) return missing;
    const mean = (of: (level: number) => number) =>
      shifts.reduce((sum, _, level) => (of(level) === 0 ? sum : sum + of(level) * control[level]), 0);
    const moved = mean((level) => this.#cells[level][1].people / people[1]);
    return {
      value: mean((level) => shifts[level]),
      weight: (level, arm) => (arm === 0 ? shifts[level] : 0),
      share: (level, arm) =>
        arm === 1 ? (control[level] - moved) / people[1] : -(control[level] - means[0]) / people[0],
    };
  }

  /** Front-door effect with the third column as the mediator (Pearl, Causality, 3.3.2). */
  frontDoor(): Effect {
    const { people } = this;
    const all = people[0] + people[1];
    const shifts = this.#shifts();
    const { blended, doX } = frontDoorMeans(
      people.map((n) => n / all),
      arms.map((arm) => this.#cells.map((pair) => pair[arm].people / people[arm])),
      arms.map((arm) => this.#cells.map((pair) => pair[arm].mean)),
    );
    const value = doX[1] - doX[0];
    if (!Number.isFinite(value)) return missing;
    // Of the shares of the arms: sum_z shift(z) (mean(arm, z) - blended(z)).
    const tilt = arms.map((arm) =>
      shifts.reduce(
        (sum, w, level) => (w === 0 ? sum : sum + w * (this.#cells[level][arm].mean - blended[level])),
        0,
      ),
    );
    return {
      value,
      weight: (level, arm) => (shifts[level] * people[arm]) / all,
      share: (level, arm) => (sign(arm) * (blended[level] - doX[arm])) / people[arm] + tilt[arm] / all,
    };
  }

  /**
   * Influence of a row on an effect. Residuals carry the correction n / (n - 1) of their cell
   * (HC2), so the influence of a cell with one person is not finite.
   */
  influence(effect: Effect, row: number): number {
    const { arms: armOf, levels, outcomes } = this.rows;
    const [arm, level] = [armOf[row], levels[row]];
    if (arm !== 0 && arm !== 1) return 0;
    const weight = effect.weight(level, arm);
    if (weight === 0) return effect.share(level, arm);
    const { people, mean } = effect.ofArms ? this.#arms[arm] : this.#cells[level][arm];
    const residual = Math.sqrt(people / (people - 1)) * (outcomes[row] - mean);
    return effect.share(level, arm) + (weight * residual) / people;
  }

  /**
   * Variance of an effect where the rows are independent. The spread in a cell of shares is at
   * least that of one more hit and one more miss (Laplace), so that a cell without hits has one.
   */
  variance(effect: Effect): number {
    let total = 0;
    (effect.ofArms ? [this.#arms] : this.#cells).forEach((pair, level) => {
      for (const arm of arms) {
        const { people, mean, squares } = pair[arm];
        if (people === 0) continue;
        total += people * effect.share(level, arm) ** 2;
        const weight = effect.weight(level, arm);
        if (weight === 0) continue;
        const smooth = (people * mean + 1) / (people + 2);
        const spread = Math.max(squares / (people - 1), this.#isShare ? smooth * (1 - smooth) : 0);
        total += (weight ** 2 * spread) / people;
      }
    });
    return total;
  }

  /** Share of each level among the treated minus that among the control. */
  #shifts(): number[] {
    return this.#cells.map(([c, t]) => t.people / this.people[1] - c.people / this.people[0]);
  }

  #difference(level: number): number | null {
    const [c, t] = this.#cells[level];
    return c.people > 0 && t.people > 0 ? t.mean - c.mean : null;
  }
}

const sign = (arm: Arm): number => (arm === 1 ? 1 : -1);
const signOfArm = (_level: number, arm: Arm): number => sign(arm);

/** Both arms need people. Throws LabError that names the empty one. */
export function mustHaveBothArms(
  { people }: CausalTable,
  treatment: string,
  names: readonly [control: string, treated: string],
): void {
  for (const arm of arms)
    must(people[arm] > 0, `no row has ${treatment} = ${names[arm]}; both arms need rows`);
}
