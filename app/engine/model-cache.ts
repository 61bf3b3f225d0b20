import { LabError } from '../../src/base/errors.ts';
import { loadFamily, type FamilyModel } from '../../src/model/layout/save-family.ts';
import { isFamilyScorer, type FamilyModels, type FamilyScorerName } from '../../src/model/serve/families.ts';
import { familyTower } from '../../src/model/serve/family-tower.ts';
import { loadTowers, type TowerModel } from '../../src/model/layout/save-towers.ts';

/**
 * The trained weights that are shipped with the page. Each file is fetched when a scorer first
 * needs it, and again after a failure.
 */
export class ModelCache {
  readonly #base: () => string;
  #towers: Promise<TowerModel> | null = null;
  readonly #families = new Map<FamilyScorerName, Promise<FamilyModel>>();

  /** `base` gives the address beside which the folder `models` lies. */
  constructor(base: () => string) {
    this.#base = base;
  }

  towers(): Promise<TowerModel> {
    this.#towers ??= this.#fetch('towers').then(({ bytes, header }) => loadTowers(bytes, header));
    this.#towers.catch(() => {
      this.#towers = null;
    });
    return this.#towers;
  }

  /** The weights of those `scorers` that are members of the model family. */
  async families(scorers: readonly (string | undefined)[]): Promise<FamilyModels> {
    const names = [...new Set(scorers)].filter((name) => name !== undefined).filter(isFamilyScorer);
    const models = await Promise.all(names.map(async (name) => [name, await this.#family(name)] as const));
    return Object.fromEntries(models);
  }

  /** Replaces the shipped weights. @throws LabError where a tick cannot score with these. */
  put(name: FamilyScorerName, bytes: Uint8Array, header: unknown): FamilyModel {
    const model = loadFamily(bytes, header, 'these weights');
    familyTower(model);
    this.#families.set(name, Promise.resolve(model));
    return model;
  }

  /** Replaces the shipped weights of the two towers. */
  putTowers(bytes: Uint8Array, header: unknown): TowerModel {
    const model = loadTowers(bytes, header, 'these weights');
    this.#towers = Promise.resolve(model);
    return model;
  }

  #family(name: FamilyScorerName): Promise<FamilyModel> {
    let model = this.#families.get(name);
    if (model === undefined) {
      model = this.#fetch(name).then(({ bytes, header }) => loadFamily(bytes, header, `${name}.json`));
      model.catch(() => this.#families.delete(name));
      this.#families.set(name, model);
    }
    return model;
  }

  async #fetch(name: string): Promise<{ bytes: Uint8Array; header: unknown }> {
    const get = async (file: string) => {
      const response = await fetch(new URL(`models/${file}`, this.#base())).catch(() => null);
      if (response?.ok) return response;
      const reason = response === null ? 'no connection' : String(response.status);
      throw new LabError(`${file} could not be loaded (${reason})`);
    };
    const [bytes, header] = await Promise.all([
      get(`${name}.bin`).then((r) => r.arrayBuffer()),
      get(`${name}.json`).then((r) => r.json() as Promise<unknown>),
    ]);
    return { bytes: new Uint8Array(bytes), header };
  }
}
