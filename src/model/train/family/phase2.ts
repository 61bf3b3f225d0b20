import { tree } from '@jax-js/jax';
import type { FamilyConfig } from '../../layout/config.ts';
import { filledTensor, type Tensors } from '../../layout/tensors.ts';
import type { Loss } from '../adam.ts';
import { MAX_VALIDATION, shuffledBatches } from '../batches.ts';
import { train, type Checkpoint, type Progress, type TrainingHooks } from '../trainer.ts';
import { headLoss, initHeads, type TargetMeans } from './net.ts';
import type { PersonSessions } from './person-sessions.ts';
import { emptyTargets, putTargets } from './phase1.ts';
import { sampleRows } from './sampling.ts';
import { stateAt, type StoredEmbeddings } from './stored-embeddings.ts';

/** Chats `rows` with the stored embeddings of both sides. `weights`: of every chat; default 1. */
export function memoryBatch(
  config: FamilyConfig,
  s: PersonSessions,
  memory: StoredEmbeddings,
  rows: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Tensors {
  const n = rows.length;
  const { size, states } = memory;
  const own = filledTensor([n, size]);
  const partner = filledTensor([n, size]);
  const targets = emptyTargets(config, n);
  for (let k = 0; k < n; k++) {
    for (const [side, to] of [own, partner].entries()) {
      const from = stateAt(memory, s, rows[k], side, 0);
      to.data.set(states.subarray(from, from + size), k * size);
    }
    putTargets(config, s, targets, k, rows[k], 0, (weights?.[k] ?? 1) / n);
  }
  return { own, partner, ...targets };
}

export function phase2Loss(config: FamilyConfig): Loss {
  return (params, { own, partner, ...targets }) => {
    const loss = headLoss(config, params, own, partner, targets);
    tree.dispose(params);
    return loss;
  };
}

/** Chats per step of phase 2 and its steps, for so many chats drawn. */
export function phase2Steps(config: FamilyConfig, drawn: number): { batch: number; steps: number } {
  const batch = Math.min(config.batch2, drawn);
  return { batch, steps: config.epochs2 * Math.floor(drawn / batch) };
}

/** Phase 2: new prediction layers on stored embeddings of both sides; no transformer pass. */
export function phase2(
  config: FamilyConfig,
  s: PersonSessions,
  memory: StoredEmbeddings,
  rows: readonly number[],
  validation: readonly number[],
  means: TargetMeans,
  hooks: TrainingHooks,
): AsyncGenerator<Progress, Checkpoint> {
  const sample = sampleRows(config, s, rows);
  const { batch, steps } = phase2Steps(config, sample.rows.length);
  const order = shuffledBatches(Uint32Array.from(sample.rows.keys()), batch, config.seed);
  return train({
    phase: 2,
    params: initHeads(config, means),
    loss: phase2Loss(config),
    steps,
    rate: config.rate2,
    batch: (step) => {
      const drawn = Array.from(order.at(step));
      return memoryBatch(
        config,
        s,
        memory,
        drawn.map((k) => sample.rows[k]),
        drawn.map((k) => sample.weights[k]),
      );
    },
    validation: memoryBatch(config, s, memory, validation.slice(0, MAX_VALIDATION)),
    ...hooks,
  });
}
