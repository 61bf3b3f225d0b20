import { makeShaderDataDefinitions, makeStructuredView, type StructuredView } from 'webgpu-utils';
import code from '../../../shaders/sky/sky.wgsl?raw';
import type { SkyView } from '../../engine/api.ts';
import { ARC, POINT } from './fields.ts';
import { budgets, type Lens } from './frame.ts';
import { motion } from './motion.ts';
import { rgb, shapeIndex, skyColours } from '../palette.ts';
import type { Renderer } from './renderer.ts';
import type { SkyScene } from '../scene.ts';

/** Number of straight segments that approximate an arc. */
const SEGMENTS = 20;

const definitions = makeShaderDataDefinitions(code);

/**
 * Draws all points with one call and all arcs with another, from the arrays of the scene. They are
 * uploaded when the scene changes, so a frame between two ticks writes one small uniform buffer.
 */
export class GpuRenderer implements Renderer {
  readonly budget = budgets.gpu;
  readonly #device: GPUDevice;
  readonly #context: GPUCanvasContext;
  readonly #points: GPURenderPipeline;
  readonly #arcs: GPURenderPipeline;
  readonly #uniform: GPUBuffer;
  #pointGroup: GPUBindGroup | null = null;
  #arcGroup: GPUBindGroup | null = null;
  readonly #view: StructuredView;
  #pointBuffer: GPUBuffer | null = null;
  #arcBuffer: GPUBuffer | null = null;
  #uploaded = -1;

  constructor(context: GPUCanvasContext, device: GPUDevice, dark: boolean) {
    this.#device = device;
    this.#context = context;
    const format = navigator.gpu.getPreferredCanvasFormat();
    context.configure({ device, format, alphaMode: 'premultiplied' });
    const module = device.createShaderModule({ code, label: 'sky' });
    this.#points = pipeline(device, module, format, 'point', dark, {});
    this.#arcs = pipeline(device, module, format, 'arc', dark, { SEGMENTS });
    this.#view = makeStructuredView(definitions.uniforms.view);
    this.#view.set({
      dark: dark ? 1 : 0,
      colours: skyColours(dark).map((hex, i) => [...rgb(hex), shapeIndex(i)]),
      ...motion,
    });
    this.#uniform = device.createBuffer({
      label: 'sky view',
      size: this.#view.arrayBuffer.byteLength,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  draw(scene: SkyScene, view: SkyView, lens: Lens, nowMs: number): void {
    this.#upload(scene);
    this.#writeView(scene, view, lens, nowMs);
    const encoder = this.#device.createCommandEncoder({ label: 'sky' });
    const pass = encoder.beginRenderPass({
      colorAttachments: [
        {
          view: this.#context.getCurrentTexture().createView(),
          clearValue: { r: 0, g: 0, b: 0, a: 0 },
          loadOp: 'clear',
          storeOp: 'store',
        },
      ],
    });
    if (scene.arcCount > 0 && this.#arcGroup !== null) {
      pass.setPipeline(this.#arcs);
      pass.setBindGroup(0, this.#arcGroup);
      pass.draw((2 * SEGMENTS + 4) * scene.arcCount);
    }
    if (scene.count > 0 && this.#pointGroup !== null) {
      pass.setPipeline(this.#points);
      pass.setBindGroup(0, this.#pointGroup);
      pass.draw(3 * scene.count);
    }
    pass.end();
    this.#device.queue.submit([encoder.finish()]);
  }

  resources(): { buffers: number; bufferBytes: number } {
    const live = [this.#uniform, this.#pointBuffer, this.#arcBuffer].filter((b) => b !== null);
    return { buffers: live.length, bufferBytes: live.reduce((sum, b) => sum + b.size, 0) };
  }

  dispose(): void {
    this.#uniform.destroy();
    this.#pointBuffer?.destroy();
    this.#arcBuffer?.destroy();
    this.#pointBuffer = this.#arcBuffer = null;
    this.#pointGroup = this.#arcGroup = null;
  }

  #upload(scene: SkyScene): void {
    if (this.#uploaded === scene.version) return;
    this.#uploaded = scene.version;
    const points = this.#fill(this.#pointBuffer, scene.points, scene.count * POINT.stride, 'sky points');
    if (points !== this.#pointBuffer) this.#pointGroup = this.#group(this.#points, points);
    this.#pointBuffer = points;
    const arcs = this.#fill(this.#arcBuffer, scene.arcs, scene.arcCount * ARC.stride, 'sky arcs');
    if (arcs !== this.#arcBuffer) this.#arcGroup = this.#group(this.#arcs, arcs);
    this.#arcBuffer = arcs;
  }

  #group(of: GPURenderPipeline, buffer: GPUBuffer): GPUBindGroup {
    return this.#device.createBindGroup({
      layout: of.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: this.#uniform } },
        { binding: 1, resource: { buffer } },
      ],
    });
  }

  /** Copies the first `length` numbers of `data`. Makes a new buffer if the array has grown. */
  #fill(buffer: GPUBuffer | null, data: Float32Array<ArrayBuffer>, length: number, label: string): GPUBuffer {
    let target = buffer;
    if (target === null || target.size < data.byteLength) {
      target?.destroy();
      target = this.#device.createBuffer({
        label,
        size: data.byteLength,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
      });
    }
    if (length > 0) this.#device.queue.writeBuffer(target, 0, data, 0, length);
    return target;
  }

  #writeView(scene: SkyScene, view: SkyView, lens: Lens, nowMs: number): void {
    this.#view.set({
      centre: [lens.centreX, lens.centreY],
      reach: [lens.reachX, lens.reachY],
      size: [lens.width, lens.height],
      now: (nowMs - scene.epoch) / 1000,
      dot: lens.dot,
      scale: lens.scale,
      still: view.reducedMotion ? 1 : 0,
      halo: lens.halo,
      rest: lens.halo,
      arcs: lens.arcs,
    });
    this.#device.queue.writeBuffer(this.#uniform, 0, this.#view.arrayBuffer);
  }
}

function pipeline(
  device: GPUDevice,
  module: GPUShaderModule,
  format: GPUTextureFormat,
  name: 'point' | 'arc',
  dark: boolean,
  constants: Record<string, number>,
): GPURenderPipeline {
  // Arcs of the dark theme use the blend mode "screen", 1 - (1 - a)(1 - b), which keeps a valid
  // premultiplied colour. All else uses "source over": dots that lie on each other keep their
  // colour.
  const over = { srcFactor: 'one', dstFactor: 'one-minus-src-alpha' } as const;
  const screen = { srcFactor: 'one', dstFactor: 'one-minus-src' } as const;
  return device.createRenderPipeline({
    label: `sky ${name}`,
    layout: 'auto',
    vertex: {
      module,
      entryPoint: `${name}Vertex`,
      constants,
    },
    fragment: {
      module,
      entryPoint: `${name}Fragment`,
      targets: [{ format, blend: { color: dark && name === 'arc' ? screen : over, alpha: over } }],
    },
    primitive: { topology: name === 'point' ? 'triangle-list' : 'triangle-strip' },
  });
}
