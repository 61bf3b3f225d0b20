import { must } from '../../base/errors.ts';
import { isHead, type FamilyConfig } from './config.ts';
import { FEATURE_SIGNATURE } from './features.ts';
import { elementCount, familyShapes, type Tensor, type Tensors } from './tensors.ts';
import {
  fileCheck,
  floatReader,
  mustBeHeader,
  mustFit,
  writeFloats,
  type CurvePoint,
  type WeightsFile,
  type WeightsHeader,
} from './weights-file.ts';

/** A trained member of the family; shapes as in {@link familyShapes}. */
export interface FamilyModel {
  readonly name: string;
  readonly config: FamilyConfig;
  /** Everything that embeds people: Wide&Deep and, if the member has one, the session part. */
  readonly embedders: Tensors;
  /** The prediction layers in use. */
  readonly heads: Tensors;
  readonly header: FamilyHeader;
}

/** The content of `public/models/<name>.json`, beside the weights. */
export interface FamilyHeader extends WeightsHeader<'halfsecond-family'> {
  readonly name: string;
  /** FEATURE_SIGNATURE of the code that trained it. */
  readonly features: string;
  readonly config: FamilyConfig;
  readonly seed: number;
  /** Every tensor of the file, in its order. */
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly curve: readonly CurvePoint[];
}

const format = 'halfsecond-family';

const tensorList = (config: FamilyConfig): FamilyHeader['tensors'] =>
  Object.entries(familyShapes(config)).map(([name, shape]) => ({ name, shape }));

/**
 * The weights as one file: every tensor in the order of {@link familyShapes}, f32 little-endian.
 * Throws LabError if a tensor is missing, of another shape, or not finite.
 */
export function saveFamily(
  name: string,
  config: FamilyConfig,
  { embedders, heads }: Pick<FamilyModel, 'embedders' | 'heads'>,
  about: Pick<FamilyHeader, 'recipe' | 'metrics' | 'curve'>,
): WeightsFile<FamilyHeader> {
  const tensors = tensorList(config);
  const bytes = writeFloats(
    tensors.map(({ name: tensor, shape }) => {
      const block = (isHead(tensor) ? heads : embedders)[tensor];
      must(block !== undefined, `${name} has no tensor ${tensor}`);
      must(
        block.shape.join() === shape.join() && block.data.length === elementCount(shape),
        `${name}: ${tensor} must be ${shape.join(' x ')}; it is ${block.shape.join(' x ')}`,
      );
      return [tensor, block.data] as const;
    }),
  );
  const header: FamilyHeader = {
    format,
    version: 1,
    name,
    features: FEATURE_SIGNATURE,
    config,
    seed: config.seed,
    tensors,
    ...fileCheck(bytes),
    ...about,
  };
  return { bytes, header };
}

const sessionKinds: readonly unknown[] = ['none', 'summary', 'transformer'];

const listed = (tensors: FamilyHeader['tensors']): string =>
  tensors.map((t) => `${t.name}[${t.shape.join('x')}]`).join(' ');

/** Reads what {@link saveFamily} wrote. Throws LabError if file, header and features disagree. */
export function loadFamily(bytes: Uint8Array, json: unknown, where = 'family.json'): FamilyModel {
  mustBeHeader(json, format, where);
  const header = json as FamilyHeader;
  const { name, config, tensors } = header;
  must(
    Array.isArray(tensors) && sessionKinds.includes(config?.session),
    'the header must list its tensors and its configuration',
    where,
  );
  must(
    header.features === FEATURE_SIGNATURE,
    `these weights were trained on other features; retrain with "lab train ${name}"`,
    where,
  );
  const wanted = tensorList(config);
  must(
    listed(tensors) === listed(wanted),
    `the tensors of ${name} must be ${listed(wanted)}; they are ${listed(tensors)}`,
    where,
  );
  mustFit(bytes, header, 4 * wanted.reduce((sum, { shape }) => sum + elementCount(shape), 0), where);
  const take = floatReader(bytes, where);
  const parts: Record<'embedders' | 'heads', Record<string, Tensor>> = { embedders: {}, heads: {} };
  for (const { name: tensor, shape } of wanted)
    parts[isHead(tensor) ? 'heads' : 'embedders'][tensor] = {
      shape,
      data: take(tensor, elementCount(shape)),
    };
  return { name, config, header, ...parts };
}
