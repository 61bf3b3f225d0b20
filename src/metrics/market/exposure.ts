import { must } from '../../base/errors.ts';

/** Counts of people with 0, 1, 2, ... matches, from which the Lorenz curve of matches follows. */
export class ExposureCounts {
  readonly #people: number[] = [];

  /** Adds a person without any match. */
  enter(): void {
    this.#people[0] = (this.#people[0] ?? 0) + 1;
  }

  /** Adds a match of a person who had `before` matches. */
  matched(before: number): void {
    must((this.#people[before] ?? 0) > 0, () => `no person has ${before} matches; let people enter first`);
    this.#people[before]--;
    this.#people[before + 1] = (this.#people[before + 1] ?? 0) + 1;
  }

  get people(): number {
    return this.#people.reduce((sum, n) => sum + n, 0);
  }

  /**
   * Gini coefficient of matches per person (0: all equal; Sen, On Economic Inequality, 1973) and
   * Lorenz curve f64[points]: share of all matches at equally spaced shares of people, fewest
   * matches first. Without any match: 0 and the diagonal.
   */
  lorenz(points = 101): { gini: number; curve: Float64Array } {
    const people = this.people;
    const total = this.#people.reduce((sum, n, k) => sum + n * k, 0);
    const curve = Float64Array.from({ length: points }, (_, p) => p / (points - 1));
    if (total === 0) return { gini: 0, curve };
    let doubleArea = 0;
    let ranked = 0;
    let sum = 0;
    let p = 0;
    for (let k = 0; k < this.#people.length; k++) {
      const n = this.#people[k];
      for (; p < points && (p / (points - 1)) * people <= ranked + n; p++)
        curve[p] = (sum + ((p / (points - 1)) * people - ranked) * k) / total;
      doubleArea += ((n / people) * (2 * sum + n * k)) / total;
      ranked += n;
      sum += n * k;
    }
    curve[points - 1] = 1;
    return { gini: 1 - doubleArea, curve };
  }
}
