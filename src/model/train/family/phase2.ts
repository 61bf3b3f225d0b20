import { tree } from '@jax-js/jax';
import { batchRows } from '../fit-towers.ts';
import type { Loss } from '../adam.ts';
import { train, type Checkpoint, type Progress, type TrainOptions } from '../trainer.ts';
import type { Tensor, Tensors } from '../../layout/tensors.ts';
import type { FamilyConfig, Task } from '../../layout/config.ts';
import { headLoss, initHeads } from './net.ts';
import { stateAt, type StoredEmbeddings } from './stored-embeddings.ts';
import { emptyTargets, putTargets } from './phase1.ts';
import { sampleRows } from './sampling.ts';
import type { PersonSessions } from './person-sessions.ts';

/** Chats `rows` with the stored embeddings of both sides; `weights`: of every chat, 1 where absent. */
export function memoryBatch(
  config: FamilyConfig,
  s: PersonSessions,
  memory: StoredEmbeddings,
  rows: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Tensors {
  const n = rows.length;
  const { size, states } = memory;
  const own: Tensor = { data: new Float32Array(n * size), shape: [n, size] };
  const partner: Tensor = { data: new Float32Array(n * size), shape: [n, size] };
  const targets = emptyTargets(config, n);
  for (let k = 0; k < n; k++) {
    for (const [side, to] of [own, partner].entries()) {
      const from = stateAt(memory, s, rows[k], side, 0);
      to.data.set(states.subarray(from, from + size), k * size);
    }
    putTargets(config, s, targets, k, rows[k], 0);
    targets.weight.data[k] = (weights?.[k] ?? 1) / n;
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

/** Phase 2: new prediction layers on frozen, stored embeddings, both sides with their session. No transformer pass at all. */
export async function* phase2(
  config: FamilyConfig,
  s: PersonSessions,
  memory: StoredEmbeddings,
  rows: readonly number[],
  validation: readonly number[],
  means: Readonly<Record<Task, number>>,
  options: Pick<TrainOptions, 'signal' | 'every' | 'device' | 'stepped' | 'keep' | 'resume'> = {},
): AsyncGenerator<Progress, Checkpoint> {
  const sample = sampleRows(config, s, rows);
  const { batch, steps } = phase2Steps(config, sample.rows.length);
  const order = batchRows(sample.rows.length, batch, config.seed);
  return yield* train({
    params: initHeads(config, means),
    loss: phase2Loss(config),
    steps,
    rate: config.rate2,
    batch: (step) => {
      const drawn = order(step);
      return memoryBatch(
        config,
        s,
        memory,
        Array.from(drawn, (k) => sample.rows[k]),
        Array.from(drawn, (k) => sample.weights[k]),
      );
    },
    validation: memoryBatch(config, s, memory, validation.slice(0, 2048)),
    ...options,
  });
}
