import { normal, Stream, uniform } from '../../base/hash.ts';
import type { TokenBatch, Transformer } from '../../match/types.ts';
import { cupid, isHead, type FamilyConfig } from '../family/config.ts';
import type { FamilyModel } from '../family/save.ts';
import { familyShapes } from '../family/shapes.ts';
import type { Block } from '../learn/trainer.ts';

/** A random transformer, for tests: every tensor away from its usual start. */
export function randomTransformer(
  { size, heads, layers, history }: { size: number; heads: number; layers: number; history: number },
  seed: number,
): Transformer {
  let tensor = 0;
  const random = (count: number, spread: number, middle = 0): Float32Array => {
    const id = tensor++;
    return Float32Array.from(
      { length: count },
      (_, k) => middle + spread * normal(seed, Stream.training, id, k),
    );
  };
  const square = (spread = 1): Float32Array => random(size * size, spread / Math.sqrt(size));
  return {
    size,
    heads,
    history,
    outcomes: 8,
    tokenSelf: square(),
    tokenPartner: square(),
    tokenOutcome: random(8 * size, 0.35),
    tokenGate: random(8 * size, 0.1),
    place: random((history + 1) * size, 0.1),
    layers: Array.from({ length: layers }, () => ({
      g: random(size, 0.1, 1),
      gb: random(size, 0.1),
      q: square(),
      k: square(),
      v: square(),
      o: square(),
      h: random(size, 0.1, 1),
      hb: random(size, 0.1),
      m: random(2 * size * size, 1 / Math.sqrt(size)),
      mb: random(2 * size, 0.1),
      n: random(2 * size * size, 1 / Math.sqrt(2 * size)),
      nb: random(size, 0.1),
    })),
    out: square(),
  };
}

/** Random histories of the given numbers of past matches. */
export function randomTokens(net: Transformer, matches: readonly number[], seed: number): TokenBatch {
  const first = new Uint32Array(matches.length + 1);
  matches.forEach((m, i) => (first[i + 1] = first[i] + m + 1));
  const tokens = first[matches.length];
  const vectors = Float32Array.from({ length: tokens * net.size }, (_, k) =>
    normal(seed, Stream.training, 1, k),
  );
  const outcomes = Float32Array.from({ length: tokens * net.outcomes }, (_, k) =>
    k % net.outcomes === 0
      ? normal(seed, Stream.training, 2, k)
      : Number(uniform(seed, Stream.training, 3, k) < 0.3),
  );
  for (const at of first) outcomes.fill(0, at * net.outcomes, (at + 1) * net.outcomes);
  return { count: matches.length, first, vectors, outcomes };
}

/** A member of the family with random weights whose predictions differ between pairs by about a factor of three, for tests. */
export function randomModel(config: Partial<FamilyConfig>, seed: number): FamilyModel {
  const whole: FamilyConfig = {
    ...cupid,
    size: 16,
    projection: 8,
    embed: 2,
    hidden: [8],
    history: 6,
    ...config,
  };
  const parts: Record<'blocks' | 'heads', Record<string, Block>> = { blocks: {}, heads: {} };
  Object.entries(familyShapes(whole)).forEach(([name, shape], id) => {
    const count = shape.reduce((a, b) => a * b, 1);
    const spread = 1 / Math.sqrt(shape[0]);
    const middle = /^[gh]\d$|^scale_/.test(name) ? 1 : /^offset_/.test(name) ? 3 : 0;
    const data = Float32Array.from(
      { length: count },
      (_, k) => middle + (middle === 0 ? spread * normal(seed, Stream.training, 400 + id, k) : 0),
    );
    parts[isHead(name) ? 'heads' : 'blocks'][name] = { shape, data };
  });
  for (const name of ['user_duration', 'peer_duration'])
    parts.heads[name].data.forEach((x, k, all) => (all[k] = 0.35 * x));
  return { name: whole.session, config: whole, ...parts, header: { metrics: {} } as FamilyModel['header'] };
}
