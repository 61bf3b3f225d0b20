import { readFile } from 'node:fs/promises';
import { LabError } from '../base/errors.ts';
import { loadTowers, type TowerModel } from '../model/towers.ts';

/** Where the shipped weights lie. */
export const modelFolder = new URL('../../public/models/', import.meta.url);

/** The shipped two-tower weights, for Node. */
export async function loadShippedTowers(folder: URL = modelFolder): Promise<TowerModel> {
  const read = async (name: string) => {
    try {
      return await readFile(new URL(name, folder));
    } catch {
      throw new LabError(`${name} is missing; make it with "lab train towers"`, folder.pathname);
    }
  };
  const [bytes, header] = await Promise.all([read('towers.bin'), read('towers.json')]);
  return loadTowers(bytes, JSON.parse(header.toString()) as unknown);
}
