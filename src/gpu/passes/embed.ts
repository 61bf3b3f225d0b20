import type { Tower, TowerInput } from '../../match/types.ts';
import { clampOf } from '../../model/tower.ts';
import type { GpuClock } from '../clock.ts';
import type { GpuDevice } from '../device.ts';
import type { Kernel } from '../kernel.ts';
import { uniformBytes } from '../kernel.ts';
import type { Tables } from '../tables.ts';

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
 * Floor: n x (sum over layers of inputs x outputs) multiply-adds; per person and layer, inputs x 4 bytes read for every four outputs.
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

    const encoder = gpu.device.createCommandEncoder({ label: 'embed' });
    const pass = encoder.beginComputePass(clock.pass('embed'));
    const bindings = {
      sparse,
      dense,
      embedding: gpu.pool.storage('embedding', 4),
      wide: gpu.pool.storage('wide', 4),
      parameters: gpu.pool.storage('parameters', 4),
      session,
    };
    const groups = Math.ceil(n / 64);
    const uniform = (layer: PlacedLayer, rectify: boolean, wide: boolean) =>
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
        }),
      );
    let [from, to] = [ping, pong];
    this.gather.dispatch(
      pass,
      { ...bindings, layer: uniform(this.#layers[0], false, false), output: from },
      groups,
      this.#layers[0].inputs,
    );
    const last = this.#layers.length - 1;
    this.#layers.forEach((layer, l) => {
      this.forward.dispatch(
        pass,
        { ...bindings, layer: uniform(layer, l < last, false), input: from, output: to },
        groups,
        layer.outputs,
      );
      [from, to] = [to, from];
    });
    if (head !== undefined) {
      const whole = uniform(this.#layers[last], false, true);
      this.combine.dispatch(
        pass,
        { ...bindings, layer: whole, input: from, output: to },
        groups,
        head.inputs,
      );
      this.forward.dispatch(
        pass,
        { ...bindings, layer: uniform(head, false, false), input: to, output: from },
        groups,
        head.outputs,
      );
    }
    this.finish.dispatch(
      pass,
      {
        ...bindings,
        layer: uniform(head ?? this.#layers[last], false, head === undefined),
        input: from,
        output: tables.bindings.vectors,
      },
      groups,
      2 * tables.planes,
    );
    pass.end();
    gpu.uniforms.flush();
    queue.submit([encoder.finish()]);
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
