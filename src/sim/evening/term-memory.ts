import { isFamilyScorer, type Families } from '../../model/serve/families.ts';
import { firstTask, personBonus, type WaitingPool } from '../../model/serve/scorers.ts';
import { EXPOSURE_SECONDS, personTerms } from '../../scenario/formula/terms.ts';
import type { Policy } from '../../scenario/schema.ts';
import { Scratch } from '../../model/serve/scratch.ts';
import type { Pool } from '../../score/types.ts';
import { fillTerms } from '../../world/formula-terms.ts';
import type { People } from '../../world/types.ts';
import type { KnownTerms, MarketObserver } from '../types.ts';

/** What formulas of a policy may know of people besides the world: recent matches, last prices. */
export class TermMemory implements MarketObserver {
  /** u16[people]: matches in the last EXPOSURE_SECONDS before the call of {@link advance}. */
  readonly matches: Uint16Array;
  /** f32[people]: dual price in the last tick in which the person waited. */
  readonly price: Float32Array;
  /** Matches that count, oldest first, from `#from` on: person and simulated time, seconds. */
  #people: number[] = [];
  #times: number[] = [];
  #from = 0;

  constructor(people: number) {
    this.matches = new Uint16Array(people);
    this.price = new Float32Array(people);
  }

  /** The people who wait, with what is known of them. */
  beside({ n, ids, waited, recent }: WaitingPool): WaitingPool {
    return { n, ids, waited, recent, matches: this.matches, price: this.price };
  }

  /** All terms of some people now, and the tasks that the policy's scorer predicts. */
  read(
    policy: Policy,
    people: People,
    some: Pick<Pool, 'n' | 'ids' | 'waited'>,
    families: Families,
  ): KnownTerms {
    const { n, ids, waited } = some;
    const { matches, price } = this;
    const { scorer } = policy;
    const first = firstTask(personTerms.length);
    const tasks = isFamilyScorer(scorer)
      ? families.taskTerms(scorer, families.tasksOf(scorer), ids, n, first, new Scratch())
      : { heads: [], values: new Float32Array(0) };
    const out = new Float32Array(first * n + tasks.values.length);
    out.set(tasks.values, first * n);
    const bonus = Float32Array.from({ length: n }, (_, i) => personBonus(policy, people, ids[i], waited[i]));
    fillTerms(personTerms, { people, ids, waited, bonus, matches, price }, n, out);
    return { terms: out, tasks: tasks.heads };
  }

  /** Forgets the matches that began too long before `time`, seconds. */
  advance(time: number): void {
    while (this.#from < this.#times.length && this.#times[this.#from] <= time - EXPOSURE_SECONDS) {
      const person = this.#people[this.#from++];
      if (person >= 0) this.matches[person]--;
    }
    if (this.#from < 1024 || this.#from < this.#times.length / 2) return;
    this.#people = this.#people.slice(this.#from);
    this.#times = this.#times.slice(this.#from);
    this.#from = 0;
  }

  ticked: NonNullable<MarketObserver['ticked']> = ({ matching }, { n, ids }) => {
    for (let i = 0; i < n; i++) this.price[ids[i]] = matching.price[i];
  };

  chatBegan: NonNullable<MarketObserver['chatBegan']> = ({ start, a, b }) => {
    for (const person of [a, b]) {
      this.matches[person]++;
      this.#people.push(person);
      this.#times.push(start);
    }
  };

  /** The slot of a person may have been reborn as a newcomer. */
  arrived: NonNullable<MarketObserver['arrived']> = (person, _, newcomer) => {
    if (!newcomer) return;
    this.price[person] = 0;
    if (this.matches[person] === 0) return;
    this.matches[person] = 0;
    for (let k = this.#from; k < this.#people.length; k++)
      if (this.#people[k] === person) this.#people[k] = -1;
  };
}
