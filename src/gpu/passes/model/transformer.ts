import { NORM_EPSILON, validateTokens } from '../../../model/layout/transformer.ts';
import type { TokenBatch, Transformer } from '../../../model/layout/transformer.ts';
import { NONE } from '../../../score/types.ts';
import type { SubmissionBatcher } from '../../batch/submission-batcher.ts';
import { GrowingBuffer } from '../../buffers.ts';
import type { GpuDevice } from '../../device.ts';
import { WORKGROUP } from '../../kernel.ts';
import type { Bindings, Kernel } from '../../kernel.ts';
import { shaders } from '../../shaders.ts';
import { placeTransformer } from './transformer-weights.ts';
import type { PlacedTransformer } from './transformer-weights.ts';

const entries = ['tokens', 'normalise', 'product', 'attend', 'pick'] as const;
type Entry = (typeof entries)[number];

/** One dispatch: values of the uniform, buffers, and invocations per row. */
interface Step {
  readonly entry: Entry;
  readonly values: Readonly<Record<string, number>>;
  readonly bound: Bindings;
  readonly columns: number;
}

/**
 * The causal transformer on the GPU, outside the tick: session vectors of a batch of people.
 * Histories are sorted by length, so that neighbours in a workgroup have equal work, and cut into
 * chunks of one submission each.
 *
 * Floor, size d, T tokens of a person: tokens T d (d + 16), keys and values 2 T d^2, attention 3 T
 * d (of the last token; T^2 d of all tokens in every block but the last), the rest 7 d^2; bytes: T
 * (d + 8) x 4 uploaded.
 */
export class TransformerPass {
  #net: Transformer | undefined;
  #placed: PlacedTransformer | undefined;
  readonly #buffers: ReturnType<typeof transformerBuffers>;

  private constructor(
    readonly gpu: GpuDevice,
    readonly kernels: Readonly<Record<Entry, Kernel>>,
  ) {
    this.#buffers = transformerBuffers(gpu);
  }

  static async create(gpu: GpuDevice): Promise<TransformerPass> {
    return new TransformerPass(gpu, await gpu.kernels(shaders.transformer, entries));
  }

