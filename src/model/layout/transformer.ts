import { must } from '../../base/errors.ts';
import type { FamilyConfig } from './config.ts';
import { mustBeFiniteTensor, type Tensors } from './tensors.ts';
import { OUTCOMES } from './tokens.ts';

/** Weights of a causal transformer over past matches; matrices f32[inputs][outputs], row-major. */
export interface Transformer {
  /** Length of an embedding. Each head gets a multiple of 4 of it. */
  readonly size: number;
  readonly heads: number;
  /** Maximum count of matches that one pass reads. */
  readonly history: number;
  /** Features of a match's outcome, a multiple of 4. */
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
  /** Pre-norm blocks: x += attention(norm(x)) o; x += relu(norm(x) m + mb) n + nb. */
  readonly layers: readonly Readonly<
    Record<'g' | 'gb' | 'q' | 'k' | 'v' | 'o' | 'h' | 'hb' | 'm' | 'mb' | 'n' | 'nb', Float32Array>
  >[];
  /** e_session is the last token's x times this matrix. */
  readonly out: Float32Array;
}

/** Histories of `count` people. Person i has the tokens first[i] to first[i + 1] - 1. */
export interface TokenBatch {
  readonly count: number;
  /** u32[count + 1]. Every person has at least the first token, their own. */
  readonly first: Uint32Array;
  /** f32[tokens][size]: e_feature of the person, then of the partners. */
  readonly vectors: Float32Array;
  /** f32[tokens][outcomes]: outcome of each match; zeros for the first token. */
  readonly outcomes: Float32Array;
}

/** Added to a variance before the square root. */
export const NORM_EPSILON = 1e-5;

export const layerTensors = ['g', 'gb', 'q', 'k', 'v', 'o', 'h', 'hb', 'm', 'mb', 'n', 'nb'] as const;

/** The transformer of a trained member. Throws LabError if there is none that a pass can run. */
export function transformerOf(config: FamilyConfig, blocks: Tensors): Transformer {
  const { session, size, heads, layers, history } = config;
  must(session === 'transformer', `this member has no transformer; its session is "${session}"`);
  must(
    size % heads === 0 && (size / heads) % 4 === 0 && size / heads <= 32,
    `the size divided by the heads must be a multiple of 4 up to 32; it is ${size} / ${heads}`,
  );
  const take = (name: string, count: number): Float32Array => {
    const block = blocks[name];
    must(block?.data.length === count, `${name} must hold ${count} weights; it holds ${block?.data.length}`);
    return block.data;
  };
  const square = size * size;
  const counts: Record<(typeof layerTensors)[number], number> = {
    ...{ g: size, gb: size, h: size, hb: size, q: square, k: square, v: square, o: square },
    ...{ m: 2 * square, mb: 2 * size, n: 2 * square, nb: size },
  };
  // The file has the layer's number before the b of an offset: gb of layer 0 is g0b.
  const nameOf = (tensor: string, l: number): string =>
    tensor.length === 2 ? `${tensor[0]}${l}b` : `${tensor}${l}`;
  return {
    size,
    heads,
    history,
    outcomes: OUTCOMES,
    tokenSelf: take('tokenSelf', square),
    tokenPartner: take('tokenPartner', square),
    tokenOutcome: take('tokenOutcome', OUTCOMES * size),
    tokenGate: take('tokenGate', OUTCOMES * size),
    place: take('place', (history + 1) * size),
    layers: Array.from(
      { length: layers },
      (_, l) =>
        Object.fromEntries(
          layerTensors.map((t) => [t, take(nameOf(t, l), counts[t])]),
        ) as Transformer['layers'][number],
    ),
    out: take('out', square),
  };
}

/** Throws LabError unless everyone has 1 to history + 1 tokens and every number is finite. */
export function validateTokens(net: Transformer, batch: TokenBatch): void {
  const { count, first, vectors, outcomes } = batch;
  must(
    first.length > count && first[0] === 0,
    `first must hold ${count + 1} offsets, from 0; it holds ${first.length}, from ${first[0]}`,
  );
  for (let i = 0; i < count; i++) {
    const length = first[i + 1] - first[i];
    must(
      length >= 1 && length <= net.history + 1,
      `person ${i} must have 1 to ${net.history + 1} tokens; there are ${length}`,
    );
  }
  const tokens = first[count];
  for (const [name, values, width] of [
    ['vectors', vectors, net.size],
    ['outcomes', outcomes, net.outcomes],
  ] as const) {
    must(
      values.length >= tokens * width,
      `${name} must hold ${tokens} x ${width} numbers; it holds ${values.length}`,
    );
    mustBeFiniteTensor(name, values.subarray(0, tokens * width));
  }
}
