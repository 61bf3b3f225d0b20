import { NONE } from '../../score/types.ts';
import { structWords } from '../kernel.ts';
import { DRY, Rebuilder } from '../rebuild.ts';

const row = structWords('greedy', 'Row');

export interface Simulated {
  readonly scans: number;
  readonly rounds: number;
  readonly stalls: number;
  readonly total: number;
}

/**
 * The GPU's greedy on a weight function, in plain code: lists of the `length` best, locally dominant rounds, and at every stall the rows that
 * {@link Rebuilder} chooses, with lists of `long`. Counts what it costs; weights must differ.
 */
export function simulateGreedy(
  n: number,
  weight: (i: number, j: number) => number,
  length: number,
  long: number,
): Simulated {
  const mates = new Uint32Array(n).fill(NONE);
  const best = new Uint32Array(n);
  const rows = new ArrayBuffer(n * row.size * 4);
  const keys = new Float32Array(rows);
  const lists: Int32Array[] = [];
  const full = new Uint8Array(n);
  const head = new Int32Array(n);
  const w = new Float64Array(n);
  const everybody = Array.from({ length: n }, (_, i) => i);
  const rebuild = (i: number, columns: readonly number[], room: number) => {
    const list: number[] = [];
    for (const j of columns) if (j !== i) w[j] = weight(i, j);
    let floor = -Infinity;
    for (const j of columns) {
      if (j === i || w[j] <= floor) continue;
      list.push(j);
      if (list.length === 4 * room) {
        list.sort((a, b) => w[b] - w[a]);
        list.length = room;
        floor = w[list[room - 1]];
      }
    }
    list.sort((a, b) => w[b] - w[a]);
    if (list.length > room) list.length = room;
    lists[i] = Int32Array.from(list);
    full[i] = list.length === room ? 1 : 0;
    head[i] = 0;
    if (list.length > 0) keys[i * row.size + row.at('first')] = w[list[list.length - 1]];
  };
  for (let i = 0; i < n; i++) rebuild(i, everybody, length);
  const rebuilder = new Rebuilder(n);
  let rounds = 0;
  let stalls = 0;
  let total = 0;
  for (;;) {
    let made = 0;
    for (let i = 0; i < n; i++) {
      best[i] = NONE;
      if (mates[i] !== NONE) continue;
      const list = lists[i];
      while (head[i] < list.length && mates[list[head[i]]] !== NONE) head[i]++;
      best[i] = head[i] < list.length ? list[head[i]] : full[i] === 1 ? DRY : NONE;
    }
    for (let i = 0; i < n; i++) {
      const j = best[i];
      if (j >= DRY || j < i || best[j] !== i) continue;
      mates[i] = j;
      mates[j] = i;
      total += weight(i, j);
      made++;
    }
    if (made > 0) {
      rounds++;
      continue;
    }
    const plan = rebuilder.plan({ mates, best, rows });
    if (plan === undefined) return { scans: 1 + rebuilder.scans, rounds, stalls, total };
    stalls++;
    for (const i of plan.rows) rebuild(i, plan.columns ?? everybody, long);
  }
}
