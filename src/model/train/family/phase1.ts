import { numpy as np, tree } from '@jax-js/jax';
import type { FamilyConfig, Task } from '../../layout/config.ts';
import { filledTensor, type Tensor, type Tensors } from '../../layout/tensors.ts';
import { OUTCOMES, SUMMARY } from '../../layout/tokens.ts';
import type { Arrays, Loss } from '../adam.ts';
import { profileTensors, shuffledBatches, type Batches } from '../batches.ts';
import { wideDeep } from '../tower-net.ts';
import { durationTarget, featureShape, headLoss, sessionNet, summaryNet } from './net.ts';
import { partnerOf, sideOf, type PersonSessions, type Windows } from './person-sessions.ts';

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

/** Targets of `n` chats, f32[n] each, as `headLoss` reads them; zeros. */
export function emptyTargets(config: FamilyConfig, n: number): Record<string, Tensor> {
  const targets: Record<string, Tensor> = { duration: filledTensor([n]), weight: filledTensor([n]) };
  for (const task of config.tasks)
    if (task !== 'duration')
      for (const side of ['Own', 'Partner']) targets[`${task}${side}`] = filledTensor([n]);
  return targets;
}

/** Fills row `k` of the targets with chat `row`, seen by `side`, and gives it a weight. */
export function putTargets(
  config: FamilyConfig,
  s: PersonSessions,
  targets: Record<string, Tensor>,
  k: number,
  row: number,
  side: number,
  weight: number,
): void {
  targets.weight.data[k] = weight;
  targets.duration.data[k] = durationTarget(config, s.log.duration[row]);
  for (const task of config.tasks) {
    if (task === 'duration') continue;
    targets[`${task}Own`].data[k] = labelOf(s, row, side, task);
    targets[`${task}Partner`].data[k] = labelOf(s, row, 1 - side, task);
  }
}

/**
 * A batch of phase 1: `windows` sessions. Each has the person's profile, the partner of every match
 * up to the one after the window, and the outcomes of the matches in it. The target of a position
 * is the next match, for the positions that the window answers for and matches that `counts`
 * accepts.
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
  const outcomes = filledTensor([n, history, OUTCOMES]);
  const summary = filledTensor([n * length, SUMMARY]);
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
      partners[b * length + t] = partnerOf(s.log, row, side);
      const from = (2 * row + side) * OUTCOMES;
      if (t < history)
        outcomes.data.set(s.outcomes.subarray(from, from + OUTCOMES), (b * history + t) * OUTCOMES);
      const known = (2 * row + side) * SUMMARY;
      summary.data.set(s.summary.subarray(known, known + SUMMARY), (b * length + t) * SUMMARY);
      if (w.start[window] + t < w.from[window] || !counts(row)) continue;
      putTargets(config, s, targets, b * length + t, row, side, 1);
      used++;
    }
  }
  targets.weight.data.forEach((x, k) => (targets.weight.data[k] = x / Math.max(1, used)));
  const own = profileTensors(s, people);
  const other = profileTensors(s, partners);
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

/**
 * e = e_feature + e_session of every position of a batch, f32[B x (history + 1)][size], and
 * e_feature of the partners of the next matches, of the same shape.
 */
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

/**
 * Phase 1: one causal pass over each session, with a prediction at every position. The partner of
 * the next match contributes e_feature only.
 */
export function phase1Loss(config: FamilyConfig): Loss {
  return (params, batch) => {
    const { own, partner, rest } = embedBatch(config, params, batch);
    const loss = headLoss(config, params, own, partner, rest);
    tree.dispose(params);
    return loss;
  };
}

/** Batches of the windows that hold at least one target, and how many such windows there are. */
export function windowBatches(
  s: PersonSessions,
  w: Windows,
  counts: (row: number) => boolean,
  batch: number,
  seed: number,
): Batches & { readonly windows: number } {
  const useful = Uint32Array.from({ length: w.count }, (_, k) => k).filter((k) => {
    const first = s.first[w.person[k]];
    const end = Math.min(first + w.start[k] + w.history + 1, s.first[w.person[k] + 1]);
    return s.order.subarray(first + w.from[k], end).some(counts);
  });
  return { ...shuffledBatches(useful, batch, seed, 0x100), windows: useful.length };
}
