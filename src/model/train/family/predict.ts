import { selectChats } from '../chat-log.ts';
import { predictChats, type FittedTower } from '../fit-towers.ts';
import type { Tensors } from '../../layout/tensors.ts';
import { SECONDS_UNIT, type FamilyConfig, type Task } from '../../layout/config.ts';
import { stateAt, type StoredEmbeddings } from './stored-embeddings.ts';
import type { PersonSessions } from './person-sessions.ts';

/** Predictions for n chats: ln seconds (mean of both directions), chances by task and side. */
export interface Predictions {
  /** f64[n]. */
  readonly duration: Float64Array;
  /** f64[n][2]: side a towards b, side b towards a. Only the tasks of the model. */
  readonly chance: Partial<Record<Exclude<Task, 'duration'>, Float64Array>>;
}

/** Predictions for the chats `rows` from stored embeddings. `delay`: see {@link stateAt}. */
export function predictFamily(
  config: FamilyConfig,
  heads: Tensors,
  s: PersonSessions,
  memory: StoredEmbeddings,
  rows: readonly number[],
  delay = 0,
): Predictions {
  const { size, projection } = config;
  const { states } = memory;
  const duration = new Float64Array(rows.length);
  const chance: Record<string, Float64Array> = {};
  const project = (weights: Float32Array, from: number, out: Float64Array): void => {
    out.fill(0);
    for (let k = 0; k < size; k++) {
      const x = states[from + k];
      for (let o = 0; o < projection; o++) out[o] += x * weights[k * projection + o];
    }
  };
  const user = new Float64Array(projection);
  const peer = new Float64Array(projection);
  const at = rows.map((row) => [0, 1].map((side) => stateAt(memory, s, row, side, delay)));
  for (const task of config.tasks) {
    const scale = heads[`scale_${task}`].data[0];
    const offset = heads[`offset_${task}`].data[0];
    const out = task === 'duration' ? duration : (chance[task] = new Float64Array(2 * rows.length));
    for (let r = 0; r < rows.length; r++)
      for (let side = 0; side < 2; side++) {
        project(heads[`user_${task}`].data, at[r][side], user);
        project(heads[`peer_${task}`].data, at[r][1 - side], peer);
        let score = 0;
        for (let o = 0; o < projection; o++) score += user[o] * peer[o];
        score = scale * score + offset;
        if (task !== 'duration') out[2 * r + side] = 1 / (1 + Math.exp(-score));
        else if (config.transform === 'exp') out[r] += score / 2;
        // A negative length has no logarithm: use the shortest possible chat.
        else out[r] += Math.log(Math.max(0.3, score * SECONDS_UNIT)) / 2;
      }
  }
  return { duration, chance };
}

/** Predictions of two towers, from what the tick knew about both people: ln seconds only. */
export function predictChatsByTowers(
  towers: Pick<FittedTower, 'tower' | 'scale' | 'logBias'>,
  s: PersonSessions,
  rows: readonly number[],
): Predictions {
  const sides = predictChats(towers, selectChats(s.log, rows));
  return {
    duration: Float64Array.from(rows, (_, k) => (sides[2 * k] + sides[2 * k + 1]) / 2),
    chance: {},
  };
}
