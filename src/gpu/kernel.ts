import './reflection.ts';
import { makeShaderDataDefinitions, makeStructuredView } from 'webgpu-utils';
import type { ShaderDataDefinitions, StructuredView } from 'webgpu-utils';
import { moduleText } from './modules.ts';
import type { ShaderModuleName } from './modules.ts';

const definitions = new Map<ShaderModuleName, ShaderDataDefinitions>();

/** Layouts as the WGSL itself says. */
export function shaderDefinitions(name: ShaderModuleName): ShaderDataDefinitions {
  let found = definitions.get(name);
  if (found === undefined) {
    found = makeShaderDataDefinitions(moduleText(name));
    definitions.set(name, found);
  }
  return found;
}

/** Offsets in 32-bit words of a WGSL struct's fields, and its size in words. */
export function structWords(
  name: ShaderModuleName,
  struct: string,
): { size: number; at: (field: string) => number } {
  const { fields, size } = shaderDefinitions(name).structs[struct];
  return {
    size: size / 4,
    at: (field) => fields[field].offset / 4,
  };
}

/** Bytes of a uniform struct with these values. Every field must be given. */
export function uniformBytes(
  name: ShaderModuleName,
  variable: string,
  values: Readonly<Record<string, number>>,
): ArrayBuffer {
  const key = `${name}.${variable}`;
  let view = views.get(key);
  if (view === undefined) {
    view = makeStructuredView(shaderDefinitions(name).uniforms[variable]);
    views.set(key, view);
  }
  view.set(values);
  return view.arrayBuffer.slice(0);
}
const views = new Map<string, StructuredView>();

export type Binding = GPUBuffer | GPUBufferBinding;
export type Bindings = Readonly<Record<string, Binding>>;

/** A compute pipeline that is fed by the names of its WGSL variables. */
export class Kernel {
  readonly #resources: readonly { name: string; binding: number }[];

  constructor(
    readonly device: GPUDevice,
    readonly pipeline: GPUComputePipeline,
    readonly module: ShaderModuleName,
    readonly entry: string,
  ) {
    this.#resources = shaderDefinitions(module).entryPoints[entry].resources.map((r) => ({
      name: r.name,
      binding: r.entry.binding,
    }));
  }

  /** Encodes one dispatch; `bindings` may hold more than this kernel uses. */
  dispatch(pass: GPUComputePassEncoder, bindings: Bindings, x: number, y = 1): void {
    if (x === 0 || y === 0) return;
    pass.setPipeline(this.pipeline);
    pass.setBindGroup(
      0,
      this.device.createBindGroup({
        label: `${this.module}.${this.entry}`,
        layout: this.pipeline.getBindGroupLayout(0),
        entries: this.#resources.map(({ name, binding }) => {
          const bound = bindings[name];
          if (bound === undefined)
            throw new Error(`${this.module}.${this.entry} needs a binding for ${name}`);
          return { binding, resource: 'buffer' in bound ? bound : { buffer: bound } };
        }),
      }),
    );
    pass.dispatchWorkgroups(x, y);
  }
}
