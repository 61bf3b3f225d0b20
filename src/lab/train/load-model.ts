import { readFile } from 'node:fs/promises';
import { LabError } from '../../base/errors.ts';
import { decodeText } from '../../base/text/decode.ts';
import { fileOf } from '../../model/layout/recipes.ts';
import { loadFamily } from '../../model/layout/save-family.ts';
import { isFamilyScorer, type FamilyModels } from '../../model/serve/families.ts';
import { loadTowers, type TowerModel } from '../../model/layout/save-towers.ts';
import { parseJson } from '../cli/json-text.ts';

/** The folder of the shipped weights. */
export const modelFolder = new URL('../../../public/models/', import.meta.url);

/** The shipped two-tower weights, for Node. */
export async function loadShippedTowers(folder: URL = modelFolder): Promise<TowerModel> {
  const { bytes, json } = await loadShipped('towers', folder);
  return loadTowers(bytes, json);
}

/** The shipped weights of those scorers that belong to the model family. */
export async function loadShippedFamilies(
  scorers: readonly (string | undefined)[],
  folder: URL = modelFolder,
): Promise<FamilyModels> {
  const names = [...new Set(scorers)].filter((name) => name !== undefined).filter(isFamilyScorer);
  const models = names.map(async (name) => {
    const { bytes, json } = await loadShipped(name, folder);
    return [name, loadFamily(bytes, json, `${name}.json`)] as const;
  });
  return Object.fromEntries(await Promise.all(models));
}

/** The shipped files of a model: weights, and the header as parsed JSON. */
export async function loadShipped(
  model: string,
  folder: URL = modelFolder,
): Promise<{ bytes: Uint8Array; json: unknown }> {
  const read = async (name: string) => {
    try {
      return await readFile(new URL(name, folder));
    } catch {
      throw new LabError(`${name} is missing; make it with "lab train '${model}'"`, folder.pathname);
    }
  };
  const file = fileOf(model);
  const [bytes, header] = await Promise.all([read(`${file}.bin`), read(`${file}.json`)]);
  const name = `${file}.json`;
  return { bytes, json: parseJson(decodeText(header, name), name).value };
}
