import { cos, exp, log } from '../../base/math.ts';
import { hash4, normal, Stream, uniform } from '../../base/hash.ts';
import { shuffleInPlace } from '../../base/shuffle.ts';
import type { Scenario } from '../../scenario/schema.ts';
import type { World } from '../../world/types.ts';
import { chatLaw, MAX_CHAT_SECONDS } from '../../scenario/chat-law.ts';

/** Arrivals per second at `seconds` since opening: mean, times daily swing, times shock. */
export function arrivalRate({ population, shock }: Scenario, seconds: number): number {
  const { arrivalsPerMinute, dailySwing, startHour, peakHour } = population;
  const phase = (2 * Math.PI * (startHour + seconds / 3600 - peakHour)) / 24;
  return (
    (arrivalsPerMinute / 60) *
    (1 + dailySwing * cos(phase)) *
    (inShock({ shock }, seconds) ? shock.arrivals : 1)
  );
}

export function inShock({ shock }: Pick<Scenario, 'shock'>, seconds: number): boolean {
  return shock.atSeconds > 0 && seconds >= shock.atSeconds && seconds < shock.atSeconds + shock.forSeconds;
}

/**
 * Who arrives, and when: a Poisson process whose rate is constant within each second, drawn by
 * inversion from its own random stream. Times and people do not depend on the policy or the tick
 * length, so two policies get the same evening (common random numbers), until a small world runs
 * out of people who have not been there.
 */
export class Arrivals {
  readonly #scenario: Scenario;
  readonly #gender: Uint8Array;
  readonly #veterans: Uint32Array;
  readonly #reserve: Uint32Array;
  readonly #openingTimes: Float64Array;
  #opening = 0;
  #veteran: number;
  #newcomer = 0;
  /** Number and time of the next arrival. */
  #k = 0;
  #time = 0;

  constructor({ scenario, people }: World) {
    this.#scenario = scenario;
    this.#gender = people.gender;
    const ids = Uint32Array.from({ length: people.count }, (_, i) => i);
    this.#veterans = ids.filter((i) => people.chats[i] > 0);
    this.#reserve = ids.filter((i) => people.chats[i] === 0);
    const draw = (tag: number) => (k: number) =>
      hash4(scenario.seed, Math.imul(Stream.arrivals, 0x1000000) ^ tag, k, 0);
    shuffleInPlace(this.#veterans, draw(1));
    shuffleInPlace(this.#reserve, draw(2));
    this.#openingTimes = openingTimes(scenario, this.#veterans.length);
    this.#veteran = this.#openingTimes.length;
    this.#time = this.#after(0);
  }

  /**
   * Calls `visit` for everyone who arrives up to `nowMs`. When everyone has been here this evening,
   * `outOfPeople` returns the person who arrives (-1: nobody).
   */
  take(
    nowMs: number,
    visit: (time: number, person: number, newcomer: boolean) => void,
    outOfPeople: (newcomer: boolean) => number,
    stayAway: (person: number) => void,
  ): void {
    const { seed, population, shock } = this.#scenario;
    while (this.#opening < this.#openingTimes.length && this.#openingTimes[this.#opening] <= nowMs) {
      visit(this.#openingTimes[this.#opening], this.#veterans[this.#opening], false);
      this.#opening++;
    }
    while (this.#time <= nowMs) {
      const k = this.#k++;
      const time = this.#time;
      this.#time = this.#after(time);
      const newcomer = uniform(seed, Stream.arrivals, k, 1) < population.newcomers;
      const person = newcomer
        ? this.#newcomer < this.#reserve.length
          ? this.#reserve[this.#newcomer++]
          : outOfPeople(true)
        : this.#veteran < this.#veterans.length
          ? this.#veterans[this.#veteran++]
          : outOfPeople(false);
      if (person < 0) continue;
      const away =
        this.#gender[person] === 0 &&
        inShock(this.#scenario, time / 1000) &&
        uniform(seed, Stream.arrivals, k, 2) < shock.womenLeave;
      if (away) stayAway(person);
      else visit(time, person, newcomer);
    }
  }

  /** Time of arrival number #k after the previous one: the hazard between them is exponential. */
  #after(fromMs: number): number {
    const { seed, population } = this.#scenario;
    if (population.arrivalsPerMinute === 0) return Infinity;
    let left = -log(1 - uniform(seed, Stream.arrivals, this.#k, 0));
    let at = fromMs / 1000;
    for (;;) {
      const second = Math.floor(at);
      const rate = arrivalRate(this.#scenario, second);
      const here = (second + 1 - at) * rate;
      if (left <= here) return (at + left / rate) * 1000;
      left -= here;
      at = second + 1;
    }
  }
}

/**
 * When the people who are in a chat at opening enter the pool, ms, ascending. The residual of a
 * chat in a steady market is a uniform share of a length-biased chat (Cox, Renewal Theory, 1962),
 * so the pool has its usual level from the start.
 */
function openingTimes(scenario: Scenario, veterans: number): Float64Array {
  const { location, spread } = chatLaw(scenario);
  const { seed, population } = scenario;
  const times = new Float64Array(Math.min(Math.round(population.online), veterans));
  for (let i = 0; i < times.length; i++) {
    const z = normal(seed, Stream.arrivals, i, 3);
    const whole = Math.min(MAX_CHAT_SECONDS, exp(location + spread * spread + spread * z));
    times[i] = 1000 * uniform(seed, Stream.arrivals, i, 4) * whole;
  }
  return times.sort();
}
