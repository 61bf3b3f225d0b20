/** The result of a tick as the sky needs it. The arrays are read during the call and not kept. */
export interface SkyFrame {
  /** Number of people in the pool of this tick, including those who were just paired. */
  readonly n: number;
  /** u32[n]: person ids, each at most once. */
  readonly ids: Uint32Array;
  /** f32[n][2]: positions on the unit disc, y upwards, from the projector. */
  readonly positions: Float32Array;
  /**
   * u8[n]: segment under `SkyView.colourBy`, taken modulo the length of the palette. Ignored
   * under 'waited'.
   */
  readonly segment: Uint8Array;
  /** f32[n]: seconds waited so far. A longer wait gives a larger dot. */
  readonly waited: Float32Array;
  /** u32[m][2]: the new pairs, as indices into the pool. */
  readonly pairs: Uint32Array;
  /** u32[]: ids of the people who gave up waiting since the last frame. */
  readonly left: Uint32Array;
}
