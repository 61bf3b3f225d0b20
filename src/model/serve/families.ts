import { LabError } from '../../base/errors.ts';
import type { MatchBackend } from '../../match/backend.ts';
import type { Tower, TowerInput } from '../layout/tower.ts';
import { taskScorers } from '../../scenario/formula/task-scorers.ts';
import type { Policy } from '../../scenario/schema.ts';
import type { People } from '../../world/types.ts';
import type { FamilyModel } from '../layout/save-family.ts';
import { SUMMARY } from '../layout/tokens.ts';
import { DENSE, SLOTS } from '../layout/features.ts';
import type { Scratch } from './scratch.ts';
import { familyTower, featureTower, summaryVectors } from './family-tower.ts';
import { Histories } from './histories.ts';
import { EmbeddingMemory, type ComputeSessionVectors, type EmbeddingAges } from './embedding-memory.ts';
import { taskTower, vectorTerms, type TaskTerms, type TaskTower } from './tasks/task-terms.ts';
import { sessionVectors } from './transformer.ts';
import { transformerOf } from '../layout/transformer.ts';

/** Members of the family that a policy may score with. */
export const familyScorers = taskScorers;
export type FamilyScorerName = (typeof familyScorers)[number];

/** Trained weights by scorer. Scorers that no policy uses may be missing. */
export type FamilyModels = Partial<Readonly<Record<FamilyScorerName, FamilyModel>>>;

export const isFamilyScorer = (name: string): name is FamilyScorerName =>
  (familyScorers as readonly string[]).includes(name);

/** Age and cost of the session vectors of a tick. */
export interface SessionVectorReport extends EmbeddingAges {
  /** Real ms in the tick: the transformer if synchronous, else waiting for due vectors. */
  readonly inTickMs: number;
  /** Vectors computed since the last such report. */
  readonly computed: number;
}

interface Loaded {
  readonly model: FamilyModel;
  readonly tower: Tower;
  readonly scale: number;
  readonly bias: number;
  /** Towers of the tasks that formulas read. */
  readonly tasks: Map<string, TaskTower>;
}

/** Serves the model family in one market: histories, embedding memory, embed pass inputs. */
export class Families {
  readonly histories: Histories;
  readonly #loaded = new Map<FamilyScorerName, Loaded>();
  #models: FamilyModels = {};
  #memory: EmbeddingMemory | undefined;
  /** Vectors that reports have counted. */
  #reported = 0;

  constructor(people: People, models: FamilyModels = {}) {
    this.histories = new Histories(people);
    this.load(models);
  }

  /** Whether any weights are loaded. Without weights, no history is needed. */
  get wanted(): boolean {
    return Object.keys(this.#models).length > 0;
  }

  /** Adds or replaces weights. */
  load(models: FamilyModels): void {
    for (const name of familyScorers)
      if (models[name] !== undefined && models[name] !== this.#models[name]) {
        this.#loaded.delete(name);
        if (name === 'cupid') this.#memory = undefined;
        this.histories.keep(models[name].config.history);
      }
    this.#models = { ...this.#models, ...models };
  }

  #model(name: FamilyScorerName): Loaded {
    let loaded = this.#loaded.get(name);
    if (loaded === undefined) {
      const model = this.#models[name];
      if (model === undefined)
        throw new LabError(
          `this policy scores with ${name}, but its weights are not loaded; load them or choose another scorer`,
          'policy.scorer',
        );
      this.#loaded.set(name, (loaded = { model, ...familyTower(model), tasks: new Map() }));
    }
    return loaded;
  }

  arrived(person: number): void {
    this.#memory?.arrived(person);
  }

  /** Call it after {@link Histories.ended} of the same chat. */
  finished(person: number): void {
    this.#memory?.finished(person);
  }

