import { normal, Stream } from '../../base/hash.ts';
import { cupid, isHead, type FamilyConfig } from './config.ts';
import type { FamilyModel } from './save-family.ts';
import { familyShapes, type Tensor } from './tensors.ts';

/**
 * A member of the family with random weights, to measure time and to test. Its predictions differ
 * between pairs by about a factor of three.
 */
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
  const parts: Record<'embedders' | 'heads', Record<string, Tensor>> = { embedders: {}, heads: {} };
  Object.entries(familyShapes(whole)).forEach(([name, shape], id) => {
    const count = shape.reduce((a, b) => a * b, 1);
    const spread = 1 / Math.sqrt(shape[0]);
    const middle = /^[gh]\d$|^scale_/.test(name) ? 1 : /^offset_/.test(name) ? 3 : 0;
    const data = Float32Array.from(
      { length: count },
      (_, k) => middle + (middle === 0 ? spread * normal(seed, Stream.training, 400 + id, k) : 0),
    );
    parts[isHead(name) ? 'heads' : 'embedders'][name] = { shape, data };
  });
  for (const name of ['user_duration', 'peer_duration'])
    parts.heads[name].data.forEach((x, k, all) => (all[k] = 0.35 * x));
  return { name: whole.session, config: whole, ...parts, header: { metrics: {} } as FamilyModel['header'] };
}
