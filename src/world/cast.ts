/**
 * People from outside, in place of made-up ones: a population with the parameters that were estimated of it. Names of groups, sides and ages
 * stand where the made-up world has countries, genders and age bands. Index = person id.
 */
export interface Cast {
  /** Short digest of everything below: a scenario names its cast by it. */
  readonly key: string;
  /** Where they come from, e.g. "users.csv". */
  readonly name: string;
  readonly count: number;
  readonly ids: readonly string[];
  /** What people are sliced by and its values, at most 8; u8 per person. */
  readonly groupLabel: string;
  readonly groupNames: readonly string[];
  readonly group: Uint8Array;
  /** Two names, or one where there are no sides; u8 per person. */
  readonly sideLabel: string;
  readonly sideNames: readonly string[];
  readonly side: Uint8Array;
  /** Whether people of the same side never meet. */
  readonly acrossOnly: boolean;
  /** u8: index into `ageBands`; all 0 where it is not told. */
  readonly age: Uint8Array;
  readonly ageTold: boolean;
  /** f32[count][TASTE] (types.ts), rows of length at most 1: what one likes, and what one is like to others. */
  readonly taste: Float32Array;
  readonly appeal: Float32Array;
  /** f32: in units of the knobs "People differ" and "Charm", within 3.5 either way. */
  readonly talk: Float32Array;
  readonly charm: Float32Array;
  /** u32: meetings in the data; f32: mean natural-log seconds of them, as far as they tell. */
  readonly meetings: Uint32Array;
  readonly meanLog: Float32Array;
}
