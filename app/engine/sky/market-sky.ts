import type { Market } from '../../../src/sim/types.ts';
import type { World } from '../../../src/world/types.ts';
import { Projector } from '../../sky/projector.ts';
import { SkyCanvas, type SkyGpu } from '../../sky/sky.ts';

import type { PersonCard, SkyView } from '../api.ts';
import { describePerson, segmentOf } from './person.ts';

/**
 * The sky of one market. It projects the embeddings of each tick and passes the people to the sky.
 * The market may be replaced while the canvas stays.
 */
export class MarketSky {
  readonly #sky: SkyCanvas;
  #view: SkyView;
  readonly #projector = new Projector();
  #unobserve: (() => void) | null = null;
  #world: World | null = null;
  #ids = new Uint32Array(0);
  #waited = new Float32Array(0);
  #left: number[] = [];
  #awake = true;

  constructor(canvas: OffscreenCanvas, view: SkyView, gpu: SkyGpu | null) {
    this.#view = view;
    this.#sky = new SkyCanvas(canvas, view, gpu);
  }

  watch(market: Market | null): void {
    this.#unobserve?.();
    this.#unobserve = null;
    this.#projector.reset();
    this.#left = [];
    this.#world = market?.world ?? null;
    if (market === null) return;
    const { people } = market.world;
    this.#unobserve = market.observe({
      left: (person, _time, reason) => {
        if (reason === 'waiting') this.#left.push(person);
      },
      ticked: ({ matching }, pool) => {
        const { n } = pool;
        const ids = pool.ids.slice(0, n);
        const waited = pool.waited.slice(0, n);
        const columns = {
          country: Uint8Array.from(ids, (id) => people.country[id]),
          gender: Uint8Array.from(ids, (id) => people.gender[id]),
          age: Uint8Array.from(ids, (id) => people.age[id]),
        };
        const vectors = matching.user === undefined || matching.user.length === 0 ? null : matching.user;
        const positions = this.#projector.project({ n, ids, dim: pool.dim, vectors, ...columns });
        const pairs: number[] = [];
        for (let i = 0; i < n; i++) if (matching.mate[i] > i) pairs.push(i, matching.mate[i]);
        this.#ids = ids;
        this.#waited = waited;
        this.#sky.setPeople({
          n,
          ids,
          positions,
          segment: Uint8Array.from(ids, (id) => segmentOf(people, id, this.#view.colourBy)),
          waited,
          pairs: Uint32Array.from(pairs),
          left: Uint32Array.from(this.#left),
        });
        this.#left = [];
        this.#awake = true;
      },
    });
  }

  setView(view: SkyView): void {
    const recolour = view.colourBy !== this.#view.colourBy;
    this.#view = view;
    this.#sky.setView(view);
    const people = this.#world?.people;
    if (recolour && people !== undefined)
      this.#sky.recolour(Uint8Array.from(this.#ids, (id) => segmentOf(people, id, view.colourBy)));
    this.#awake = true;
  }

  /** Draws if something moves or has changed. */
  draw(now: number): void {
    if (this.#awake) this.#awake = this.#sky.draw(now);
  }

  pick(x: number, y: number): PersonCard | null {
    const at = this.#sky.pick(x, y);
    if (at < 0 || this.#world === null || at >= this.#ids.length) return null;
    const id = this.#ids[at];
    const place = this.#sky.locate(id) ?? { x, y };
    return { id, ...place, lines: describePerson(this.#world, id, this.#waited[at]) };
  }

  /** Where a person is drawn, CSS pixels; null where they do not wait. */
  locate(id: number): { x: number; y: number } | null {
    return this.#sky.locate(id);
  }

  lost(): void {
    this.#sky.lost();
  }

  /** Continues with this device. A WebGPU canvas cannot continue without one. */
  restore(gpu: SkyGpu | null): void {
    this.#awake = true;
    this.#sky.restore(gpu);
  }

  resources(): { buffers: number; bufferBytes: number } {
    return this.#sky.resources();
  }

  dispose(): void {
    this.#unobserve?.();
    this.#sky.dispose();
  }
}
