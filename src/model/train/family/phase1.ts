import { numpy as np, tree } from '@jax-js/jax';
import { hash4, Stream } from '../../../base/hash.ts';
import { DENSE, ROWS, SLOTS } from '../../layout/features.ts';
import type { Arrays, Loss } from '../adam.ts';
import { wideDeep } from '../tower-net.ts';
import type { Tensor, Tensors } from '../../layout/tensors.ts';
import type { FamilyConfig, Task } from '../../layout/config.ts';
import { durationTarget, featureShape, headLoss, sessionNet, summaryNet } from './net.ts';
import { sideOf, type PersonSessions, type Windows } from './person-sessions.ts';
import { OUTCOMES, SUMMARY } from '../../layout/tokens.ts';

/** Profiles of `people` as inputs of Wide&Deep; -1 is nobody. */
export function profileBlocks(s: PersonSessions, people: ArrayLike<number>): { hot: Tensor; dense: Tensor } {
  const n = people.length;
  const hot = new Float32Array(n * ROWS);
  const dense = new Float32Array(n * DENSE);
  for (let k = 0; k < n; k++) {
    const person = people[k];
    if (person < 0) continue;
    for (let slot = 0; slot < SLOTS; slot++) hot[k * ROWS + s.sparse[person * SLOTS + slot]] = 1;
    dense.set(s.dense.subarray(person * DENSE, (person + 1) * DENSE), k * DENSE);
  }
  return { hot: { data: hot, shape: [n, ROWS] }, dense: { data: dense, shape: [n, DENSE] } };
}

const block = (shape: number[]): Tensor => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});

/** Bits of the other tasks in a log's outcome, side a. */
const bitOf: Record<Exclude<Task, 'duration'>, number> = { swipe: 1, report: 4, friend: 16 };

/** The label of a task for a side of a chat. */
export function labelOf(
  s: PersonSessions,
  row: number,
  side: number,
  task: Exclude<Task, 'duration'>,
): 0 | 1 {
  return (s.log.outcome[row] & (bitOf[task] << side)) === 0 ? 0 : 1;
}

/** Fills row `k` of the targets with chat `row`, seen by `side`; `weight` is left to the caller. */
export function putTargets(
  config: FamilyConfig,
  s: PersonSessions,
  targets: Record<string, Tensor>,
  k: number,
  row: number,
  side: number,
): void {
  targets.duration.data[k] = durationTarget(config, s.log.duration[row]);
  for (const task of config.tasks) {
    if (task === 'duration') continue;
    targets[`${task}Own`].data[k] = labelOf(s, row, side, task);
    targets[`${task}Partner`].data[k] = labelOf(s, row, 1 - side, task);
  }
}

export function emptyTargets(config: FamilyConfig, n: number): Record<string, Tensor> {
  const targets: Record<string, Tensor> = { duration: block([n]), weight: block([n]) };
  for (const task of config.tasks)
    if (task !== 'duration') for (const side of ['Own', 'Partner']) targets[`${task}${side}`] = block([n]);
  return targets;
}

/**
 * A batch of phase 1: `windows` sessions, each with the person's profile, the partner of every match up to the one after the window, what
 * came of the matches in it, and as targets the match after every position that the window answers for (only those that `counts`).
 */
