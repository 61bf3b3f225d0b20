import { type Tower, type TowerInput, clampOf } from '../../model/layout/tower.ts';
import type { GpuClock } from '../clock.ts';
import type { GpuDevice } from '../device.ts';
import type { Kernel } from '../kernel.ts';
import { uniformBytes } from '../kernel.ts';
import { pieces, Sweeps } from '../sweeps.ts';
import type { Tables } from '../tables.ts';

/** People of a workgroup (SIZE in embed.wgsl). */
const GROUP = 64;
/** People of one invocation in a dense layer. */
const FOLD = 4;

/** What a kernel does. */
interface Work {
  readonly layer: PlacedLayer;
  readonly rectify?: boolean;
  /** Wide rows are added. */
  readonly wide?: boolean;
}

/** A layer in the padded table of parameters: offsets in vec4. */
interface PlacedLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weightsAt: number;
  readonly biasesAt: number;
}

/**
 * The two towers on the GPU: integer-valued `user` and `peer` vectors into the table `vectors`. The tower itself is uploaded when it
 * changes.
 *
 * Floor: n x (sum over layers of inputs x outputs) multiply-adds; per person and layer, inputs x 4 bytes read for every four outputs, and a
 * quarter of the weights.
 */
export class EmbedPass {
  #tower: Tower | undefined;
  #layers: PlacedLayer[] = [];
  /** What makes both vectors of an embedding, where the tower has it: a layer of its own, without biases. */
  #head: PlacedLayer | undefined;
  private constructor(
    readonly gpu: GpuDevice,
    readonly gather: Kernel,
    readonly forward: Kernel,
    readonly combine: Kernel,
    readonly finish: Kernel,
  ) {}

  static async create(gpu: GpuDevice): Promise<EmbedPass> {
    const [gather, forward, combine, finish] = await Promise.all(
      ['gather', 'forward', 'combine', 'finish'].map((entry) => gpu.kernel('embed', entry)),
    );
    return new EmbedPass(gpu, gather, forward, combine, finish);
  }

