import { normal, Stream, uniform } from '../../../base/hash.ts';
import { ageBands, countries, genders, languages } from '../../../scenario/countries.ts';
import type { World } from '../../../world/types.ts';
import { scenario } from '../../../scenario/parse.ts';
import type { ArmAt, EveningLog } from '../../run/evening-log.ts';
import { ReadingRows } from '../../log/reading-rows.ts';

export interface SmallEvening {
  readonly seed: number;
  readonly people: number;
  /** Ticks of half a second. */
  readonly ticks: number;
  /** Seconds that B adds to a chat per side that has it. What follows stays the same. */
  readonly lift?: number;
}

const TICK = 0.5;
const draw = (seed: number, a: number, b: number, c: number) => uniform(seed, Stream.training, a, b, c);

/** The attributes of the people of a small evening, for assignments by person. */
export function smallWorld({ seed, people }: SmallEvening): World {
  const level = (count: number, c: number) =>
    Uint8Array.from({ length: people }, (_, p) => Math.floor(draw(seed, p, 0, c) * count));
  return {
    people: {
      ...{ country: level(countries.length, 1), language: level(languages.length, 2) },
      ...{ gender: level(genders.length, 3), age: level(ageBands.length, 4) },
      generation: new Uint32Array(people),
    },
  } as World;
}

/**
 * What could happen in a market without a scorer: people differ, a queue moves faster at some times
 * than at others, every match is with the next person in the queue. Under A/A all designs have the
 * effect 0.
 */
export function smallEvening(
  { seed, people, ticks, lift = 0 }: SmallEvening,
  world: World,
  armAt: ArmAt,
): EveningLog {
  const chats: { start: number; seconds: number; a: number; b: number }[] = [];
  const waits: { person: number; begin: number; seconds: number; ended: number }[] = [];
  const level = Float64Array.from({ length: people }, (_, p) => 0.4 * normal(seed, Stream.training, p, 0, 5));
  /** When a person begins to wait; while a chat lasts or they are away, that lies ahead. */
  const since = Float64Array.from({ length: people }, (_, p) => 10 * draw(seed, p, 0, 6));
  const returns = new Int8Array(people).fill(-1);
  const waiting: number[] = [];
  const tickTimes = Float64Array.from({ length: ticks }, (_, t) => t * TICK);
  tickTimes.forEach((time, t) => {
    const pool = [...since.keys()].filter((p) => since[p] <= time);
    const arms = pool.map((p) => armAt(p, time));
    waiting.push(arms.filter((arm) => arm === 0).length, arms.filter((arm) => arm === 1).length);
    const speed = 0.3 + 0.2 * Math.sin(time / 9 + seed);
    const order = new Map(pool.map((p) => [p, draw(seed, p, t, 8)]));
    const ready = pool
      .filter((p) => draw(seed, p, t, 7) < speed)
      .sort((p, q) => order.get(p)! - order.get(q)!);
    for (let k = 0; k + 1 < ready.length; k += 2) {
      const [a, b] = [ready[k], ready[k + 1]];
      const treated = armAt(a, time) + armAt(b, time);
      const seconds = Math.exp(2 + level[a] + level[b] + 0.8 * normal(seed, Stream.training, a, t, 9));
      chats.push({ start: time, seconds: seconds + lift * treated, a, b });
      for (const person of [a, b]) {
        waits.push({ person, begin: since[person], seconds: time - since[person], ended: 1 });
        since[person] = time + seconds;
      }
    }
    for (const person of pool)
      if (since[person] <= time && draw(seed, person, t, 10) < 0.03) {
        waits.push({ person, begin: since[person], seconds: time - since[person], ended: 2 });
        returns[person] = draw(seed, person, t, 11) < 0.6 ? 1 : 0;
        since[person] = time + 5 + 10 * draw(seed, person, t, 12);
      }
  });
  const end = ticks * TICK;
  for (let person = 0; person < people; person++)
    if (since[person] < end)
      waits.push({ person, begin: since[person], seconds: end - since[person], ended: 0 });
  const { country, language, gender, age } = world.people;
  return {
    seconds: end,
    people: {
      count: people,
      ...{ slot: Uint32Array.from(since.keys()), generation: new Uint32Array(people) },
      ...{ arrived: new Float64Array(people), country, language, gender, age, returns },
      ...{ filter: new Uint8Array(people), newcomer: new Uint8Array(people) },
    },
    chats: {
      count: chats.length,
      start: Float64Array.from(chats, (c) => c.start),
      seconds: Float64Array.from(chats, (c) => c.seconds),
      ...{ a: Uint32Array.from(chats, (c) => c.a), b: Uint32Array.from(chats, (c) => c.b) },
      armA: Uint8Array.from(chats, (c) => armAt(c.a, c.start)),
      armB: Uint8Array.from(chats, (c) => armAt(c.b, c.start)),
      shares: new Uint32Array(chats.length),
    },
    readings: new ReadingRows(scenario({})).columns(),
    youngViews: {
      ...{ count: 0, person: new Uint32Array(0), begin: new Float64Array(0) },
      ...{ seconds: new Float64Array(0), arm: new Uint8Array(0) },
    },
    slates: {
      ...{ count: 0, person: new Uint32Array(0), begin: new Float64Array(0), arm: new Uint8Array(0) },
      ...{ tail: new Float64Array(0), retrieval: new Float64Array(0), ranking: new Float64Array(0) },
      ...{ reranking: new Float64Array(0), slate: new Float64Array(0) },
    },
    waits: {
      count: waits.length,
      person: Uint32Array.from(waits, (w) => w.person),
      begin: Float64Array.from(waits, (w) => w.begin),
      seconds: Float64Array.from(waits, (w) => w.seconds),
      ended: Uint8Array.from(waits, (w) => w.ended),
      arm: Uint8Array.from(waits, (w) => armAt(w.person, w.begin)),
      price: Float64Array.from(waits, (w) => w.seconds * Math.exp(level[w.person])),
    },
    ticks: {
      ...{ count: ticks, time: tickTimes, waiting: Uint32Array.from(waiting) },
      ...{ matched: new Uint32Array(2 * ticks), weight: new Float64Array(2 * ticks) },
      price: new Float64Array(2 * ticks),
    },
    digest: '',
  };
}
