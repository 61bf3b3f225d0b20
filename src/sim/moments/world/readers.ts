import { normal, Stream, uniform } from '../../../base/hash.ts';
import { toUnit } from '../../../world/birth.ts';
import { TASTE, type World } from '../../../world/types.ts';
import { AD_KIND, VECTOR } from './posts.ts';

/** Creators that a reader remembers: one of them is not new to them. */
const REMEMBERED = 24;
/** Spread of curiosity between people. */
const CURIOSITY_SPREAD = 0.15;
/** Chats after which half of what is unknown about a reader is known. */
const HALF_KNOWN_CHATS = 10;
/** Mean liking of branded, known and new items, natural log. */
const MEAN_LIKING = [-0.5, 0.3, 0] as const;

const Draw = { breadth: 0x200, curiosity: 0x201, liking: 0x210, noise: 0x240 } as const;

/** Nobody, in a reader's memory of creators. */
const NOBODY = 0xffffffff;

/**
 * What people are as readers, as columns by person. All of it is ground truth but `estimate`. A
 * reborn slot is another reader.
 */
export class Readers {
  /** f32: 0 a specialist, who goes by taste; 1 a generalist, who does not. */
  readonly breadth: Float32Array;
  /** f32: pull of a creator whom they have not seen, 0 to 1. It grows with good discoveries. */
  readonly curiosity: Float32Array;
  /** f32[people][3]: liking of each source of stickers, natural log. */
  readonly liking: Float32Array;
  /** f32[people][AD_KIND + 1]: fatigue per kind, ads last. */
  readonly fatigue: Float32Array;
  /** f32[people][TASTE]: what the service believes of their taste. */
  readonly estimate: Float32Array;
  readonly #world: World;
  readonly #known: Uint32Array;
  readonly #knownNext: Uint8Array;
  /** Generation for which the columns were written, or none. */
  readonly #written: Int32Array;

  constructor(world: World) {
    const { count } = world.people;
    this.#world = world;
    this.breadth = new Float32Array(count);
    this.curiosity = new Float32Array(count);
    this.liking = new Float32Array(3 * count);
    this.fatigue = new Float32Array((AD_KIND + 1) * count);
    this.estimate = new Float32Array(TASTE * count);
    this.#known = new Uint32Array(REMEMBERED * count);
    this.#knownNext = new Uint8Array(count);
    this.#written = new Int32Array(count).fill(-1);
  }

  /** Writes the columns of whoever occupies the slot now. Returns whether it is someone new. */
  meet(person: number): boolean {
    const { people, scenario } = this.#world;
    const generation = people.generation[person];
    if (this.#written[person] === generation) return false;
    this.#written[person] = generation;
    const { seed, feed, tray } = scenario;
    const z = (what: number) => normal(seed, Stream.content, person, generation, what);
    this.breadth[person] = uniform(seed, Stream.content, person, generation, Draw.breadth);
    this.curiosity[person] = Math.min(
      1,
      Math.max(0, feed.curiosity + CURIOSITY_SPREAD * z(Draw.curiosity) * Math.min(1, 3 * feed.curiosity)),
    );
    for (let s = 0; s < 3; s++)
      this.liking[3 * person + s] = MEAN_LIKING[s] + tray.sourceSpread * z(Draw.liking + s);
    this.rest(person);
    this.#known.fill(NOBODY, REMEMBERED * person, REMEMBERED * (person + 1));
    const unknown = Math.sqrt(1 / (1 + people.chats[person] / HALF_KNOWN_CHATS));
    const noise = (feed.noise * unknown) / Math.sqrt(TASTE);
    const at = person * TASTE;
    for (let k = 0; k < TASTE; k++) this.estimate[at + k] = people.taste[at + k] + noise * z(Draw.noise + k);
    toUnit(this.estimate, at);
    return true;
  }

  /** A new session: no fatigue. */
  rest(person: number): void {
    this.fatigue.fill(0, (AD_KIND + 1) * person, (AD_KIND + 1) * (person + 1));
  }

  /** Whether the reader has not seen this creator lately. */
  isNovel(person: number, creator: number): boolean {
    const from = REMEMBERED * person;
    for (let k = from; k < from + REMEMBERED; k++) if (this.#known[k] === creator) return false;
    return true;
  }

  remember(person: number, creator: number): void {
    this.#known[REMEMBERED * person + this.#knownNext[person]] = creator;
    this.#knownNext[person] = (this.#knownNext[person] + 1) % REMEMBERED;
  }

  /** After a card of a kind: all fatigue fades, that of its kind grows. */
  tire(person: number, kind: number): void {
    const { recovery, tire } = this.#world.scenario.feed;
    const from = (AD_KIND + 1) * person;
    for (let k = from; k <= from + AD_KIND; k++) this.fatigue[k] *= recovery;
    this.fatigue[from + kind] += tire;
  }

  fatigueOf(person: number, kind: number): number {
    return this.fatigue[(AD_KIND + 1) * person + kind];
  }

  /** Weight of a taste product of standard deviation 1 in a reader's attraction. */
  pullOf(person: number): number {
    return this.#world.scenario.feed.tastePull * (1.5 - this.breadth[person]);
  }

  /** Vector with which a reader looks for posts, in units of attraction: out[at..at + VECTOR]. */
  write(person: number, out: Float32Array, at: number): void {
    // The service does not know the breadth of a reader, so it assumes the mean.
    const pull = this.#world.scenario.feed.tastePull * Math.sqrt(TASTE);
    out.fill(0, at, at + VECTOR);
    for (let k = 0; k < TASTE; k++) out[at + k] = pull * this.estimate[person * TASTE + k];
    out[at + TASTE] = 1;
  }
}