  /** Before scoring: updates the memory to what this tick may know. Undefined for other scorers. */
  async prepare(
    policy: Policy,
    waiting: { readonly n: number; readonly ids: Uint32Array },
    now: number,
    backend: MatchBackend,
  ): Promise<SessionVectorReport | undefined> {
    if (!isFamilyScorer(policy.scorer)) return undefined;
    const { model } = this.#model(policy.scorer);
    if (model.config.session !== 'transformer') return undefined;
    const memory = (this.#memory ??= new EmbeddingMemory(
      transformerOf(model.config, model.embedders),
      featureTower(model.config, model.embedders),
      this.histories,
    ));
    const began = performance.now();
    const { ids, n } = waiting;
    if (policy.sessionSync === 'on') await memory.refresh(ids, n, now, computeOn(backend));
    else await memory.settle(ids, n, now, policy.sessionDelay, computeOn(backend));
    const inTickMs = performance.now() - began;
    const computed = memory.computed - this.#reported;
    this.#reported = memory.computed;
    return { ...memory.state(ids, n, now), inTickMs, computed };
  }

  /** Between ticks: starts computing the vectors of people who arrived or finished a match. */
  dispatch(policy: Policy, backend: MatchBackend): void {
    if (policy.scorer !== 'cupid') {
      this.#memory = undefined;
      this.#reported = 0;
    } else if (policy.sessionSync === 'off') this.#memory?.dispatch(computeOn(backend));
  }

  /** Resolves when all vectors requested between two ticks are computed. */
  async settled(): Promise<void> {
    await this.#memory?.idle();
  }

  /** The embed pass's inputs for `ids[0..n)`. */
  inputs(
    name: FamilyScorerName,
    ids: Uint32Array,
    n: number,
    scratch: Scratch,
  ): Pick<Loaded, 'tower' | 'scale' | 'bias'> & { input: TowerInput } {
    const { model, tower, scale, bias } = this.#model(name);
    const { config } = model;
    const sparse = scratch.u32('sparse', n * SLOTS);
    const dense = scratch.f32('dense', n * DENSE);
    this.histories.fill(ids, n, sparse, dense);
    const base = { tower, sparse, dense };
    if (config.session === 'none') return { tower, scale, bias, input: base };
    let session: Float32Array;
    if (config.session === 'transformer') {
      session = scratch.f32('session', n * config.size);
      if (this.#memory === undefined) session.fill(0);
      else this.#memory.read(ids, n, session);
    } else {
      const summary = scratch.f32('summary', n * SUMMARY);
      for (let k = 0; k < n; k++) summary.set(this.histories.of(ids[k]).sums.summarise(), k * SUMMARY);
      session = summaryVectors(config, model.embedders, summary, n);
    }
    return { tower, scale, bias, input: { ...base, session } };
  }

  /** The tasks besides the length that the weights of a scorer predict. */
  tasksOf(name: FamilyScorerName): readonly string[] {
    return this.#model(name).model.config.tasks.filter((task) => task !== 'duration');
  }

  /**
   * The vectors of tasks of `ids[0..n)` as terms of a formula, after `first` other terms.
   * @throws LabError where the weights were not trained on one of the tasks.
   */
  taskTerms(
    name: FamilyScorerName,
    tasks: readonly string[],
    ids: Uint32Array,
    n: number,
    first: number,
    scratch: Scratch,
  ): TaskTerms {
    if (tasks.length === 0) return { heads: [], values: new Float32Array(0) };
    const { model, tasks: known } = this.#model(name);
    const towers = tasks.map((task) => {
      const tower = known.get(task) ?? taskTower(model, task);
      known.set(task, tower);
      return tower;
    });
    return vectorTerms(towers, this.inputs(name, ids, n, scratch).input, n, first);
  }
}

/** Uses the backend if it can compute session vectors, else the CPU reference. */
function computeOn(backend: MatchBackend): ComputeSessionVectors {
  return async (net, batch) =>
    backend.sessionVectors === undefined ? sessionVectors(net, batch) : backend.sessionVectors(net, batch);
}
