import { must } from '../../../base/errors.ts';
import type { TaskHead } from '../../../score/types.ts';
import type { FamilyModel } from '../../layout/save-family.ts';
import { clampOf, validateTower, type Tower, type TowerInput } from '../../layout/tower.ts';
import { featureTower, HEADROOM, SAMPLE, sampleInput } from '../family-tower.ts';
import { embedTower, forwardTower } from '../tower.ts';

/** The prediction layer of a task: a tower and the line of its products. */
export interface TaskTower extends Pick<TaskHead, 'name' | 'scale' | 'bias'> {
  readonly tower: Tower;
}

/** @throws LabError where the model was not trained on the task. */
export function taskTower({ name, config, embedders, heads }: FamilyModel, task: string): TaskTower {
  const { size, projection, session } = config;
  must(
    (config.tasks as readonly string[]).includes(task),
    `these weights of ${name} predict ${config.tasks.join(', ')}, not ${task}, which the formula reads; load other weights or change the formula`,
    'policy.formula',
  );
  const sides = [heads[`user_${task}`].data, heads[`peer_${task}`].data];
  const w = new Float32Array(size * 2 * projection);
  const fill = (times: readonly number[]) =>
    sides.forEach((weights, side) => {
      for (let k = 0; k < size; k++)
        for (let o = 0; o < projection; o++)
          w[(2 * k + side) * projection + o] = times[side] * weights[k * projection + o];
    });
  const tower = (quantum: number): Tower => ({
    ...featureTower(config, embedders),
    ...{ dim: projection, head: { inputs: size, w }, quantum },
  });
  fill([1, 1]);
  const out = forwardTower(sampleInput(tower(1), session === 'none' ? 0 : 1), SAMPLE);
  const largest = [0, 0];
  out.forEach((x, k) => {
    const side = Math.floor(k / projection) % 2;
    largest[side] = Math.max(largest[side], Math.abs(x));
  });
  must(largest[0] > 0 && largest[1] > 0, `the projections of ${name} for the task ${task} are zero`);
  // Both sides are scaled to a largest component of 1, so that they have the same resolution.
  fill(largest.map((most) => 1 / most));
  const quantum = Math.fround(HEADROOM / clampOf(tower(1)));
  const whole = tower(quantum);
  validateTower(whole, name);
  return {
    ...{ name: task, tower: whole, bias: heads[`offset_${task}`].data[0] },
    scale: heads[`scale_${task}`].data[0] * largest[0] * largest[1] * quantum * quantum,
  };
}

/** The vectors of tasks as terms of people, after other terms. */
export interface TaskTerms {
  readonly heads: readonly TaskHead[];
  /** f32[rows][n]: the user vectors of a task, then its peer vectors; then those of the next. */
  readonly values: Float32Array;
}

/**
 * @param features inputs of a tower with the same embedders, for n people.
 * @param first how many terms come before.
 */
export function vectorTerms(
  towers: readonly TaskTower[],
  features: TowerInput,
  n: number,
  first: number,
): TaskTerms {
  const rows = towers.reduce((sum, { tower }) => sum + 2 * tower.dim, 0);
  const values = new Float32Array(rows * n);
  const heads: TaskHead[] = [];
  let at = 0;
  for (const { tower, name, scale, bias } of towers) {
    const { dim } = tower;
    const { user, peer } = embedTower({ ...features, tower }, n);
    heads.push({ name, user: first + at, peer: first + at + dim, length: dim, scale, bias });
    for (const vectors of [user, peer])
      for (let k = 0; k < dim; k++, at++)
        for (let i = 0; i < n; i++) values[at * n + i] = vectors[i * dim + k];
  }
  return { heads, values };
}
