import { trainFactors } from '../../../src/model/train/train-family.ts';
import { measureTwoPhaseCost, type TwoPhaseCost } from '../../../src/model/study/cost.ts';
import { targetMeans } from '../../../src/model/train/family/fit-family.ts';
import { storeEmbeddings } from '../../../src/model/train/family/stored-embeddings.ts';
import { initFamily } from '../../../src/model/train/family/net.ts';
import { loadFactors } from '../../../src/model/layout/save-factors.ts';
import { loadFamily } from '../../../src/model/layout/save-family.ts';
import { windowsOf } from '../../../src/model/train/family/person-sessions.ts';
import { compareModels, type AnyModel, type Study } from '../../../src/model/study/compare-models.ts';
import { loadTowers } from '../../../src/model/layout/save-towers.ts';
import type { CostOrder, JudgeOrder, Weights } from './protocol.ts';
import type { TrainingContext } from './record.ts';

/** Judges models on the later chats. Matrix factorisation is fitted on these evenings first. */
export async function runJudgeOrder(
  { candidates, evenings, ...options }: JudgeOrder,
  { gate, tell, recorded }: TrainingContext,
): Promise<Study> {
  const data = recorded.data(evenings);
  const models: AnyModel[] = [];
  for (const candidate of candidates) {
    if (candidate !== 'factors') {
      models.push(modelOf(candidate.name, candidate.weights));
      continue;
    }
    tell({ kind: 'share', what: 'Fitting matrix factorisation', share: 0 });
    const { bytes, header } = await trainFactors(
      data,
      () => undefined,
      {},
      () => gate.pass(),
    );
    models.push(loadFactors(bytes, header));
  }
  let what = '';
  let done = 0;
  const study = compareModels(models, data.sessions, data.split, {
    ...options,
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

/** Loads weights as a model of the given name. */
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

/** Timed steps of either way. */
const TIMED = 6;

/** The cost of training in one phase and in two: counted passes, and timed steps on WebAssembly. */
export async function cost(
  { config, evenings }: CostOrder,
  { gate, tell, recorded }: TrainingContext,
): Promise<TwoPhaseCost> {
  const { sessions, split } = recorded.data(evenings);
  const windows = windowsOf(sessions, config.history);
  // The time does not depend on the weights.
  const params = initFamily(config, targetMeans(config, sessions, split.train));
  const began = performance.now();
  const memory = await storeEmbeddings(config, sessions, windows, params, {
    async stored(share) {
      tell({ kind: 'share', what: 'Storing session vectors', share });
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
