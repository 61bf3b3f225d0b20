/** Weights and inputs of the networks, as every backend reads them. */

/**
 * Weights of a two-tower Wide&Deep network. One network gives both vectors of a person:
 *   e = concat(embedding[sparse[0]], ..., embedding[sparse[slots-1]], dense)         (deep input)
 *   h = relu(e W1 + b1), relu(h W2 + b2), ...                                         (every layer but the last)
 *   out = h WL + bL + sum over slots of wide[sparse[s]]                               f32[2 dim]
 *   user = round(out[0..dim) / quantum), peer = round(out[dim..2 dim) / quantum)      integers, clamped to +-2,047
 */
export interface Tower {
  readonly dim: number;
  readonly slots: number;
  /** Embedding length per slot. */
  readonly embed: number;
  /** Count of dense inputs. */
  readonly dense: number;
  /** Rows of the hashed tables; every slot's indices are already offset into them. */
  readonly rows: number;
  /** f32[rows][embed] and f32[rows][2 dim]. */
  readonly embedding: Float32Array;
  readonly wide: Float32Array;
  /** w: f32[inputs][outputs] row-major, b: f32[outputs]. */
  readonly layers: readonly { inputs: number; outputs: number; w: Float32Array; b: Float32Array }[];
  readonly quantum: number;
  /**
   * Where given, the network's output is not yet both vectors but an embedding e_feature f32[inputs] (so `wide` has that many columns),
   * to which `TowerInput.session` is added; out[2 dim] = (e_feature + e_session) w, w: f32[inputs][2 dim] row-major. Integers are then
   * clamped to +-4,096 / sqrt(dim), so that no session can break the limit on a vector's norm.
   */
  readonly head?: { readonly inputs: number; readonly w: Float32Array };
}

/** A tower's inputs for those who wait. */
export interface TowerInput {
  readonly tower: Tower;
  /** u32[n][slots], each below tower.rows. */
  readonly sparse: Uint32Array;
  /** f32[n][tower.dense]. */
  readonly dense: Float32Array;
  /** f32[n][tower.head.inputs]: e_session of everybody, from the embedding memory; without it, zeros. Only with a head. */
  readonly session?: Float32Array;
}

/** Weights of a causal transformer over a person's past matches; all matrices f32[inputs][outputs], row-major. */
export interface Transformer {
  /** Length of an embedding; heads divide it into multiples of 4. */
  readonly size: number;
  readonly heads: number;
  /** Most matches that one pass reads. */
  readonly history: number;
  /** Numbers that tell what came of a match, a multiple of 4. */
  readonly outcomes: number;
  /**
   * The first token is the person: e_feature tokenSelf + place[0]. Then one per match, in order:
   * (partner's e_feature tokenPartner) * (1 + outcome tokenGate) + outcome tokenOutcome + place[t].
   */
  readonly tokenSelf: Float32Array;
  readonly tokenPartner: Float32Array;
  readonly tokenOutcome: Float32Array;
  readonly tokenGate: Float32Array;
  /** f32[history + 1][size]. */
  readonly place: Float32Array;
  /** Pre-norm blocks: x += attention(norm(x)) o; x += relu(norm(x) m + mb) n + nb, with the middle twice as wide. */
  readonly layers: readonly Readonly<
    Record<'g' | 'gb' | 'q' | 'k' | 'v' | 'o' | 'h' | 'hb' | 'm' | 'mb' | 'n' | 'nb', Float32Array>
  >[];
  /** The last token's x times this is e_session. */
  readonly out: Float32Array;
}

/** Histories of `count` people, each as long as it is: tokens first[i] to first[i + 1] - 1 are those of person i. */
export interface TokenBatch {
  readonly count: number;
  /** u32[count + 1]; everybody has at least the token of the person. */
  readonly first: Uint32Array;
  /** f32[tokens][size]: e_feature of the person, then of the partners. */
  readonly vectors: Float32Array;
  /** f32[tokens][outcomes]: what came of each match; zeros for the first token. */
  readonly outcomes: Float32Array;
}
