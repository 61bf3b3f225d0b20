import type { WeightRule } from '../score/types.ts';
import auction from '../../shaders/auction.wgsl?raw';
import combine from '../../shaders/combine.wgsl?raw';
import combineExpHarmonic from '../../shaders/combine-exp-harmonic.wgsl?raw';
import combineExpMinimum from '../../shaders/combine-exp-minimum.wgsl?raw';
import combineExpProduct from '../../shaders/combine-exp-product.wgsl?raw';
import combineExpSum from '../../shaders/combine-exp-sum.wgsl?raw';
import combineLeast from '../../shaders/combine-least.wgsl?raw';
import combineMean from '../../shaders/combine-mean.wgsl?raw';
import dual from '../../shaders/dual.wgsl?raw';
import embed from '../../shaders/embed.wgsl?raw';
import exchange from '../../shaders/exchange.wgsl?raw';
import finish from '../../shaders/finish.wgsl?raw';
import greedy from '../../shaders/greedy.wgsl?raw';
import hash from '../../shaders/hash.wgsl?raw';
import market from '../../shaders/market.wgsl?raw';
import mergeTopk from '../../shaders/merge-topk.wgsl?raw';
import narrow from '../../shaders/narrow.wgsl?raw';
import pool from '../../shaders/pool.wgsl?raw';
import rows from '../../shaders/rows.wgsl?raw';
import scoreBest from '../../shaders/score-best.wgsl?raw';
import scoreBlocks from '../../shaders/score-blocks.wgsl?raw';
import scoreHeld from '../../shaders/score-held.wgsl?raw';
import scoreHeld8 from '../../shaders/score-held-8.wgsl?raw';
import scoreHeld16 from '../../shaders/score-held-16.wgsl?raw';
import scoreHeld32 from '../../shaders/score-held-32.wgsl?raw';
import scoreJob from '../../shaders/score-job.wgsl?raw';
import scoreLay from '../../shaders/score-lay.wgsl?raw';
import scoreMend from '../../shaders/score-mend.wgsl?raw';
import scorePack from '../../shaders/score-pack.wgsl?raw';
import scorePick from '../../shaders/score-pick.wgsl?raw';
import scoreRowsBroadcast from '../../shaders/score-rows-broadcast.wgsl?raw';
import scoreRowsPlain from '../../shaders/score-rows-plain.wgsl?raw';
import scoreSelect from '../../shaders/score-select.wgsl?raw';
import scoreStrike from '../../shaders/score-strike.wgsl?raw';
import scoreStrip from '../../shaders/score-strip.wgsl?raw';
import scoreTopk from '../../shaders/score-topk.wgsl?raw';
import strip from '../../shaders/strip.wgsl?raw';
import transformer from '../../shaders/transformer.wgsl?raw';
import weigh from '../../shaders/weigh.wgsl?raw';
import weights from '../../shaders/weights.wgsl?raw';

/** A WGSL file as it lies in shaders/. */
export interface ShaderFile {
  readonly file: string;
  readonly text: string;
}

const file = (name: string, text: string): ShaderFile => ({ file: `shaders/${name}.wgsl`, text });
const files = {
  combine: file('combine', combine),
  market: file('market', market),
  hash: file('hash', hash),
  pool: file('pool', pool),
  rows: file('rows', rows),
  scoreBest: file('score-best', scoreBest),
  scoreBlocks: file('score-blocks', scoreBlocks),
  scoreHeld: file('score-held', scoreHeld),
  scoreJob: file('score-job', scoreJob),
  scoreStrip: file('score-strip', scoreStrip),
  strip: file('strip', strip),
  weigh: file('weigh', weigh),
};

/** Texts that `combine` may be replaced by where it is known how scores are combined. */
export const combinations = {
  mean: file('combine-mean', combineMean),
  least: file('combine-least', combineLeast),
  'exp-product': file('combine-exp-product', combineExpProduct),
  'exp-sum': file('combine-exp-sum', combineExpSum),
  'exp-minimum': file('combine-exp-minimum', combineExpMinimum),
  'exp-harmonic': file('combine-exp-harmonic', combineExpHarmonic),
} as const;
export type Combining = keyof typeof combinations;

