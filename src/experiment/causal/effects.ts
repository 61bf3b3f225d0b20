import { must } from '../../base/errors.ts';

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

/** An effect and what every row adds to its error; null where an arm is missing. */
export interface Effect {
  readonly value: number | null;
  /**
   * Influence of a row on the effect: the standard error is the root of the sum of its squares, by
   * row or by cluster. Residuals carry the correction n / (n - 1) of their cell (HC2), so the
   * influence of a cell with one person is not finite.
   */
  influence(row: number): number;
}

/** People of one arm at one level, and the sum of their outcomes. */
interface Cell {
  people: number;
  sum: number;
}
const emptyCell = (): Cell => ({ people: 0, sum: 0 });

const nothing = (): number => NaN;
const missing: Effect = { value: null, influence: nothing };

/**
 * The effects of a treatment by the role of the third column, as functions of the means of the
 * cells (level x arm) and of the shares of the levels. Their influence functions are derivatives
 * with respect to both, so that errors include the chance in the levels (Pearl, Causality, for the
 * formulas; Hampel, 1974, for the errors).
 */
export class CausalTable {
  readonly rows: CausalRows;
  /** [level][arm] */
  readonly #cells: readonly (readonly [Cell, Cell])[];
  readonly #people: readonly [number, number];
  readonly #means: readonly [number, number];

  constructor(rows: CausalRows) {
    this.rows = rows;
    const cells = Array.from({ length: rows.levelCount }, (): [Cell, Cell] => [emptyCell(), emptyCell()]);
    for (let row = 0; row < rows.arms.length; row++) {
      const arm = rows.arms[row];
      if (arm !== 0 && arm !== 1) continue;
      const cell = cells[rows.levels[row]][arm];
      cell.people += rows.counts[row];
      cell.sum += rows.counts[row] * rows.outcomes[row];
    }
    this.#cells = cells;
    const total = (arm: 0 | 1, what: keyof Cell) => cells.reduce((sum, pair) => sum + pair[arm][what], 0);
    this.#people = [total(0, 'people'), total(1, 'people')];
    this.#means = [total(0, 'sum') / this.#people[0], total(1, 'sum') / this.#people[1]];
  }

  /** People in the control arm and in the treated arm. */
  get people(): readonly [control: number, treated: number] {
    return this.#people;
  }
  /** Mean outcome of the control arm and of the treated arm. */
  get means(): readonly [control: number, treated: number] {
    return this.#means;
  }
  /** Sums of a cell. */
  cell(level: number, arm: 0 | 1): Readonly<Cell> {
    return this.#cells[level][arm];
  }

