import './reflection.ts';
import { makeShaderDataDefinitions } from 'webgpu-utils';
import type { ShaderDataDefinitions, StructDefinition } from 'webgpu-utils';
import type { Shader } from './shader.ts';

/** Invocations per workgroup of the kernels that give each row one invocation (SIZE in shaders). */
export const WORKGROUP = 64;

interface UniformField {
  readonly name: string;
  /** Offset in 32-bit words. */
  readonly at: number;
  readonly float: boolean;
}

interface Reflection {
  readonly definitions: ShaderDataDefinitions;
  /** Fields by the name of a uniform variable. */
  readonly uniforms: Map<string, readonly UniformField[]>;
}
const reflections = new WeakMap<Shader, Reflection>();

function reflect(shader: Shader): Reflection {
  let found = reflections.get(shader);
  if (found === undefined) {
    found = { definitions: makeShaderDataDefinitions(shader.text), uniforms: new Map() };
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

/** Values of the fields of a uniform struct: u32, i32 or f32. Every field must be given. */
export type UniformValues = Readonly<Record<string, number>>;

/** Two views of the same memory, into which uniforms are written. */
export interface UniformWords {
  readonly words: Uint32Array;
  readonly floats: Float32Array;
}

/** Writes a uniform struct from 32-bit word `at` on. */
export function writeUniform(
  { words, floats }: UniformWords,
  at: number,
  shader: Shader,
  variable: string,
  values: UniformValues,
): void {
  for (const field of fieldsOf(shader, variable)) {
    const value: number | undefined = values[field.name];
    if (value === undefined) throw new Error(`${shader.file} needs ${variable}.${field.name}`);
    if (field.float) floats[at + field.at] = value;
    else words[at + field.at] = value;
  }
}

/** A uniform struct with these values, on its own. */
export function uniformBytes(shader: Shader, variable: string, values: UniformValues): ArrayBuffer {
  const bytes = new ArrayBuffer(reflect(shader).definitions.uniforms[variable].size);
  const memory = { words: new Uint32Array(bytes), floats: new Float32Array(bytes) };
  writeUniform(memory, 0, shader, variable, values);
  return bytes;
}

function fieldsOf(shader: Shader, variable: string): readonly UniformField[] {
  const { definitions, uniforms } = reflect(shader);
  let fields = uniforms.get(variable);
  if (fields === undefined) {
    const struct = definitions.uniforms[variable].typeDefinition as StructDefinition;
    fields = Object.entries(struct.fields).map(([name, { offset, type }]) => ({
      name,
      at: offset / 4,
      float: 'type' in type && type.type === 'f32',
    }));
    uniforms.set(variable, fields);
  }
  return fields;
}

/** A buffer; for a uniform also a part of one, `size` bytes from `offset` on. */
export type Bindings = Readonly<Record<string, GPUBuffer | Required<GPUBufferBinding>>>;

/** Bind groups that a kernel keeps: buffers of ticks grow, and few passes change theirs. */
const MAX_GROUPS = 8;

interface Resource {
  readonly name: string;
  readonly entry: GPUBindGroupLayoutEntry;
  readonly uniform: boolean;
}

/** The resources of an entry point. The offset of every uniform is dynamic. */
function resourcesOf(shader: Shader, entry: string): Resource[] {
  return reflect(shader)
    .definitions.entryPoints[entry].resources.map(({ name, entry: { binding, buffer } }) => {
      const type = buffer?.type ?? 'uniform';
      const uniform = type === 'uniform';
      const visibility = GPUShaderStage.COMPUTE;
      return { name, uniform, entry: { binding, visibility, buffer: { type, hasDynamicOffset: uniform } } };
    })
    .sort((a, b) => a.entry.binding - b.entry.binding);
}

/** Some devices have too few registers for kernels of larger workgroups. */
const MAX_WIDE = 512;

/** Values of a shader's overrides. */
export type Constants = Readonly<Record<string, number>>;

/** A workgroup that works alone is as wide as the device allows, so that it hides more latency. */
function widthOf({ limits }: GPUDevice, { text }: Shader): Constants {
  const wide = Math.min(MAX_WIDE, limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX);
  return text.includes('override WIDE') ? { WIDE: wide } : {};
}

/**
 * A compute pipeline whose bindings are named by its WGSL variables. Bind groups are kept, so that
 * a dispatch costs a look at its buffers.
 */
export class Kernel {
  /** The groups used last come first. */
  readonly #groups: { readonly buffers: readonly GPUBuffer[]; readonly group: GPUBindGroup }[] = [];
  readonly #offsets: number[] = [];
  readonly #buffers: GPUBuffer[] = [];

  private constructor(
    readonly device: GPUDevice,
    readonly pipeline: GPUComputePipeline,
    readonly layout: GPUBindGroupLayout,
    readonly resources: readonly Resource[],
    readonly shader: Shader,
    readonly entry: string,
  ) {}

  static async compile(
    device: GPUDevice,
    module: GPUShaderModule,
    shader: Shader,
    entry: string,
    constants: Constants,
  ): Promise<Kernel> {
    const resources = resourcesOf(shader, entry);
    const label = `${shader.file} ${entry}`;
    const layout = device.createBindGroupLayout({ label, entries: resources.map((r) => r.entry) });
    const pipeline = await device.createComputePipelineAsync({
      label,
      layout: device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: entry, constants: { ...widthOf(device, shader), ...constants } },
    });
    return new Kernel(device, pipeline, layout, resources, shader, entry);
  }

  /** File and entry point, e.g. "match/greedy/greedy.wgsl tail". */
  get name(): string {
    return `${this.shader.file} ${this.entry}`;
  }

  /** Encodes one dispatch of x by y workgroups. `bindings` may hold more than this kernel uses. */
  dispatch(pass: GPUComputePassEncoder, bindings: Bindings, x: number, y = 1): void {
    if (x === 0 || y === 0) return;
    const group = this.#groupOf(bindings);
    pass.setPipeline(this.pipeline);
    pass.setBindGroup(0, group, this.#offsets);
    pass.dispatchWorkgroups(x, y);
  }

  /** The group of these buffers. Leaves the offsets of the uniforms in #offsets. */
  #groupOf(bindings: Bindings): GPUBindGroup {
    const [buffers, offsets, groups] = [this.#buffers, this.#offsets, this.#groups];
    let [u, same] = [0, groups.length > 0];
    for (let k = 0; k < this.resources.length; k++) {
      const { name, uniform } = this.resources[k];
      const bound: Bindings[string] | undefined = bindings[name];
      if (bound === undefined) throw new Error(`${this.name} needs a binding for ${name}`);
      const slot = uniform && 'buffer' in bound ? bound : undefined;
      if (uniform) offsets[u++] = slot?.offset ?? 0;
      buffers[k] = slot?.buffer ?? (bound as GPUBuffer);
      same &&= groups[0].buffers[k] === buffers[k];
    }
    if (same) return groups[0].group;
    const at = groups.findIndex((known) => known.buffers.every((buffer, k) => buffer === buffers[k]));
    const [found] =
      at > 0 ? groups.splice(at, 1) : [{ buffers: buffers.slice(), group: this.#create(bindings) }];
    groups.unshift(found);
    if (groups.length > MAX_GROUPS) groups.pop();
    return found.group;
  }

  #create(bindings: Bindings): GPUBindGroup {
    return this.device.createBindGroup({
      label: this.name,
      layout: this.layout,
      entries: this.resources.map(({ name, entry: { binding }, uniform }) => {
        const bound = bindings[name];
        // The offset of a uniform is given with each dispatch.
        const slot = uniform && 'buffer' in bound ? { ...bound, offset: 0 } : undefined;
        return { binding, resource: slot ?? { buffer: bound as GPUBuffer } };
      }),
    });
  }

  /**
   * Encodes one dispatch with an invocation for each of `rows` rows, in workgroups of {@link
   * WORKGROUP}.
   */
  dispatchRows(pass: GPUComputePassEncoder, bindings: Bindings, rows: number, y = 1): void {
    this.dispatch(pass, bindings, Math.ceil(rows / WORKGROUP), y);
  }
}