/** How scores are combined under a rule whose weights come from dots. */
export function combiningOf({
  transform,
  combination,
}: Pick<WeightRule, 'transform' | 'combination'>): Combining {
  if (transform === 'exp') return `exp-${combination}`;
  return combination === 'minimum' ? 'least' : 'mean';
}

/** With room for vectors of so many times four components. */
const held = (size: ShaderFile) =>
  [
    size,
    files.hash,
    files.pool,
    files.weigh,
    files.combine,
    files.strip,
    files.scoreBlocks,
    files.scoreHeld,
  ] as const;

/** Every shader module: the files that are joined into it, in order. WGSL has no imports. */
export const shaderModules = {
  embed: [file('embed', embed)],
  transformer: [file('transformer', transformer)],
  'score-topk': [
    files.hash,
    files.pool,
    files.weigh,
    files.combine,
    files.scoreJob,
    file('score-topk', scoreTopk),
  ],
  'score-lay': [files.hash, files.pool, files.strip, file('score-lay', scoreLay)],
  'score-strip': [
    files.hash,
    files.pool,
    files.weigh,
    files.combine,
    files.strip,
    file('score-rows-plain', scoreRowsPlain),
    files.scoreStrip,
  ],
  'score-strip-broadcast': [
    file('score-rows-broadcast', scoreRowsBroadcast),
    files.hash,
    files.pool,
    files.weigh,
    files.combine,
    files.strip,
    files.scoreStrip,
  ],
  'score-held-8': held(file('score-held-8', scoreHeld8)),
  'score-held-16': held(file('score-held-16', scoreHeld16)),
  'score-held-32': held(file('score-held-32', scoreHeld32)),
  'score-mend': [files.hash, files.pool, files.strip, files.scoreBlocks, file('score-mend', scoreMend)],
  'score-pack': [files.hash, files.pool, file('score-pack', scorePack)],
  'score-pick': [
    files.hash,
    files.pool,
    files.strip,
    files.rows,
    files.scoreBest,
    files.scoreBlocks,
    file('score-pick', scorePick),
  ],
  'score-strike': [files.hash, files.pool, files.strip, file('score-strike', scoreStrike)],
  'score-select': [
    files.hash,
    files.pool,
    files.strip,
    files.rows,
    files.scoreBest,
    file('score-select', scoreSelect),
  ],
  'merge-topk': [files.hash, files.pool, files.scoreJob, files.rows, file('merge-topk', mergeTopk)],
  narrow: [file('narrow', narrow)],
  greedy: [files.rows, file('greedy', greedy)],
  finish: [files.hash, files.pool, files.weigh, files.combine, file('finish', finish)],
  auction: [files.rows, files.market, file('auction', auction)],
  exchange: [files.hash, files.pool, files.weigh, files.combine, files.rows, file('exchange', exchange)],
  dual: [files.rows, files.market, file('dual', dual)],
  weights: [files.hash, files.pool, files.weigh, files.combine, file('weights', weights)],
} as const satisfies Record<string, readonly ShaderFile[]>;
export type ShaderModuleName = keyof typeof shaderModules;

/** The files of a module, `combine` made for one rule where that is known. */
function filesOf(name: ShaderModuleName, combining?: Combining): readonly ShaderFile[] {
  const all: readonly ShaderFile[] = shaderModules[name];
  return combining === undefined ? all : all.map((f) => (f === files.combine ? combinations[combining] : f));
}

/** The joined text of a module. */
export function moduleText(name: ShaderModuleName, combining?: Combining): string {
  return filesOf(name, combining)
    .map((f) => f.text)
    .join('\n');
}

/** Which file and line (from 1) a line of the joined text came from. */
export function locate(
  name: ShaderModuleName,
  line: number,
  combining?: Combining,
): { file: string; line: number; text: string } {
  let rest = line;
  for (const { file, text } of filesOf(name, combining)) {
    const lines = text.split('\n');
    if (rest <= lines.length) return { file, line: rest, text: lines[rest - 1] ?? '' };
    rest -= lines.length;
  }
  return { file: name, line, text: '' };
}
