import { must } from '../../base/errors.ts';
import { FEATURE_SIGNATURE } from '../features.ts';
import type { Blocks } from '../train/trainer.ts';
import { hashBytes } from '../serve/towers.ts';
import { isHead, type FamilyConfig } from './config.ts';
import { familyShapes } from './shapes.ts';

/** A trained member of the family, ready to embed and to predict; shapes as in {@link familyShapes}. */
export interface FamilyModel {
  readonly name: string;
  readonly config: FamilyConfig;
  /** All that embeds people: Wide&Deep and, where the member has one, the session part. */
  readonly blocks: Blocks;
  /** The prediction layers in use. */
  readonly heads: Blocks;
  readonly header: FamilyHeader;
}

/** What stands in `public/models/<name>.json` beside the weights. */
export interface FamilyHeader {
  readonly format: 'halfsecond-family';
  readonly version: 1;
  readonly name: string;
  /** FEATURE_SIGNATURE of the code that trained it. */
  readonly features: string;
  readonly config: FamilyConfig;
  readonly seed: number;
  /** Every tensor of the file, in its order. */
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** Bytes of the weights file, and its FNV-1a hash as 8 hex digits. */
  readonly bytes: number;
  readonly hash: string;
  /** How it was trained: worlds, split, steps. */
  readonly recipe: Readonly<Record<string, unknown>>;
  /** What it reached on held-out data. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Loss by step, of training and of later chats; phase 1, then phase 2. */
  readonly curve: readonly CurvePoint[];
}

export interface CurvePoint {
  readonly phase: 1 | 2;
  readonly step: number;
  readonly loss: number;
  readonly validation: number;
}

/**
 * The weights as one file: every tensor in the order of {@link familyShapes}, f32 little-endian. Throws LabError where a tensor is missing,
 * of another shape, or not finite.
 */
export function saveFamily(
  name: string,
  config: FamilyConfig,
  { blocks, heads }: Pick<FamilyModel, 'blocks' | 'heads'>,
  about: Pick<FamilyHeader, 'recipe' | 'metrics' | 'curve'>,
): { bytes: Uint8Array; header: FamilyHeader } {
  const tensors = Object.entries(familyShapes(config)).map(([tensor, shape]) => ({ name: tensor, shape }));
  const bytes = new Uint8Array(4 * tensors.reduce((sum, { shape }) => sum + countOf(shape), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { name: tensor, shape } of tensors) {
    const block = (isHead(tensor) ? heads : blocks)[tensor];
    must(block !== undefined, `${name} has no tensor ${tensor}`);
    must(
      block.shape.join() === shape.join() && block.data.length === countOf(shape),
      `${name}: ${tensor} must be ${shape.join(' x ')}; it is ${block.shape.join(' x ')}`,
    );
    block.data.forEach((value, k) => {
      must(Number.isFinite(value), `${name}: ${tensor}[${k}] must be finite; it is ${value}`);
      view.setFloat32(at, value, true);
      at += 4;
    });
  }
  const header: FamilyHeader = {
    format: 'halfsecond-family',
    version: 1,
    name,
    features: FEATURE_SIGNATURE,
    config,
    seed: config.seed,
    tensors,
    bytes: bytes.length,
    hash: hashBytes(bytes),
    ...about,
  };
  return { bytes, header };
}

const countOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

const sessions: readonly unknown[] = ['none', 'summary', 'transformer'];

/** Reads what {@link saveFamily} wrote. Throws LabError where file and header, or header and features, do not agree. */
export function loadFamily(bytes: Uint8Array, json: unknown, where = 'family.json'): FamilyModel {
  const header = json as FamilyHeader;
  must(
    typeof json === 'object' &&
      json !== null &&
      header.format === 'halfsecond-family' &&
      header.version === 1 &&
      Array.isArray(header.tensors) &&
      sessions.includes(header.config?.session),
    'this is not a version 1 header of the model family',
    where,
  );
  const { name, config, tensors } = header;
  must(
    header.features === FEATURE_SIGNATURE,
    `these weights were trained on other features; retrain with "lab train ${name}"`,
    where,
  );
  const list = (named: readonly { name: string; shape: readonly number[] }[]): string =>
    named.map((t) => `${t.name}[${t.shape.join('x')}]`).join(' ');
  const wanted = Object.entries(familyShapes(config)).map(([tensor, shape]) => ({ name: tensor, shape }));
  must(
    list(tensors) === list(wanted),
    `the tensors of ${name} must be ${list(wanted)}; they are ${list(tensors)}`,
    where,
  );
  const size = 4 * wanted.reduce((sum, { shape }) => sum + countOf(shape), 0);
  must(
    header.bytes === size && bytes.length === size,
    `the weights must be ${size} bytes; there are ${bytes.length}, and the header speaks of ${header.bytes}`,
    where,
  );
  const hash = hashBytes(bytes);
  must(
    hash === header.hash,
    `the weights' hash must be ${header.hash}; it is ${hash}: the file is damaged`,
    where,
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Record<'blocks' | 'heads', Record<string, Blocks[string]>> = { blocks: {}, heads: {} };
  let at = 0;
  for (const { name: tensor, shape } of wanted) {
    const data = new Float32Array(countOf(shape));
    for (let k = 0; k < data.length; k++, at += 4) {
      data[k] = view.getFloat32(at, true);
      must(Number.isFinite(data[k]), `${tensor}[${k}] must be finite; it is ${data[k]}`, where);
    }
    parts[isHead(tensor) ? 'heads' : 'blocks'][tensor] = { shape, data };
  }
  return { name, config, header, ...parts };
}
