/**
 * Imported people that replace the synthetic ones, with their estimated parameters. Groups, sides
 * and ages stand for the countries, genders and age bands of the synthetic world. Index = person
 * id.
 */
export interface Cast {
  /** Short digest of everything below: a scenario names its cast by it. */
  readonly key: string;
  /** Source, e.g. "users.csv". */
  readonly name: string;
  readonly count: number;
  readonly ids: readonly string[];
  /** The attribute that slices people and its values, at most 8; u8 per person. */
  readonly groupLabel: string;
  readonly groupNames: readonly string[];
  readonly group: Uint8Array;
  /** Two names, or one if there are no sides; u8 per person. */
  readonly sideLabel: string;
  readonly sideNames: readonly string[];
  readonly side: Uint8Array;
  /** Whether people of the same side never meet. */
  readonly acrossOnly: boolean;
  /** u8: index into `ageBands`; all 0 if ages are unknown. */
  readonly age: Uint8Array;
  readonly ageTold: boolean;
  /** f32[count][TASTE], rows of length <= 1: what a person likes, and how others see them. */
  readonly taste: Float32Array;
  readonly appeal: Float32Array;
  /** f32: in units of the knobs "People differ" and "Charm", within 3.5 either way. */
  readonly talk: Float32Array;
  readonly charm: Float32Array;
  /** u32: meetings in the data. f32: estimated mean of their natural-log seconds. */
  readonly meetings: Uint32Array;
  readonly meanLog: Float32Array;
  /** The user's own vectors of these people, for the scorer 'vectors'. */
  readonly vectors?: OwnVectors;
}

/**
 * Vectors of imported people as a scorer: s(i, j) = scale dot(user[i], peer[j]) + bias, ln seconds.
 * They are integers of norm at most MAX_NORM (model/layout/tower.ts).
 */
export interface OwnVectors {
  /** A multiple of 4, at most 128. */
  readonly dim: number;
  /** i16[count][dim]: what a person is, and what they seek; the same where there is no `user`. */
  readonly peer: Int16Array;
  readonly user?: Int16Array;
  readonly scale: number;
  readonly bias: number;
}
