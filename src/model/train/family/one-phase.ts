import { tree } from '@jax-js/jax';
import type { Loss } from '../adam.ts';
import { train } from '../trainer.ts';
import type { Tensor, Tensors } from '../../layout/tensors.ts';
import type { FamilyConfig } from '../../layout/config.ts';
import { headLoss, initFamily } from './net.ts';
import { embedBatch, emptyTargets, putTargets, sessionBatch } from './phase1.ts';
import { stateIndex, windowsOf, type PersonSessions } from './person-sessions.ts';
import { targetMeans } from './fit-family.ts';

/**
 * Training in one phase, as it would be without the trick: every chat passes the sessions of both its people through the transformer and
 * uses one position of each. For the comparison of cost.
 */
export function onePhaseBatch(config: FamilyConfig, s: PersonSessions, rows: ArrayLike<number>): Tensors {
  const windows = windowsOf(s, config.history);
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
  const pick: Tensor = { data: new Float32Array(2 * n * length), shape: [2 * n, length, 1] };
  sides.forEach((at, k) => (pick.data[k * length + (at % length)] = 1));
  const targets = emptyTargets(config, n);
  for (let k = 0; k < n; k++) {
    putTargets(config, s, targets, k, rows[k], 0);
    targets.weight.data[k] = 1 / n;
  }
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

/**
 * Measured seconds per transformer pass over one window when trained in one phase: the median of `steps` steps of `chats` chats, after
 * one step that compiles.
 */
export async function measureOnePhase(
  config: FamilyConfig,
  s: PersonSessions,
  rows: readonly number[],
  { chats = 16, steps = 4, stepped }: { chats?: number; steps?: number; stepped?: Stepped } = {},
): Promise<{ passes: number; secondsPerPass: number }> {
  const batch = (step: number): Tensors =>
    onePhaseBatch(
      config,
      s,
      Array.from({ length: chats }, (_, k) => rows[(step * chats + k) % rows.length]),
    );
  const run = train({
    params: initFamily(config, targetMeans(config, s, rows)),
    loss: onePhaseLoss(config),
    steps: steps + 1,
    rate: config.rate1,
    batch,
    validation: batch(0),
    every: 1,
  });
  return { passes: 2 * chats * steps, secondsPerPass: (await medianStep(run, stepped)) / (2 * chats) };
}

/** Called between two measured steps; what it returns is waited for, what it throws ends the measurement. */
export type Stepped = () => Promise<void> | void;

/** Median seconds of the steps of a training that reports every step, after one that compiles: other load on the machine falls out. */
export async function medianStep(run: AsyncGenerator<unknown, unknown>, stepped?: Stepped): Promise<number> {
  await run.next();
  const times: number[] = [];
  try {
    for (;;) {
      await stepped?.();
      const began = performance.now();
      const { done } = await run.next();
      if (done) break;
      times.push((performance.now() - began) / 1000);
    }
  } finally {
    // Whoever ends it in the middle frees what it holds.
    await run.return(undefined);
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}
