import {
  type TokenBatch,
  type Transformer,
  NORM_EPSILON,
  validateTokens,
} from '../../model/layout/transformer.ts';
import type { GpuDevice } from '../device.ts';
import { uniformBytes } from '../kernel.ts';
import type { Bindings, Kernel } from '../kernel.ts';
import { Readback } from '../readback.ts';
import { SUBMISSION_MS } from '../sweeps.ts';

const NONE = 0xffffffff;
const kernels = ['tokens', 'normalise', 'product', 'attend', 'pick'] as const;
type KernelName = (typeof kernels)[number];

/** Where a block's tensors begin in the table of parameters, in vec4; keys and values are one matrix. */
type PlacedLayer = Readonly<
  Record<'g' | 'gb' | 'q' | 'kv' | 'o' | 'h' | 'hb' | 'm' | 'mb' | 'n' | 'nb', number>
>;

interface Placed {
  readonly tokenSelf: number;
  readonly tokenPartner: number;
  readonly tokenOutcome: number;
  readonly tokenGate: number;
  readonly place: number;
  readonly layers: readonly PlacedLayer[];
  readonly out: number;
}

/** One dispatch: values of the uniform, what is bound, how many columns of invocations. */
interface Step {
  readonly kernel: KernelName;
  readonly values: Readonly<Record<string, number>>;
  readonly bound: Bindings;
  readonly columns: number;
}

/**
 * The causal transformer on the GPU, outside the tick: e_session of a batch of people. Histories are sorted by length, so that neighbours in
 * a workgroup have the same to do, and cut into submissions that stay short.
 *
 * Floor, size d, T tokens of a person: tokens T d (d + 16), keys and values 2 T d^2, attention 3 T d (of the last token; T^2 d of all of them in
 * every block but the last), the rest 7 d^2; bytes: T (d + 8) x 4 uploaded.
 */
export class TransformerPass {
  #net: Transformer | undefined;
  #placed: Placed | undefined;

  private constructor(
    readonly gpu: GpuDevice,
    readonly kernels: Readonly<Record<KernelName, Kernel>>,
  ) {}

  static async create(gpu: GpuDevice): Promise<TransformerPass> {
    const made = await Promise.all(kernels.map((entry) => gpu.kernel('transformer', entry)));
    return new TransformerPass(
      gpu,
      Object.fromEntries(kernels.map((name, k) => [name, made[k]])) as Record<KernelName, Kernel>,
    );
  }

  /** e_session after the last token, f32[count][size], in the batch's order. Call it within error scopes; await the result outside. */
  submit(net: Transformer, batch: TokenBatch): Promise<Float32Array> {
    validateTokens(net, batch);
    const { gpu } = this;
    const { count, first } = batch;
    const { size } = net;
    const out = new Float32Array(count * size);
    if (count === 0) return Promise.resolve(out);
    if (this.#net !== net || this.#placed === undefined) this.#placed = this.#place(net);
    this.#net = net;
    const length = (i: number): number => first[i + 1] - first[i];
    const order = Uint32Array.from({ length: count }, (_, i) => i).sort(
      (a, b) => length(b) - length(a) || a - b,
    );
    const result = gpu.pool.storage('session-result', count * size * 4);
    const budget = Math.max(64, Math.floor((gpu.rate * SUBMISSION_MS) / (4 * costPerToken(net))));
    for (let from = 0; from < count;) {
      let tokens = 0;
      let to = from;
      while (to < count && (to === from || tokens + length(order[to]) <= budget))
        tokens += length(order[to++]);
      this.#chunk(net, this.#placed, batch, order.subarray(from, to), tokens, result, from);
      from = to;
    }
    const encoder = gpu.device.createCommandEncoder({ label: 'sessions' });
    const readback = new Readback(gpu, encoder, [{ name: 'e', buffer: result, bytes: count * size * 4 }]);
    gpu.device.queue.submit([encoder.finish()]);
    return readback.read().then((read) => {
      const rows = new Float32Array(read('e'));
      order.forEach((i, row) => out.set(rows.subarray(row * size, (row + 1) * size), i * size));
      return out;
    });
  }

  /** One submission: the people `order`, whose vectors go to row `at` of `result` and on. */
  #chunk(
    net: Transformer,
    placed: Placed,
    batch: TokenBatch,
    order: Uint32Array,
    tokens: number,
    result: GPUBuffer,
    at: number,
  ): void {
    const { gpu } = this;
    const { queue } = gpu.device;
    const { size, outcomes } = net;
    const people = order.length;
    const first = new Uint32Array(people + 1);
    const person = new Uint32Array(tokens);
    const vectors = new Float32Array(tokens * size);
    const told = new Float32Array(tokens * outcomes);
    order.forEach((i, row) => {
      const [from, to] = [batch.first[i], batch.first[i + 1]];
      first[row + 1] = first[row] + to - from;
      person.fill(row, first[row], first[row + 1]);
      vectors.set(batch.vectors.subarray(from * size, to * size), first[row] * size);
      told.set(batch.outcomes.subarray(from * outcomes, to * outcomes), first[row] * outcomes);
    });
    const store = (name: string, floats: number) => gpu.pool.storage(`session-${name}`, floats * 4);
    const write = (name: string, data: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>): GPUBuffer => {
      const buffer = store(name, data.length);
      queue.writeBuffer(buffer, 0, data);
      return buffer;
    };
    const bindings: Bindings = {
      parameters: store('parameters', 4),
      first: write('first', first),
      person: write('person', person),
      vectors: write('vectors', vectors),
      told: write('outcomes', told),
    };
    const encoder = gpu.device.createCommandEncoder({ label: 'sessions' });
    const pass = encoder.beginComputePass({ label: 'sessions' });
    const final = store('final', people * size);
    for (const { kernel, values, bound, columns } of steps(net, placed, tokens, people, store, final))
      this.kernels[kernel].dispatch(
        pass,
        {
          ...bindings,
          ...bound,
          job: gpu.uniforms.put(uniformBytes('transformer', 'job', { ...usual(net), ...values })),
        },
        Math.ceil(values.rows / 64),
        columns,
      );
    pass.end();
    encoder.copyBufferToBuffer(final, 0, result, at * size * 4, people * size * 4);
    gpu.uniforms.flush();
    queue.submit([encoder.finish()]);
  }