export function sessionBatch(
  config: FamilyConfig,
  s: PersonSessions,
  w: Windows,
  windows: ArrayLike<number>,
  counts: (row: number) => boolean,
): Tensors {
  const { history } = w;
  const n = windows.length;
  const length = history + 1;
  const outcomes = block([n, history, OUTCOMES]);
  const summary = block([n * length, SUMMARY]);
  const targets = emptyTargets(config, n * length);
  const people = new Int32Array(n);
  const partners = new Int32Array(n * length).fill(-1);
  let used = 0;
  for (let b = 0; b < n; b++) {
    const window = windows[b];
    const person = w.person[window];
    people[b] = person;
    const base = s.first[person] + w.start[window];
    const last = s.first[person + 1];
    for (let t = 0; t < length && base + t < last; t++) {
      const row = s.order[base + t];
      const side = sideOf(s.log, row, person);
      partners[b * length + t] = side === 0 ? s.log.b[row] : s.log.a[row];
      const from = (2 * row + side) * OUTCOMES;
      if (t < history)
        outcomes.data.set(s.outcomes.subarray(from, from + OUTCOMES), (b * history + t) * OUTCOMES);
      const known = (2 * row + side) * SUMMARY;
      summary.data.set(s.summary.subarray(known, known + SUMMARY), (b * length + t) * SUMMARY);
      if (w.start[window] + t < w.from[window] || !counts(row)) continue;
      putTargets(config, s, targets, b * length + t, row, side);
      targets.weight.data[b * length + t] = 1;
      used++;
    }
  }
  targets.weight.data.forEach((x, k) => (targets.weight.data[k] = x / Math.max(1, used)));
  const own = profileBlocks(s, people);
  const other = profileBlocks(s, partners);
  return {
    ownHot: own.hot,
    ownDense: own.dense,
    partnerHot: other.hot,
    partnerDense: other.dense,
    ...(config.session === 'transformer' && { outcomes }),
    ...(config.session === 'summary' && { summary }),
    ...targets,
  };
}

/** e = e_feature + e_session of every position of a batch, f32[B x (history + 1)][size], and e_feature of the partners to come. */
export function embedBatch(
  config: FamilyConfig,
  params: Arrays,
  batch: Arrays,
): { own: np.Array; partner: np.Array; rest: Arrays } {
  const { ownHot, ownDense, partnerHot, partnerDense, outcomes, summary, ...rest } = batch;
  const { history, size } = config;
  const length = history + 1;
  const people = ownHot.shape[0];
  const netNames = Object.keys(params).filter((name) => /^(embedding|wide|[wb]\d+)$/.test(name));
  const net = Object.fromEntries(netNames.map((name) => [name, params[name].ref]));
  const [[self], [partner]] = wideDeep(
    featureShape(config),
    net,
    [
      { hot: ownHot, dense: ownDense },
      { hot: partnerHot, dense: partnerDense },
    ],
    [[0, size]],
  );
  let own = np.broadcastTo(self.ref.reshape([people, 1, size]), [people, length, size]);
  if (config.session === 'transformer') {
    const past = partner.ref.reshape([people, length, size]).slice([], [0, history]);
    own = own.add(sessionNet(config, params, self.ref, past, outcomes));
  }
  self.dispose();
  let flat = own.reshape([people * length, size]);
  if (config.session === 'summary') flat = flat.add(summaryNet(params, summary));
  return { own: flat, partner, rest };
}

/** Phase 1: one causal pass over each session, a prediction at every position. The partner of the next match counts with e_feature only. */
export function phase1Loss(config: FamilyConfig): Loss {
  return (params, batch) => {
    const { own, partner, rest } = embedBatch(config, params, batch);
    const loss = headLoss(config, params, own, partner, rest);
    tree.dispose(params);
    return loss;
  };
}

/** Windows that hold at least one target, in an order of their own for every pass. Pure function of seed and step. */
export function windowOrder(
  s: PersonSessions,
  w: Windows,
  counts: (row: number) => boolean,
  batch: number,
  seed: number,
): { steps: number; windows: number; at: (step: number) => Uint32Array } {
  const useful: number[] = [];
  for (let k = 0; k < w.count; k++) {
    const person = w.person[k];
    const end = Math.min(s.first[person] + w.start[k] + w.history, s.first[person + 1] - 1);
    for (let at = s.first[person] + w.from[k]; at <= end; at++)
      if (counts(s.order[at])) {
        useful.push(k);
        break;
      }
  }
  const steps = Math.max(1, Math.floor(useful.length / batch));
  let pass = -1;
  let order = Uint32Array.from(useful);
  return {
    steps,
    windows: useful.length,
    at: (step) => {
      if (Math.floor(step / steps) !== pass) {
        pass = Math.floor(step / steps);
        order = Uint32Array.from(useful);
        for (let k = order.length - 1; k > 0; k--) {
          const other = hash4(seed, Stream.training, 0x100 + pass, k) % (k + 1);
          [order[k], order[other]] = [order[other], order[k]];
        }
      }
      const from = (step % steps) * batch;
      // Shapes stay the same for the compiled step: a small log repeats windows.
      return Uint32Array.from({ length: batch }, (_, k) => order[(from + k) % order.length]);
    },
  };
}
