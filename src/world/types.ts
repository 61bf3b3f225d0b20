import type { Scenario } from '../scenario/schema.ts';
import type { Cast } from './cast.ts';

/** Length of the latent taste vector. */
export const TASTE = 12;

/**
 * The people of a world, as columns. Index = person id. The first block is side information that a
 * service can know. The second is ground truth: only the oracle may read it. The third changes
 * during the evening.
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
  /** u8: 1 if recently reported; 1 if paying. */
  readonly reported: Uint8Array;
  readonly paying: Uint8Array;
  /** u8: bit g set if gender g is accepted (3: no filter). */
  readonly wantsGender: Uint8Array;
  /** u8: 1 if only the own country is accepted. */
  readonly wantsOwnCountry: Uint8Array;

  /** f32[count][TASTE]: what a person likes; and how others see them. */
  readonly taste: Float32Array;
  readonly appeal: Float32Array;
  /** f32: how long this person stays in any chat; adds to the location, natural log. */
  readonly talk: Float32Array;
  /** f32: how long others stay with this person; adds to the location, natural log. */
  readonly charm: Float32Array;
  /** f32: median patience, seconds. */
  readonly patience: Float32Array;

  /** u32: chats so far in life (0: a newcomer); sessions so far. */
  readonly chats: Uint32Array;
  readonly sessions: Uint32Array;
  /** f32: mean ln seconds of the chats so far, 0 for a newcomer. A service knows it. */
  readonly meanLog: Float32Array;
  /** f32: mood in the current session, -1 to 1; 0 at its start. */
  readonly mood: Float32Array;
  /** u8: kind of company wanted in the current session, index into `wishes` (law.ts). */
  readonly wish: Uint8Array;
  /** f32: weight of that wish, natural log. */
  readonly whim: Float32Array;
  /** u32: how often the slot was reborn as a new person. */
  readonly generation: Uint32Array;
}

export interface World {
  readonly scenario: Scenario;
  readonly people: People;
  /** Imported people: no slot is ever reborn, and groups have other names. */
  readonly cast?: Cast;
  /** f32[countries]: term of the country in the location of a chat, natural log. */
  readonly countryTalk: Float32Array;
  /** Constant of the location: ln talkativeness minus mean language and age terms. */
  readonly base: number;
  /** Ground truth: location (ln seconds) of a's time with `b`, with the wish, without mood. */
  location(a: number, b: number): number;
}
