import { must } from '../../base/errors.ts';

/** How many people have 0, 1, 2, ... matches: all that a Lorenz curve needs, kept up to date match by match. */
export class ExposureCounts {
  readonly #people: number[] = [];

  /** A person appears, with no match yet. */
  enter(): void {
    this.#people[0] = (this.#people[0] ?? 0) + 1;
  }

  /** A person who had `before` matches gets one more. */
  matched(before: number): void {
    must((this.#people[before] ?? 0) > 0, `nobody with ${before} matches is known; let people enter first`);
    this.#people[before]--;
    this.#people[before + 1] = (this.#people[before + 1] ?? 0) + 1;
  }

  get people(): number {
    return this.#people.reduce((sum, n) => sum + n, 0);
  }

  /** Gini coefficient and f64[points] Lorenz curve of matches per person, as `gini` and `lorenz` of gini.ts define them. */
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