  /**
   * Session vectors after the last token, f32[count][size], in the batch's order.
   * @throws LabError for a history that is too long or a value that is not finite.
   */
  async run(batch: SubmissionBatcher, net: Transformer, tokens: TokenBatch): Promise<Float32Array> {
    validateTokens(net, tokens);
    const { count, first } = tokens;
    const { size } = net;
    const out = new Float32Array(count * size);
    if (count === 0) return out;
    batch.enter('embed');
    if (this.#net !== net) this.#placed = undefined;
    this.#net = net;
    this.#placed ??= placeTransformer(net, (data) =>
      batch.write(this.#buffers.parameters.atLeast(data.byteLength), data),
    );
    const length = (i: number): number => first[i + 1] - first[i];
    const order = Uint32Array.from({ length: count }, (_, i) => i).sort(
      (a, b) => length(b) - length(a) || a - b,
    );
    const result = this.#buffers.result.atLeast(count * size * 4);
    const kind = { name: 'sessions', initialRate: this.gpu.scoringRate, steady: true };
    const maxTokens = Math.max(WORKGROUP, Math.floor(batch.room(kind) / costPerToken(net)));
    for (let from = 0; from < count;) {
      let total = 0;
      let to = from;
      while (to < count && (to === from || total + length(order[to]) <= maxTokens))
        total += length(order[to++]);
      const people = order.subarray(from, to);
      // Buffers that grow are replaced, so the commands that use them must be submitted.
      batch.submit();
      const bindings = this.#write(batch, net, tokens, people, total);
      const final = this.#buffers.final.atLeast(people.length * size * 4);
      const steps = [...this.#steps(net, this.#placed, total, people.length, final)];
      for (const { entry, values, bound, columns } of steps)
        batch.step((total * costPerToken(net)) / steps.length, kind, (pass) => {
          const job = this.gpu.uniforms.put(shaders.transformer, 'job', { ...defaults(net), ...values });
          this.kernels[entry].dispatchRows(pass, { ...bindings, ...bound, job }, values.rows, columns);
        });
      batch.copy(final, result, people.length * size * 4, from * size * 4);
      from = to;
    }
    const { vectors } = await batch.read({ vectors: { buffer: result, bytes: count * size * 4 } });
    const rows = new Float32Array(vectors);
    order.forEach((i, row) => out.set(rows.subarray(row * size, (row + 1) * size), i * size));
    return out;
  }

  /** Writes the tokens of these people. */
  #write(
    batch: SubmissionBatcher,
    { size, outcomes }: Transformer,
    tokens: TokenBatch,
    people: Uint32Array,
    total: number,
  ): Bindings {
    const first = new Uint32Array(people.length + 1);
    const person = new Uint32Array(total);
    const vectors = new Float32Array(total * size);
    const told = new Float32Array(total * outcomes);
    people.forEach((i, row) => {
      const [from, to] = [tokens.first[i], tokens.first[i + 1]];
      first[row + 1] = first[row] + to - from;
      person.fill(row, first[row], first[row + 1]);
      vectors.set(tokens.vectors.subarray(from * size, to * size), first[row] * size);
      told.set(tokens.outcomes.subarray(from * outcomes, to * outcomes), first[row] * outcomes);
    });
    const buffers = this.#buffers;
    const write = (buffer: GrowingBuffer, data: Uint32Array | Float32Array): GPUBuffer => {
      const bound = buffer.atLeast(data.byteLength);
      batch.write(bound, data);
      return bound;
    };
    return {
      parameters: buffers.parameters.atLeast(0),
      first: write(buffers.first, first),
      person: write(buffers.person, person),
      vectors: write(buffers.vectors, vectors),
      told: write(buffers.told, told),
    };
  }

  /**
   * Every dispatch of a chunk, in order. In the last block only the last tokens query: rows are
   * people.
   */
  *#steps(
    { size, heads, layers }: Transformer,
    placed: PlacedTransformer,
    tokens: number,
    people: number,
    final: GPUBuffer,
  ): Generator<Step> {
    const vec = size / 4;
    const own = this.#buffers;
    let x = own.x.atLeast(tokens * size * 4);
    const normed = own.normed.atLeast(tokens * size * 4);
    const kv = own.kv.atLeast(tokens * 2 * size * 4);
    const q = own.q.atLeast(tokens * size * 4);
    const heard = own.heard.atLeast(tokens * size * 4);
    const middle = own.middle.atLeast(tokens * 2 * size * 4);
    const last = own.last.atLeast(people * size * 4);
    yield {
      entry: 'tokens',
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
      entry: 'product',
      values: { rows, weights_at, ...more },
      bound: { input: from, output: to },
      columns: more['outputs'] ?? vec,
    });
    for (const [l, layer] of placed.layers.entries()) {
      const ends = l === layers.length - 1;
      const rows = ends ? people : tokens;
      const norm = (count: number, from: GPUBuffer, gain: number, offset: number): Step => ({
        entry: 'normalise',
        values: { rows: count, weights_at: gain, biases_at: offset },
        bound: { input: from, output: normed },
        columns: 1,
      });
      yield norm(tokens, x, layer.g, layer.gb);
      yield product(tokens, normed, kv, layer.kv, { outputs: 2 * vec });
      yield product(rows, normed, q, layer.q, { last_only: ends ? 1 : 0 });
      yield {
        entry: 'attend',
        values: { rows, last_only: ends ? 1 : 0 },
        bound: { queries: q, input: kv, output: heard },
        columns: heads,
      };
      if (ends) {
        yield {
          entry: 'pick',
          values: { rows, last_only: 1 },
          bound: { input: x, output: last },
          columns: vec,
        };
        x = last;
      }
      yield product(rows, heard, x, layer.o, { add: 1 });
      yield norm(rows, x, layer.h, layer.hb);
      yield product(rows, normed, middle, layer.m, { outputs: 2 * vec, biases_at: layer.mb, rectify: 1 });
      yield product(rows, middle, x, layer.n, { inputs: 2 * vec, biases_at: layer.nb, add: 1 });
    }
    yield product(people, x, final, placed.out);
  }
}

function transformerBuffers({ registry }: GpuDevice) {
  const make = (name: string) => new GrowingBuffer(registry, `session ${name}`);
  return {
    parameters: make('parameters'),
    result: make('result'),
    // The tokens of a chunk.
    first: make('first'),
    person: make('person'),
    vectors: make('vectors'),
    told: make('outcomes'),
    // Activations.
    x: make('x'),
    normed: make('normed'),
    kv: make('keys and values'),
    q: make('queries'),
    heard: make('attention'),
    middle: make('hidden'),
    last: make('last tokens'),
    final: make('final'),
  };
}

/** Multiply-adds per token, approximately. */
export function costPerToken({ size, outcomes, layers, history }: Transformer): number {
  return 4 * (size * (size + 2 * outcomes) + layers.length * size * (10 * size + 2 * history));
}

/** Values of the uniform `job` that most dispatches share. */
function defaults({ size, heads, outcomes }: Transformer): Record<string, number> {
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
