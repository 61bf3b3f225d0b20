import { clampOf } from '../../../model/layout/tower.ts';
import type { Tower, TowerInput } from '../../../model/layout/tower.ts';
import { pieces } from '../../batch/submission-batcher.ts';
import type { SubmissionBatcher } from '../../batch/submission-batcher.ts';
import { GrowingBuffer } from '../../buffers.ts';
import type { GpuDevice } from '../../device.ts';
import type { Kernel } from '../../kernel.ts';
import { WORKGROUP } from '../../kernel.ts';
import { shaders } from '../../shaders.ts';
import type { GpuTick } from '../../tick/upload.ts';

/** People per invocation of a dense layer. */
const FOLD = 4;

const entries = ['gather', 'forward', 'combine', 'finish'] as const;
type Entry = (typeof entries)[number];

/** A layer in `parameters`: sizes and offsets in vec4. */
interface PlacedLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weightsAt: number;
  readonly biasesAt: number;
}

/** A tower on the GPU. */
interface PlacedTower {
  readonly tower: Tower;
  readonly layers: readonly PlacedLayer[];
  /** Computes both vectors from an embedding, if the tower has it: a layer without biases. */
  readonly head: PlacedLayer | undefined;
  /** Widest input or output, in vec4. */
  readonly width: number;
}

/** One kernel over all people. */
interface Work {
  readonly entry: Entry;
  readonly layer: PlacedLayer;
  readonly input: GPUBuffer;
  readonly output: GPUBuffer;
  /** Invocations per person, and multiply-adds of each. */
  readonly columns: number;
  readonly cost: number;
  readonly rectify?: boolean;
  /** Adds the wide rows. */
  readonly wide?: boolean;
}

/**
 * Embeds everyone on the GPU: integer-valued user and peer vectors in the tick's `vectors`. Uploads
 * the tower when it changes.
 *
 * Floor: n x (sum over layers of inputs x outputs) multiply-adds; per person and layer, inputs x 4
 * bytes read for every four outputs, and a quarter of the weights.
 */
export class EmbedPass {
  #placed: PlacedTower | undefined;
  readonly #buffers: ReturnType<typeof embedBuffers>;

  private constructor(
    readonly gpu: GpuDevice,
    readonly kernels: Record<Entry, Kernel>,
  ) {
    this.#buffers = embedBuffers(gpu);
  }

  static async create(gpu: GpuDevice): Promise<EmbedPass> {
    return new EmbedPass(gpu, await gpu.kernels(shaders.embed, entries));
  }

  /** Uploads the inputs and writes `vectors`. */
  encode(batch: SubmissionBatcher, tick: GpuTick, input: TowerInput): void {
    batch.enter('embed');
    const { tower } = input;
    const { n, planes } = tick.shape;
    if (this.#placed?.tower !== tower) this.#placed = this.#place(batch, tower);
    const { layers, head, width } = this.#placed;
    const inputs = this.#inputs(batch, tick, input, head);
    let from = this.#buffers.ping.atLeast(n * width * 16);
    let to = this.#buffers.pong.atLeast(n * width * 16);
    const run = (work: Omit<Work, 'input' | 'output'>, output = to) => {
      this.#run(batch, tick, tower, inputs, { ...work, input: from, output });
      [from, to] = [to, from];
    };
    const lookUp = 16 * (1 + tower.slots);
    const last = layers[layers.length - 1];
    run({ entry: 'gather', layer: layers[0], columns: layers[0].inputs, cost: 64 });
    for (const layer of layers)
      run({
        entry: 'forward',
        layer,
        columns: layer.outputs,
        cost: 16 * layer.inputs,
        rectify: layer !== last,
      });
    if (head !== undefined) {
      run({ entry: 'combine', layer: last, columns: head.inputs, cost: lookUp, wide: true });
      run({ entry: 'forward', layer: head, columns: head.outputs, cost: 16 * head.inputs });
    }
    run(
      {
        entry: 'finish',
        layer: head ?? last,
        columns: 2 * planes,
        cost: lookUp,
        wide: head === undefined,
      },
      tick.buffers.vectors,
    );
  }

  #inputs(batch: SubmissionBatcher, { shape, buffers }: GpuTick, input: TowerInput, head?: PlacedLayer) {
    const { n } = shape;
    const { tower } = input;
    const { embedding, wide, parameters, ...own } = this.#buffers;
    const sparse = own.sparse.atLeast(n * tower.slots * 4);
    batch.load(sparse, input.sparse.subarray(0, n * tower.slots));
    const dense = own.dense.atLeast(n * tower.dense * 4);
    batch.load(dense, input.dense.subarray(0, n * tower.dense));
    const sessionBytes = n * (head?.inputs ?? 0) * 16;
    const session = own.session.atLeast(sessionBytes);
    if (input.session === undefined) batch.clear(session, sessionBytes);
    else if (head !== undefined) batch.load(session, input.session.subarray(0, n * head.inputs * 4));
    return {
      order: buffers.order,
      sparse,
      dense,
      session,
      embedding: embedding.atLeast(0),
      wide: wide.atLeast(0),
      parameters: parameters.atLeast(0),
    };
  }

