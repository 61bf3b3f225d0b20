import { must } from '../../base/errors.ts';
import { DENSE, FEATURE_SIGNATURE, features, ROWS, SLOTS } from './features.ts';
import { towerTensors, validateTower, type Tower } from './tower.ts';
import {
  fileCheck,
  floatReader,
  mustBeHeader,
  mustFit,
  writeFloats,
  type WeightsFile,
  type WeightsHeader,
} from './weights-file.ts';

/** A trained two-tower scorer: s(i, j) = scale dot(user[i], peer[j]) + bias, ln seconds. */
export interface TowerModel {
  readonly tower: Tower;
  readonly scale: number;
  /** For expected seconds: exp(scale dot + bias). */
  readonly bias: number;
  /** For the mean of log seconds, which training fits: scale dot + logBias. */
  readonly logBias: number;
  /** Only for weights that were read from a file. */
  readonly header?: TowerHeader;
  /** Fills the inputs of the people who wait; see `features.ts`. */
  readonly features: typeof features;
}

/** The content of `public/models/towers.json`, beside the weights. */
export interface TowerHeader
  extends
    WeightsHeader<'halfsecond-tower'>,
    Pick<Tower, 'dim' | 'slots' | 'embed' | 'dense' | 'rows' | 'quantum'>,
    Pick<TowerModel, 'scale' | 'bias' | 'logBias'> {
  /** FEATURE_SIGNATURE of the code that trained it. */
  readonly features: string;
  /** Outputs of every layer. */
  readonly layers: readonly number[];
}

const format = 'halfsecond-tower';

/** The weights as one file: all tensors in the order of {@link towerTensors}, f32 little-endian. */
export function saveTower(
  tower: Tower,
  about: Pick<TowerHeader, 'scale' | 'bias' | 'logBias' | 'recipe' | 'metrics'>,
): WeightsFile<TowerHeader> {
  validateTower(tower);
  const bytes = writeFloats(towerTensors(tower));
  const { dim, slots, embed, dense, rows, quantum } = tower;
  const { scale, bias, logBias, recipe, metrics } = about;
  const header: TowerHeader = {
    format,
    version: 1,
    features: FEATURE_SIGNATURE,
    ...{ dim, slots, embed, dense, rows },
    layers: tower.layers.map((l) => l.outputs),
    ...{ quantum, scale, bias, logBias },
    ...fileCheck(bytes),
    ...{ recipe, metrics },
  };
  return { bytes, header };
}

/** Reads what {@link saveTower} wrote. Throws LabError if file, header and features disagree. */
export function loadTowers(
  bytes: Uint8Array,
  json: unknown,
  where = 'towers.json',
): TowerModel & { readonly header: TowerHeader } {
  mustBeHeader(json, format, where);
  const header = json as TowerHeader;
  must(
    header.features === FEATURE_SIGNATURE,
    'these weights were trained on other features; retrain with "lab train towers"',
    where,
  );
  const { dim, slots, embed, dense, rows, quantum, scale, bias, logBias } = header;
  must(
    slots === SLOTS && dense === DENSE && rows === ROWS,
    `the weights take ${slots} slots, ${dense} dense inputs and ${rows} rows; the features have ${SLOTS}, ${DENSE} and ${ROWS}`,
    where,
  );
  must(Number.isFinite(scale) && scale > 0, `scale must be above 0; it is ${scale}`, where);
  for (const [name, value] of Object.entries({ bias, logBias }))
    must(Number.isFinite(value), `${name} must be finite; it is ${value}`, where);

  const widths = [slots * embed + dense, ...header.layers];
  const weights = widths.slice(1).reduce((sum, outputs, l) => sum + (widths[l] + 1) * outputs, 0);
  mustFit(bytes, header, 4 * (rows * (embed + 2 * dim) + weights), where);
  const take = floatReader(bytes, where);
  const tower: Tower = {
    ...{ dim, slots, embed, dense, rows, quantum },
    embedding: take('embedding', rows * embed),
    wide: take('wide', rows * 2 * dim),
    layers: widths.slice(1).map((outputs, l) => ({
      inputs: widths[l],
      outputs,
      w: take(`w${l}`, widths[l] * outputs),
      b: take(`b${l}`, outputs),
    })),
  };
  validateTower(tower, where);
  return { tower, scale, bias, logBias, header, features };
}
