import constants from '../../shaders/base/constants.wgsl?raw';
import hash from '../../shaders/base/hash.wgsl?raw';
import auction from '../../shaders/match/auction/auction.wgsl?raw';
import dual from '../../shaders/match/auction/dual.wgsl?raw';
import exchange from '../../shaders/match/auction/exchange.wgsl?raw';
import auctionState from '../../shaders/match/auction/state.wgsl?raw';
import finish from '../../shaders/match/greedy/finish.wgsl?raw';
import greedy from '../../shaders/match/greedy/greedy.wgsl?raw';
import refill from '../../shaders/match/greedy/refill.wgsl?raw';
import tally from '../../shaders/match/greedy/tally.wgsl?raw';
import embed from '../../shaders/model/embed.wgsl?raw';
import transformer from '../../shaders/model/transformer.wgsl?raw';
import formula from '../../shaders/score/formula.wgsl?raw';
import gather from '../../shaders/score/gather.wgsl?raw';
import job from '../../shaders/score/job.wgsl?raw';
import lists from '../../shaders/score/lists.wgsl?raw';
import mergeGroups from '../../shaders/score/merge-groups.wgsl?raw';
import mergeTopk from '../../shaders/score/merge-topk.wgsl?raw';
import offer from '../../shaders/score/offer.wgsl?raw';
import person from '../../shaders/score/person.wgsl?raw';
import pool from '../../shaders/score/pool.wgsl?raw';
import rows from '../../shaders/score/rows.wgsl?raw';
import scoreBlocks from '../../shaders/score/score-blocks.wgsl?raw';
import scoreTopk from '../../shaders/score/score-topk.wgsl?raw';
import weigh from '../../shaders/score/weigh.wgsl?raw';
import { resolveShader } from './shader.ts';
import type { Shader } from './shader.ts';

/** Texts by path in `shaders/`. */
export const shaderSources = {
  'base/constants.wgsl': constants,
  'base/hash.wgsl': hash,
  'match/auction/auction.wgsl': auction,
  'match/auction/dual.wgsl': dual,
  'match/auction/exchange.wgsl': exchange,
  'match/auction/state.wgsl': auctionState,
  'match/greedy/finish.wgsl': finish,
  'match/greedy/greedy.wgsl': greedy,
  'match/greedy/refill.wgsl': refill,
  'match/greedy/tally.wgsl': tally,
  'model/embed.wgsl': embed,
  'model/transformer.wgsl': transformer,
  'score/formula.wgsl': formula,
  'score/gather.wgsl': gather,
  'score/job.wgsl': job,
  'score/lists.wgsl': lists,
  'score/merge-groups.wgsl': mergeGroups,
  'score/merge-topk.wgsl': mergeTopk,
  'score/offer.wgsl': offer,
  'score/person.wgsl': person,
  'score/pool.wgsl': pool,
  'score/rows.wgsl': rows,
  'score/score-blocks.wgsl': scoreBlocks,
  'score/score-topk.wgsl': scoreTopk,
  'score/weigh.wgsl': weigh,
};
const load = (file: keyof typeof shaderSources) => resolveShader(file, shaderSources);

/** The modules that weigh pairs. */
const weighing = {
  scoreTopk: 'score/score-topk.wgsl',
  scoreBlocks: 'score/score-blocks.wgsl',
  finish: 'match/greedy/finish.wgsl',
  exchange: 'match/auction/exchange.wgsl',
} as const;
export type WeighingShaders = Readonly<Record<keyof typeof weighing, Shader>>;

/** The modules that weigh pairs, with another text in the place of `score/formula.wgsl`. */
export function withFormula(text: string): WeighingShaders {
  const sources = { ...shaderSources, 'score/formula.wgsl': text };
  const resolved = Object.entries(weighing).map(([name, file]) => [name, resolveShader(file, sources)]);
  return Object.fromEntries(resolved) as WeighingShaders;
}

/** The shader modules, by the names of their passes. */
export const shaders = {
  gather: load('score/gather.wgsl'),
  scoreTopk: load('score/score-topk.wgsl'),
  scoreBlocks: load('score/score-blocks.wgsl'),
  mergeTopk: load('score/merge-topk.wgsl'),
  mergeGroups: load('score/merge-groups.wgsl'),
  greedy: load('match/greedy/greedy.wgsl'),
  finish: load('match/greedy/finish.wgsl'),
  refill: load('match/greedy/refill.wgsl'),
  auction: load('match/auction/auction.wgsl'),
  dual: load('match/auction/dual.wgsl'),
  exchange: load('match/auction/exchange.wgsl'),
  embed: load('model/embed.wgsl'),
  transformer: load('model/transformer.wgsl'),
};
