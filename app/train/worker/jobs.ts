import { trainFactors } from '../../../src/model/train/train-family.ts';
import type { FamilyConfig } from '../../../src/model/layout/config.ts';
import { measureTwoPhaseCost, type TwoPhaseCost } from '../../../src/model/study/cost.ts';
import { targetMeans } from '../../../src/model/train/family/fit-family.ts';
import { storeEmbeddings } from '../../../src/model/train/family/stored-embeddings.ts';
import { initFamily } from '../../../src/model/train/family/net.ts';
import { loadFactors } from '../../../src/model/layout/save-factors.ts';
import { loadFamily } from '../../../src/model/layout/save-family.ts';
import { windowsOf } from '../../../src/model/train/family/person-sessions.ts';
import { compareModels, type AnyModel, type Study } from '../../../src/model/study/compare-models.ts';
import { loadTowers } from '../../../src/model/layout/save-towers.ts';
import type { Gate } from './gate.ts';
import type { Candidate, Evenings, JudgeOrder, Tell, Weights } from './orders.ts';
import type { Recorded } from './recorded.ts';

/** Judges models side by side on the later chats. Matrix factorisation knows people by name, so it is fitted on these evenings first. */
export async function judge(
  candidates: readonly Candidate[],
  order: JudgeOrder,
  recorded: Recorded,
  evenings: Evenings,
  gate: Gate,
  tell: Tell,
): Promise<Study> {
  const material = recorded.material(evenings);
  const models: AnyModel[] = [];
  for (const candidate of candidates) {
    if (candidate !== 'factors') {
      models.push(modelOf(candidate.name, candidate.weights));
      continue;
    }
    tell({ kind: 'share', what: 'Fitting matrix factorisation', share: 0 });
    const { bytes, header } = await trainFactors(
      material,
      () => undefined,
      {},
      () => gate.pass(),
    );
    models.push(loadFactors(bytes, header));
  }
  let what = '';
  let done = 0;
  const study = compareModels(models, recorded.sessions, material.split, {
    ...order,
    seed: 1,
    async pass(share) {
      tell({ kind: 'share', what: `Judging ${what}`, share: (done + 0.5 * share) / models.length });
      await gate.pass();
    },
  });
  let result = await study.next();
  for (; !result.done; result = await study.next()) {
    await gate.pass();
    ({ model: what, done } = result.value);
    tell({ kind: 'share', what: `Judging ${what}`, share: done / models.length });
  }
  return result.value;
}

/** Weights as a model under the name that the room has for it. */
function modelOf(name: string, { bytes, header }: Weights): AnyModel {
  switch (header.format) {
    case 'halfsecond-family':
      return { ...loadFamily(bytes, header, name), name };
    case 'halfsecond-tower':
      return { name, towers: loadTowers(bytes, header, name) };
    case 'halfsecond-factors':
      return { ...loadFactors(bytes, header, name), name };
  }
}

/** Steps of either way that are timed. */
const TIMED = 6;

/** What training in two phases takes against training in one: passes counted, steps of both timed on WebAssembly. */
export async function cost(
  config: FamilyConfig,
  recorded: Recorded,
  evenings: Evenings,
  gate: Gate,
  tell: Tell,
): Promise<TwoPhaseCost> {
  const { sessions, split } = recorded.material(evenings);
  const windows = windowsOf(sessions, config.history);
  // Time does not depend on what the weights are.
  const params = initFamily(config, targetMeans(config, sessions, split.train));
  const began = performance.now();
  const memory = await storeEmbeddings(config, sessions, windows, params, {
    async stored(share) {
      tell({ kind: 'share', what: 'Storing what sessions say', share });
      await gate.pass();
    },
  });
  const seconds = (performance.now() - began) / 1000;
  let done = 0;
  return measureTwoPhaseCost(config, sessions, split, memory, seconds, TIMED, async () => {
    tell({ kind: 'share', what: 'Timing steps of either way', share: done++ / (3 * (TIMED + 1)) });
    await gate.pass();
  });
}
