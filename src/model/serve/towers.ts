import { LabError, must } from '../../base/errors.ts';
import type { Tower } from '../layout/types.ts';
import { DENSE, FEATURE_SIGNATURE, features, ROWS, SLOTS } from '../features.ts';
import { tensors, validateTower } from './tower.ts';

/** A trained two-tower scorer: s(i, j) = scale dot(user[i], peer[j]) + bias, natural-log seconds (transform 'exp'). */
export interface TowerModel {
  readonly tower: Tower;
  readonly scale: number;
  /** For expected seconds: exp(scale dot + bias). */
  readonly bias: number;
  /** For the mean of log seconds, which training fits: scale dot + logBias. */
  readonly logBias: number;
  readonly header: TowerHeader;
  /** Fills the inputs of those who wait; see `features.ts`. */
  readonly features: typeof features;
}

/** What stands in `public/models/towers.json` beside the weights. */
export interface TowerHeader {
  readonly format: 'halfsecond-tower';
  readonly version: 1;
  /** FEATURE_SIGNATURE of the code that trained it. */
  readonly features: string;
  readonly dim: number;
  readonly slots: number;
  readonly embed: number;
  readonly dense: number;
  readonly rows: number;
  /** Outputs of every layer. */
  readonly layers: readonly number[];
  readonly quantum: number;
  readonly scale: number;
  readonly bias: number;
  readonly logBias: number;
  /** Bytes of the weights file, and its FNV-1a hash as 8 hex digits. */
  readonly bytes: number;
  readonly hash: string;
  /** How it was trained, and what it reached on held-out data. */
  readonly recipe: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, number>>;
}

/** FNV-1a over bytes, 8 hex digits. */
export function hashBytes(bytes: Uint8Array): string {
  let h = 0x811c9dc5;
  for (const byte of bytes) h = Math.imul(h ^ byte, 0x01000193);
  return (h >>> 0).toString(16).padStart(8, '0');
}

/** The weights as one file: every tensor in the order of {@link tensors}, f32 little-endian. */
export function saveTower(
  tower: Tower,
  about: Pick<TowerHeader, 'scale' | 'bias' | 'logBias' | 'recipe' | 'metrics'>,
): { bytes: Uint8Array; header: TowerHeader } {
  validateTower(tower);
  const parts = tensors(tower).map(([, t]) => t);
  const bytes = new Uint8Array(parts.reduce((sum, t) => sum + 4 * t.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts)
    for (const value of part) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  const { dim, slots, embed, dense, rows, quantum } = tower;
  const header: TowerHeader = {
    format: 'halfsecond-tower',
    version: 1,
    features: FEATURE_SIGNATURE,
    dim,
    slots,
    embed,
    dense,
    rows,
    layers: tower.layers.map((l) => l.outputs),
    quantum,
    scale: about.scale,
    bias: about.bias,
    logBias: about.logBias,
    bytes: bytes.length,
    hash: hashBytes(bytes),
    recipe: about.recipe,
    metrics: about.metrics,
  };
  return { bytes, header };
}

/** Reads what {@link saveTower} wrote. Throws LabError where file and header, or header and features, do not agree. */
export function loadTowers(bytes: Uint8Array, json: unknown, where = 'towers.json'): TowerModel {
  const header = json as TowerHeader;
  must(
    typeof json === 'object' && json !== null && header.format === 'halfsecond-tower' && header.version === 1,
    'this is not a version 1 tower header',
    where,
  );
  must(
    header.features === FEATURE_SIGNATURE,
    'these weights were trained on other features; retrain with "lab train towers"',
    where,
  );
  must(
    header.slots === SLOTS && header.dense === DENSE && header.rows === ROWS,
    `the weights want ${header.slots} slots, ${header.dense} dense inputs and ${header.rows} rows; the features have ${SLOTS}, ${DENSE} and ${ROWS}`,
    where,
  );
  must(
    bytes.length === header.bytes,
    `the weights must be ${header.bytes} bytes; there are ${bytes.length}`,
    where,
  );
  const hash = hashBytes(bytes);
  must(
    hash === header.hash,
    `the weights' hash must be ${header.hash}; it is ${hash}: the file is damaged`,
    where,
  );
  must(
    Number.isFinite(header.scale) && header.scale > 0,
    `scale must be above 0; it is ${header.scale}`,
    where,
  );
  for (const name of ['bias', 'logBias'] as const)
    must(Number.isFinite(header[name]), `${name} must be finite; it is ${header[name]}`, where);

  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (count: number): Float32Array => {
    if (at + 4 * count > bytes.length) throw new LabError('the weights end too soon', where);
    const out = new Float32Array(count);
    for (let k = 0; k < count; k++) out[k] = view.getFloat32(at + 4 * k, true);
    at += 4 * count;
    return out;
  };
  const { dim, slots, embed, dense, rows, quantum } = header;
  const embedding = take(rows * embed);
  const wide = take(rows * 2 * dim);
  let inputs = slots * embed + dense;
  const layers = header.layers.map((outputs) => {
    const layer = { inputs, outputs, w: take(inputs * outputs), b: take(outputs) };
    inputs = outputs;
    return layer;
  });
  must(at === bytes.length, `the weights hold ${bytes.length - at} bytes too many`, where);
  const tower: Tower = { dim, slots, embed, dense, rows, embedding, wide, layers, quantum };
  validateTower(tower, where);
  return { tower, scale: header.scale, bias: header.bias, logBias: header.logBias, header, features };
}
