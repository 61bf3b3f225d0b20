import type { Scenario } from '../scenario/schema.ts';
import type { Cast } from './cast.ts';

/** Length of the latent taste vector. */
export const TASTE = 12;

/**
 * The people of a world, as columns. Index = person id. The first block is what a service could know (side information), the
 * second is ground truth that no scorer but the oracle may read, the third changes as the evening goes on.
 */
export interface People {
  readonly count: number;

  /** u8: index into `countries`. */
  readonly country: Uint8Array;
  /** u8: device language, index into `languages`. */
  readonly language: Uint8Array;
  /** u32: languages spoken, one bit each (device language included). */
  readonly speaks: Uint32Array;
  /** u8: index into `genders`. */
  readonly gender: Uint8Array;
  /** u8: index into `ageBands`. */
  readonly age: Uint8Array;
  /** u8: 1 where recently reported / paying. */
  readonly reported: Uint8Array;
  readonly paying: Uint8Array;
  /** u8: bit g set where gender g is accepted (3: no filter). */
  readonly wantsGender: Uint8Array;
  /** u8: 1 where only the own country is accepted. */
  readonly wantsOwnCountry: Uint8Array;

  /** f32[count][TASTE]: what one likes; and what one is like to others. */
  readonly taste: Float32Array;
  readonly appeal: Float32Array;
  /** f32: how long this person stays in any chat, natural log seconds added to the location. */
  readonly talk: Float32Array;
  /** f32: how much longer others stay with this person, natural log. */
  readonly charm: Float32Array;
  /** f32: median patience, seconds. */
  readonly patience: Float32Array;

  /** u32: chats so far in life (0: a newcomer); sessions so far. */
  readonly chats: Uint32Array;
  readonly sessions: Uint32Array;
  /** f32: mean natural-log seconds of the chats so far, 0 for a newcomer. A service knows it from its logs. */
  readonly meanLog: Float32Array;
  /** f32: mood of the running session, about -1 to 1; 0 at its start. */
  readonly mood: Float32Array;
  /** u8: kind of company looked for in the running session, index into `wishes` (law.ts); f32: how much it matters, natural log. */
  readonly wish: Uint8Array;
  readonly whim: Float32Array;
  /** u32: how often the slot was reborn as a new person. */
  readonly generation: Uint32Array;
}

export interface World {
  readonly scenario: Scenario;
  readonly people: People;
  /** Where the people come from outside: nobody is born in their slots, and their groups have other names. */
  readonly cast?: Cast;
  /** f32[countries]: what the country adds to the location of a chat, natural log. */
  readonly countryTalk: Float32Array;
  /** What adds to every location: ln talkativeness, less the mean of the language and age terms over random pairs. */
  readonly base: number;
  /** Ground truth: location (natural log seconds) of the time person `a` would stay with person `b`, tonight's wish included, mood left out. */
  location(a: number, b: number): number;
}
