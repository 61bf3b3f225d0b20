/** The words of matching that every backend shares. Indices are positions in the pool, 0 to n - 1; ids are people. */

export type Combination = 'product' | 'sum' | 'minimum' | 'harmonic';
export type Matcher = 'random' | 'first-come' | 'greedy' | 'auction';

/** No partner; an empty slot of `recent`. */
export const NONE = 0xffffffff;

/** How many of the last partners are remembered per person, so that they are not met again at once. */
export const RECENT_SLOTS = 8;

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

/**
 * Who waits in this tick, ready to be scored. All arrays are owned by the caller and only read.
 *
 * Score of i for j: s(i, j) = scale * dot(user[i], peer[j]) + bias, in natural-log seconds under the transform 'exp', in points
 * under 'identity'. Models deliver integer-valued vectors of norm at most 4,096: then every product and every partial sum is
 * an integer below 2^24, exact in f32 in any order, fused or not, so all backends see the same dots and w(i, j) = w(j, i) bit for bit.
 */
export interface Pool {
  readonly n: number;
  /** Length of a vector, a multiple of 4, at most 128. */
  readonly dim: number;
  /** Where given, the backend computes `user` and `peer` by the embed pass, and the two arrays below are empty. */
  readonly features?: TowerInput;
  /** f32[n][dim]: what i looks for. */
  readonly user: Float32Array;
  /** f32[n][dim]: what j is like to others. */
  readonly peer: Float32Array;
  /** f32[n]: the policy's own term per person (waiting bonus, exploration, exposure), in units of weight; both ends' are added. */
  readonly bonus: Float32Array;
  /** f32[n]: time waited, seconds; the order of the first-come matcher. */
  readonly waited: Float32Array;
  /** u32[n]: person ids, for the tie-break hash and for `recent`. */
  readonly ids: Uint32Array;
  /** u32[n]: attribute bits one has. (i, j) is admitted only when avoid[i] & have[j] = 0 and avoid[j] & have[i] = 0. */
  readonly have: Uint32Array;
  /** u32[n]: attribute bits one does not accept in a partner. */
  readonly avoid: Uint32Array;
  /** u32[n]: languages spoken, one bit each; a pair needs one in common. */
  readonly speaks: Uint32Array;
  /** u32[n][RECENT_SLOTS]: ids met lately, NONE where empty; symmetric (if i remembers j, j remembers i, or one suffices). */
  readonly recent: Uint32Array;
}

/** How scores become weights. */
export interface WeightRule {
  /** 'exp': weight = reciprocal mean of exp(s(i,j)), exp(s(j,i)), seconds. 'identity': mean of the points. 'hash': uniform pair hash. */
  readonly transform: 'exp' | 'identity' | 'hash';
  readonly scale: number;
  readonly bias: number;
  /**
   * Reciprocal combination of the two sides a, b as a mean: sum (a + b) / 2; product sqrt(a b); minimum; harmonic 2 a b / (a + b).
   * Under 'identity', 'product' and 'harmonic' (which need positive scores) fall back to the arithmetic mean.
   */
  readonly combination: Combination;
  /** A pair whose weight (bonus included) is not above it is not eligible; -Infinity switches it off. */
  readonly threshold: number;
}

export interface MatchOptions {
  readonly matcher: Matcher;
  /** For pair hashes: ties, the random matcher, the random scorer. */
  readonly seed: number;
  /** Candidates kept per row; default 16. */
  readonly candidates?: number;
  /** Auction: epsilon as a share of the mean weight of a pair, by the first certificate; default .001. */
  readonly epsilon?: number;
  /** Auction: prices as they were found before, f32[n], 0 where unknown (warm start), in units of weight. */
  readonly prices?: Float32Array;
  /** Auction: stop after this many bidding rounds; what is then unassigned is paired greedily. Default 2,000. */
  readonly maxRounds?: number;
  /** Auction: stop at this certified gap, a share of the bound; default .001. */
  readonly gap?: number;
  /** Auction: stop after so many milliseconds of real time. Results then depend on the machine; default: no limit. */
  readonly budgetMs?: number;
  /** Return the user vectors with the result, for the picture of the pool; default false. */
  readonly wantVectors?: boolean;
}

/** Real time of each stage in milliseconds. `clock` says which clock: the two are never mixed in one histogram. */
export interface StageTimes {
  readonly clock: 'wall' | 'gpu';
  readonly upload: number;
  readonly embed: number;
  readonly score: number;
  readonly match: number;
  readonly readback: number;
  /** From request to result on the wall clock, always. */
  readonly total: number;
}

export interface Matching {
  /** i32[n]: position of the partner, -1 for none. mate[mate[i]] = i. */
  readonly mate: Int32Array;
  /** f32[n]: weight of one's pair as the backend computed it, 0 without a partner. */
  readonly weight: Float32Array;
  /** f32[n]: dual price y_i >= 0, units of weight: a picture of scarcity. y_i + y_j >= w_ij on every eligible pair. */
  readonly price: Float32Array;
  /** Sum of the weights of the pairs. */
  readonly total: number;
  /** Certificate: sum of y, at least the optimum's weight (with the same threshold). */
  readonly upperBound: number;
  /**
   * (upperBound - gains) / upperBound, where gains are the positive weights of the pairs; 0 where the bound is 0. Pairs of negative weight
   * are made too where the policy has no threshold, but no best matching needs them, and the bound counts none.
   */
  readonly gap: number;
  readonly rounds: number;
  /** Full N x N scans, with partial rebuilds as fractions. */
  readonly scans: number;
  /** Auction: the certified gap after so many bidding rounds, as it closed. */
  readonly closing?: readonly { readonly rounds: number; readonly gap: number }[];
  /** f32[n][dim]: the user vectors as scored, where `wantVectors` asked for them. */
  readonly user?: Float32Array;
}

export interface TickResult extends Matching {
  readonly times: readonly StageTimes[];
}

/** Where a tick is computed. */
export interface MatchBackend {
  readonly kind: 'cpu' | 'gpu';
  /** Adapter as a person reads it, e.g. "google swiftshader", or "JavaScript". */
  readonly adapter: string;
  match(pool: Pool, rule: WeightRule, options: MatchOptions): Promise<TickResult>;
  /** e_session of everybody in the batch, f32[count][size]; where it is missing, the caller computes it in plain typed arrays. */
  sessionVectors?(net: Transformer, batch: TokenBatch): Promise<Float32Array>;
  dispose(): void;
}