  /** Uploads the inputs in the order of the tables, computes and writes `vectors`. */
  submit(tables: Tables, input: TowerInput, clock: GpuClock): void {
    const { gpu } = this;
    const { n, order } = tables;
    const { tower } = input;
    if (this.#tower !== tower) this.#place(tower);
    const { queue } = gpu.device;
    const sparse = gpu.pool.storage('sparse', n * tower.slots * 4);
    queue.writeBuffer(sparse, 0, gathered(input.sparse, order, tower.slots));
    const dense = gpu.pool.storage('dense', Math.max(1, n * tower.dense) * 4);
    queue.writeBuffer(dense, 0, gathered(input.dense, order, tower.dense));
    const head = this.#head;
    const session = gpu.pool.storage('session', head === undefined ? 4 : n * head.inputs * 16);
    if (head !== undefined)
      queue.writeBuffer(
        session,
        0,
        input.session === undefined
          ? new Float32Array(n * head.inputs * 4)
          : gathered(input.session, order, head.inputs * 4),
      );
    const width = Math.max(
      ...[...this.#layers, ...(head === undefined ? [] : [head])].flatMap((l) => [l.inputs, l.outputs]),
    );
    const ping = gpu.pool.storage('activations', n * width * 16);
    const pong = gpu.pool.storage('activations-next', n * width * 16);

    const sweeps = new Sweeps(gpu, clock, 'embed', gpu.rate);
    const bindings = {
      sparse,
      dense,
      embedding: gpu.pool.storage('embedding', 4),
      wide: gpu.pool.storage('wide', 4),
      parameters: gpu.pool.storage('parameters', 4),
      session,
    };
    const uniform = ({ layer, rectify = false, wide = false }: Work, first: number) =>
      gpu.uniforms.put(
        uniformBytes('embed', 'layer', {
          n,
          slots: tower.slots,
          embed: tower.embed,
          dense: tower.dense,
          inputs: layer.inputs,
          outputs: layer.outputs,
          weights_at: layer.weightsAt,
          biases_at: layer.biasesAt,
          rectify: rectify ? 1 : 0,
          planes: tables.planes,
          stride: tables.stride,
          quantum: tower.quantum,
          limit: clampOf(tower),
          wide_slots: wide ? tower.slots : 0,
          first,
        }),
      );
    // A kernel of so many invocations of so many multiply-adds per person, on workgroups of people, as many at a time as one submission has room for.
    const run = (
      kernel: Kernel,
      wide: number,
      cost: number,
      work: Work,
      input: GPUBuffer,
      output: GPUBuffer,
    ) => {
      const kind = { name: `embed ${kernel.entry}`, start: gpu.rate / 4, steady: true };
      const group = kernel === this.forward ? FOLD * GROUP : GROUP;
      const groupCost = group * wide * cost;
      for (const { from, size } of pieces(Math.ceil(n / group), groupCost, sweeps.room(kind)))
        sweeps.step(
          size * groupCost,
          (pass) =>
            kernel.dispatch(
              pass,
              { ...bindings, layer: uniform(work, group * from), input, output },
              size,
              wide,
            ),
          kind,
        );
    };
    const lookUp = 16 * (1 + tower.slots);
    let [from, to] = [ping, pong];
    run(this.gather, this.#layers[0].inputs, 64, { layer: this.#layers[0] }, to, from);
    const last = this.#layers.length - 1;
    this.#layers.forEach((layer, l) => {
      run(this.forward, layer.outputs, 16 * layer.inputs, { layer, rectify: l < last }, from, to);
      [from, to] = [to, from];
    });
    if (head !== undefined) {
      run(this.combine, head.inputs, lookUp, { layer: this.#layers[last], wide: true }, from, to);
      run(this.forward, head.outputs, 16 * head.inputs, { layer: head }, to, from);
    }
    const whole = { layer: head ?? this.#layers[last], wide: head === undefined };
    run(this.finish, 2 * tables.planes, lookUp, whole, from, tables.bindings.vectors as GPUBuffer);
    sweeps.submit();
  }

  /** Pads every layer to multiples of four with zeros and uploads all weights. */
  #place(tower: Tower): void {
    const { gpu } = this;
    const layers = [...tower.layers];
    if (tower.head !== undefined)
      layers.push({ ...tower.head, outputs: 2 * tower.dim, b: new Float32Array(2 * tower.dim) });
    this.#layers = [];
    let at = 0;
    for (const { inputs, outputs } of layers) {
      const placed = { inputs: Math.ceil(inputs / 4), outputs: Math.ceil(outputs / 4) };
      const weightsAt = at;
      const biasesAt = at + 4 * placed.inputs * placed.outputs;
      this.#layers.push({ ...placed, weightsAt, biasesAt });
      at = biasesAt + placed.outputs;
    }
    const parameters = new Float32Array(4 * at);
    layers.forEach(({ inputs, outputs, w, b }, l) => {
      const placed = this.#layers[l];
      for (let k = 0; k < inputs; k++)
        parameters.set(
          w.subarray(k * outputs, (k + 1) * outputs),
          4 * (placed.weightsAt + k * placed.outputs),
        );
      parameters.set(b, 4 * placed.biasesAt);
    });
    this.#head = tower.head === undefined ? undefined : this.#layers.pop();
    const write = (name: string, data: Float32Array) =>
      gpu.device.queue.writeBuffer(
        gpu.pool.storage(name, data.byteLength),
        0,
        data as Float32Array<ArrayBuffer>,
      );
    write('parameters', parameters);
    write('embedding', tower.embedding);
    write('wide', tower.wide);
    this.#tower = tower;
  }
}

function gathered<T extends Float32Array | Uint32Array>(
  rows: T,
  order: Uint32Array,
  width: number,
): T & { buffer: ArrayBuffer } {
  const out =
    rows instanceof Float32Array
      ? new Float32Array(order.length * width)
      : new Uint32Array(order.length * width);
  for (let k = 0; k < order.length; k++)
    for (let c = 0; c < width; c++) out[k * width + c] = rows[order[k] * width + c];
  return out as unknown as T & { buffer: ArrayBuffer };
}
