import './reflection.ts';
import { makeShaderDataDefinitions, makeStructuredView } from 'webgpu-utils';
import type { ShaderDataDefinitions, StructuredView } from 'webgpu-utils';
import type { Shader } from './shader.ts';

/** Invocations per workgroup of the kernels that give each row one invocation (SIZE in shaders). */
export const WORKGROUP = 64;

interface Reflection {
  readonly definitions: ShaderDataDefinitions;
  /** By the name of a uniform variable. */
  readonly views: Map<string, StructuredView>;
}
const reflections = new WeakMap<Shader, Reflection>();

function reflect(shader: Shader): Reflection {
  let found = reflections.get(shader);
  if (found === undefined) {
    found = { definitions: makeShaderDataDefinitions(shader.text), views: new Map() };
    reflections.set(shader, found);
  }
  return found;
}

/** Offsets in 32-bit words of the fields of a WGSL struct, and its size in words. */
export function structWords(shader: Shader, struct: string): { size: number; at: (field: string) => number } {
  const { fields, size } = reflect(shader).definitions.structs[struct];
  return {
    size: size / 4,
    at: (field) => fields[field].offset / 4,
  };
}

/** Bytes of a uniform struct with these values. Every field must be given. */
export function uniformBytes(
  shader: Shader,
  variable: string,
  values: Readonly<Record<string, number>>,
): ArrayBuffer {
  const { definitions, views } = reflect(shader);
  let view = views.get(variable);
  if (view === undefined) {
    view = makeStructuredView(definitions.uniforms[variable]);
    views.set(variable, view);
  }
  view.set(values);
  return view.arrayBuffer.slice(0);
}

export type Bindings = Readonly<Record<string, GPUBuffer | GPUBufferBinding>>;

/** A compute pipeline whose bindings are named by its WGSL variables. */
export class Kernel {
  readonly #resources: readonly { name: string; binding: number }[];

  constructor(
    readonly device: GPUDevice,
    readonly pipeline: GPUComputePipeline,
    readonly shader: Shader,
    readonly entry: string,
  ) {
    this.#resources = reflect(shader).definitions.entryPoints[entry].resources.map((r) => ({
      name: r.name,
      binding: r.entry.binding,
    }));
  }

  /** File and entry point, e.g. "match/greedy/greedy.wgsl tail". */
  get name(): string {
    return `${this.shader.file} ${this.entry}`;
  }

  /** Encodes one dispatch of x by y workgroups. `bindings` may hold more than this kernel uses. */
  dispatch(pass: GPUComputePassEncoder, bindings: Bindings, x: number, y = 1): void {
    if (x === 0 || y === 0) return;
    pass.setPipeline(this.pipeline);
    pass.setBindGroup(
      0,
      this.device.createBindGroup({
        label: this.name,
        layout: this.pipeline.getBindGroupLayout(0),
        entries: this.#resources.map(({ name, binding }) => {
          const bound: GPUBuffer | GPUBufferBinding | undefined = bindings[name];
          if (bound === undefined) throw new Error(`${this.name} needs a binding for ${name}`);
          return { binding, resource: 'buffer' in bound ? bound : { buffer: bound } };
        }),
      }),
    );
    pass.dispatchWorkgroups(x, y);
  }

  /**
   * Encodes one dispatch with an invocation for each of `rows` rows, in workgroups of {@link
   * WORKGROUP}.
   */
  dispatchRows(pass: GPUComputePassEncoder, bindings: Bindings, rows: number, y = 1): void {
    this.dispatch(pass, bindings, Math.ceil(rows / WORKGROUP), y);
  }
}