  /** Uploads all weights, one tensor after the other. */
  #place(net: Transformer): Placed {
    const parts: Float32Array[] = [];
    let at = 0;
    const put = (tensor: Float32Array): number => {
      const here = at / 4;
      parts.push(tensor);
      at += tensor.length;
      return here;
    };
    const { size } = net;
    const placed: Placed = {
      tokenSelf: put(net.tokenSelf),
      tokenPartner: put(net.tokenPartner),
      tokenOutcome: put(net.tokenOutcome),
      tokenGate: put(net.tokenGate),
      place: put(net.place),
      layers: net.layers.map(({ k, v, ...layer }) => {
        const kv = new Float32Array(2 * size * size);
        for (let row = 0; row < size; row++) {
          kv.set(k.subarray(row * size, (row + 1) * size), 2 * row * size);
          kv.set(v.subarray(row * size, (row + 1) * size), (2 * row + 1) * size);
        }
        const rest = Object.fromEntries(Object.entries(layer).map(([name, tensor]) => [name, put(tensor)]));
        return { ...(rest as Omit<PlacedLayer, 'kv'>), kv: put(kv) };
      }),
      out: put(net.out),
    };
    const all = new Float32Array(at);
    let to = 0;
    for (const part of parts) {
      all.set(part, to);
      to += part.length;
    }
    const { gpu } = this;
    gpu.device.queue.writeBuffer(gpu.pool.storage('session-parameters', all.byteLength), 0, all);
    return placed;
  }
}

/** Multiply-adds per token, about. */
export function costPerToken({ size, outcomes, layers, history }: Transformer): number {
  return size * (size + 2 * outcomes) + layers.length * size * (10 * size + 2 * history);
}

function usual({ size, heads, outcomes }: Transformer): Record<string, number> {
  return {
    last_only: 0,
    inputs: size / 4,
    outputs: size / 4,
    weights_at: 0,
    biases_at: NONE,
    rectify: 0,
    add: 0,
    size: size / 4,
    width: size / heads / 4,
    outcomes: outcomes / 4,
    heads,
    partner_at: 0,
    outcome_at: 0,
    gate_at: 0,
    place_at: 0,
    scale: 1 / Math.sqrt(size / heads),
    epsilon: NORM_EPSILON,
  };
}

/** Every dispatch of a chunk, in order. In the last block only the last tokens ask, so its rows are people. */
function* steps(
  { size, heads, layers }: Transformer,
  placed: Placed,
  tokens: number,
  people: number,
  store: (name: string, floats: number) => GPUBuffer,
  final: GPUBuffer,
): Generator<Step> {
  const vec = size / 4;
  let x = store('x', tokens * size);
  const seen = store('seen', tokens * size);
  const kv = store('kv', tokens * 2 * size);
  const q = store('q', tokens * size);
  const heard = store('heard', tokens * size);
  const middle = store('middle', tokens * 2 * size);
  const last = store('last', people * size);
  yield {
    kernel: 'tokens',
    values: {
      rows: tokens,
      weights_at: placed.tokenSelf,
      partner_at: placed.tokenPartner,
      outcome_at: placed.tokenOutcome,
      gate_at: placed.tokenGate,
      place_at: placed.place,
    },
    bound: { output: x },
    columns: vec,
  };
  const product = (
    rows: number,
    from: GPUBuffer,
    to: GPUBuffer,
    weights_at: number,
    more: Readonly<Record<string, number>> = {},
  ): Step => ({
    kernel: 'product',
    values: { rows, weights_at, ...more },
    bound: { input: from, output: to },
    columns: more['outputs'] ?? vec,
  });
  for (const [l, layer] of placed.layers.entries()) {
    const ends = l === layers.length - 1;
    const rows = ends ? people : tokens;
    const norm = (count: number, from: GPUBuffer, gain: number, offset: number): Step => ({
      kernel: 'normalise',
      values: { rows: count, weights_at: gain, biases_at: offset },
      bound: { input: from, output: seen },
      columns: 1,
    });
    yield norm(tokens, x, layer.g, layer.gb);
    yield product(tokens, seen, kv, layer.kv, { outputs: 2 * vec });
    yield product(rows, seen, q, layer.q, { last_only: ends ? 1 : 0 });
    yield {
      kernel: 'attend',
      values: { rows, last_only: ends ? 1 : 0 },
      bound: { queries: q, input: kv, output: heard },
      columns: heads,
    };
    if (ends) {
      yield {
        kernel: 'pick',
        values: { rows, last_only: 1 },
        bound: { input: x, output: last },
        columns: vec,
      };
      x = last;
    }
    yield product(rows, heard, x, layer.o, { add: 1 });
    yield norm(rows, x, layer.h, layer.hb);
    yield product(rows, seen, middle, layer.m, { outputs: 2 * vec, biases_at: layer.mb, rectify: 1 });
    yield product(rows, middle, x, layer.n, { inputs: 2 * vec, biases_at: layer.nb, add: 1 });
  }
  yield product(people, x, final, placed.out);
}
