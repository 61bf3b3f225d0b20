import { tree } from '@jax-js/jax';
import type { FamilyConfig } from '../layout/config.ts';
import { filledTensor, type Tensors } from '../layout/tensors.ts';
import type { Loss } from '../train/adam.ts';
import { headLoss } from '../train/family/net.ts';
import { stateIndex, type PersonSessions, type Windows } from '../train/family/person-sessions.ts';
import { embedBatch, emptyTargets, putTargets, sessionBatch } from '../train/family/phase1.ts';

/**
 * A batch of training in one phase, to compare costs: every chat passes the sessions of both people
 * through the transformer and uses one position of each.
 */
export function onePhaseBatch(
  config: FamilyConfig,
  s: PersonSessions,
  windows: Windows,
  rows: ArrayLike<number>,
): Tensors {
  const length = config.history + 1;
  const n = rows.length;
  const sides = Array.from({ length: 2 * n }, (_, k) => {
    const row = rows[k % n];
    const side = k < n ? 0 : 1;
    return stateIndex(windows, side === 0 ? s.log.a[row] : s.log.b[row], s.position[2 * row + side]);
  });
  const batch = sessionBatch(
    config,
    s,
    windows,
    sides.map((at) => Math.floor(at / length)),
    () => false,
  );
  const pick = filledTensor([2 * n, length, 1]);
  sides.forEach((at, k) => (pick.data[k * length + (at % length)] = 1));
  const targets = emptyTargets(config, n);
  for (let k = 0; k < n; k++) putTargets(config, s, targets, k, rows[k], 0, 1 / n);
  return { ...batch, ...targets, pick };
}

export function onePhaseLoss(config: FamilyConfig): Loss {
  return (params, { pick, ...batch }) => {
    const { own, partner, rest } = embedBatch(config, params, batch);
    partner.dispose();
    const [people, length] = pick.shape;
    const picked = own.reshape([people, length, config.size]).mul(pick).sum(1);
    const half = people / 2;
    const loss = headLoss(config, params, picked.ref.slice([0, half]), picked.slice([half]), rest);
    tree.dispose(params);
    return loss;
  };
}