  /**
   * Encodes one kernel over all people, as many workgroups at a time as one submission has room
   * for.
   */
  #run(
    batch: SubmissionBatcher,
    { shape }: GpuTick,
    tower: Tower,
    inputs: Readonly<Record<string, GPUBuffer>>,
    { entry, layer, input, output, columns, cost, rectify = false, wide = false }: Work,
  ): void {
    const { n, planes, stride } = shape;
    const kernel = this.kernels[entry];
    const kind = { name: `embed ${entry}`, initialRate: this.gpu.scoringRate / 4, steady: true };
    const group = entry === 'forward' ? FOLD * WORKGROUP : WORKGROUP;
    const groupCost = group * columns * cost;
    for (const { from, size } of pieces(Math.ceil(n / group), groupCost, batch.room(kind)))
      batch.step(size * groupCost, kind, (pass) => {
        const uniform = this.gpu.uniforms.put(shaders.embed, 'layer', {
          n,
          slots: tower.slots,
          embed: tower.embed,
          dense: tower.dense,
          inputs: layer.inputs,
          outputs: layer.outputs,
          weights_at: layer.weightsAt,
          biases_at: layer.biasesAt,
          rectify: rectify ? 1 : 0,
          planes,
          stride,
          quantum: tower.quantum,
          limit: clampOf(tower),
          wide_slots: wide ? tower.slots : 0,
          first: group * from,
        });
        const bindings = { ...inputs, layer: uniform, input, output };
        kernel.dispatch(pass, bindings, size, columns);
      });
  }

  /** Pads every layer with zeros to multiples of four and uploads all weights. */
  #place(batch: SubmissionBatcher, tower: Tower): PlacedTower {
    const sources = [...tower.layers];
    if (tower.head !== undefined)
      sources.push({ ...tower.head, outputs: 2 * tower.dim, b: new Float32Array(2 * tower.dim) });
    const layers: PlacedLayer[] = [];
    let at = 0;
    for (const source of sources) {
      const [inputs, outputs] = [Math.ceil(source.inputs / 4), Math.ceil(source.outputs / 4)];
      const biasesAt = at + 4 * inputs * outputs;
      layers.push({ inputs, outputs, weightsAt: at, biasesAt });
      at = biasesAt + outputs;
    }
    const parameters = new Float32Array(4 * at);
    sources.forEach(({ inputs, outputs, w, b }, l) => {
      const { weightsAt, biasesAt, outputs: padded } = layers[l];
      for (let k = 0; k < inputs; k++)
        parameters.set(w.subarray(k * outputs, (k + 1) * outputs), 4 * (weightsAt + k * padded));
      parameters.set(b, 4 * biasesAt);
    });
    const write = (buffer: GrowingBuffer, data: Float32Array) =>
      batch.write(buffer.atLeast(data.byteLength), data);
    write(this.#buffers.parameters, parameters);
    write(this.#buffers.embedding, tower.embedding);
    write(this.#buffers.wide, tower.wide);
    const width = Math.max(...layers.flatMap((l) => [l.inputs, l.outputs]));
    const head = tower.head === undefined ? undefined : layers.pop();
    return { tower, layers, head, width };
  }
}

function embedBuffers({ registry }: GpuDevice) {
  const make = (name: string) => new GrowingBuffer(registry, `embed ${name}`);
  return {
    // The tower.
    embedding: make('embedding'),
    wide: make('wide'),
    parameters: make('parameters'),
    // The inputs of one tick.
    sparse: make('sparse'),
    dense: make('dense'),
    session: make('session'),
    // Activations: the input of a layer and its output.
    ping: make('activations'),
    pong: make('next activations'),
  };
}