  /** Difference of the means of the arms. */
  crude(): Effect {
    const { arms, outcomes } = this.rows;
    return {
      value: this.#means[1] - this.#means[0],
      influence: (row) => {
        const arm = arms[row];
        if (arm !== 0 && arm !== 1) return 0;
        const n = this.#people[arm];
        return (sign(arm) * hc2(n) * (outcomes[row] - this.#means[arm])) / n;
      },
    };
  }

  /** Difference of the means of the arms at one level: the controlled direct effect. */
  at(level: number): Effect {
    const value = this.#difference(level);
    if (value === null) return missing;
    const { levels } = this.rows;
    return {
      value,
      influence: (row) => (levels[row] === level ? this.#residual(row, this.#cells[level]) : 0),
    };
  }

  /**
   * The differences of the levels, weighted by the share of a level among everyone (the average
   * effect), the treated, or the control. A level with weight that lacks an arm leaves no effect;
   * with `supported`, such levels are left out of the weights instead.
   */
  standardised(over: 'everyone' | 'treated' | 'control', supported = false): Effect {
    const both = ([c, t]: readonly [Cell, Cell]) => c.people > 0 && t.people > 0;
    const weights = this.#cells.map((pair) => {
      if (supported && !both(pair)) return 0;
      const [c, t] = [pair[0].people, pair[1].people];
      return over === 'everyone' ? c + t : over === 'treated' ? t : c;
    });
    const total = weights.reduce((sum, w) => sum + w, 0);
    let value = 0;
    const differences = weights.map((_, level) => this.#difference(level));
    for (let level = 0; level < weights.length; level++) {
      if (weights[level] === 0) continue;
      const difference = differences[level];
      if (difference === null) return missing;
      value += (weights[level] / total) * difference;
    }
    if (total === 0) return missing;
    const { arms, levels } = this.rows;
    return {
      value,
      influence: (row) => {
        const [arm, level] = [arms[row], levels[row]];
        if ((arm !== 0 && arm !== 1) || weights[level] === 0) return 0;
        const counted = over === 'everyone' || (over === 'treated') === (arm === 1);
        const share = counted ? ((differences[level] ?? NaN) - value) / total : 0;
        return share + (weights[level] / total) * this.#residual(row, this.#cells[level]);
      },
    };
  }

  /**
   * Natural indirect effect: what the shift of the levels alone does, at the means of the control
   * arm. The natural direct effect is `standardised('control')`.
   */
  indirect(): Effect {
    const [n0, n1] = this.#people;
    const shift = this.#shifts();
    const control = this.#cells.map(([c]) => c.sum / c.people);
    let [value, moved] = [0, 0];
    for (let level = 0; level < shift.length; level++) {
      const [c, t] = this.#cells[level];
      if (c.people === 0 && t.people > 0) return missing;
      if (t.people > 0) moved += (t.people / n1) * control[level];
      if (shift[level] !== 0) value += shift[level] * control[level];
    }
    const { arms, levels } = this.rows;
    return {
      value,
      influence: (row) => {
        const [arm, level] = [arms[row], levels[row]];
        if (arm === 1) return (control[level] - moved) / n1;
        if (arm !== 0) return 0;
        const cell = this.#cells[level];
        return -(control[level] - this.#means[0]) / n0 - shift[level] * this.#residual(row, cell);
      },
    };
  }

  /** Front-door effect with the third column as the mediator (Pearl, Causality, 3.3.2). */
  frontDoor(): Effect {
    const people = this.#people;
    const all = people[0] + people[1];
    const shift = this.#shifts();
    const means = this.#cells.map((pair) => pair.map(({ sum, people: n }) => sum / n));
    const blended = means.map(([c, t]) => (people[0] * c + people[1] * t) / all);
    if (blended.some((x, level) => shift[level] !== 0 && !Number.isFinite(x))) return missing;
    const sumOver = (of: (level: number) => number) =>
      shift.reduce((sum, w, level) => (w === 0 ? sum : sum + of(level)), 0);
    const value = sumOver((level) => shift[level] * blended[level]);
    const under = [0, 1].map((arm) =>
      this.#cells.reduce(
        (sum, pair, level) =>
          pair[arm].people === 0 ? sum : sum + (pair[arm].people / people[arm]) * blended[level],
        0,
      ),
    );
    // Of the shares of the arms: sum_z shift(z) (mean(arm, z) - blended(z)).
    const tilt = [0, 1].map((arm) => sumOver((level) => shift[level] * (means[level][arm] - blended[level])));
    const { arms, levels } = this.rows;
    return {
      value,
      influence: (row) => {
        const [arm, level] = [arms[row], levels[row]];
        if (arm !== 0 && arm !== 1) return 0;
        const cell = this.#cells[level];
        const mediated = (sign(arm) * (blended[level] - under[arm])) / people[arm];
        // The residual carries 1 / n(arm, z); the formula wants P(arm) / n(arm, z).
        const own = sign(arm) * shift[level] * (people[arm] / all) * this.#residual(row, cell);
        return mediated + tilt[arm] / all + own;
      },
    };
  }

  /** Share of each level among the treated minus that among the control. */
  #shifts(): number[] {
    return this.#cells.map(([c, t]) => t.people / this.#people[1] - c.people / this.#people[0]);
  }

  #difference(level: number): number | null {
    const [c, t] = this.#cells[level];
    return c.people > 0 && t.people > 0 ? t.sum / t.people - c.sum / c.people : null;
  }

  /** The row's part of the difference of its cell's arms. */
  #residual(row: number, cell: readonly [Cell, Cell]): number {
    const arm = this.rows.arms[row];
    if (arm !== 0 && arm !== 1) return 0;
    const { people, sum } = cell[arm];
    return (sign(arm) * hc2(people) * (this.rows.outcomes[row] - sum / people)) / people;
  }
}

const sign = (arm: number): number => (arm === 1 ? 1 : -1);
const hc2 = (n: number): number => Math.sqrt(n / (n - 1));

/** Both arms need people. Throws LabError that names the empty one. */
export function mustHaveBothArms(
  { people }: CausalTable,
  treatment: string,
  names: readonly [control: string, treated: string],
): void {
  for (const arm of [0, 1] as const)
    must(people[arm] > 0, `no row has ${treatment} = ${names[arm]}; both arms need rows`);
}
