import { afterEach, describe, expect, it } from 'vitest';
import { hash4 } from '../../src/base/hash.ts';
import type { SkyView } from '../engine/api.ts';
import { GpuRenderer } from './render/gpu-renderer.ts';
import { SkyCanvas } from './sky.ts';
import type { SkyFrame } from './types.ts';

const base: SkyView = {
  width: 240,
  height: 200,
  devicePixelRatio: 1,
  dark: true,
  reducedMotion: false,
  colourBy: 'country',
};
const N = 80;

function frame(first = 0): SkyFrame {
  const ids = Uint32Array.from({ length: N }, (_, i) => first + i);
  return {
    n: N,
    ids,
    positions: Float32Array.from(
      { length: 2 * N },
      (_, k) => hash4(1, ids[k >> 1], k & 1, 0) * 2 ** -32 * 1.6 - 0.8,
    ),
    segment: Uint8Array.from(ids, (id) => id % 8),
    waited: Float32Array.from(ids, (id) => id % 30),
    pairs: Uint32Array.of(0, 1, 2, 3, 4, 5),
    left: new Uint32Array(0),
  };
}

const devices: GPUDevice[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.destroy();
});

async function newDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter!.requestDevice();
  devices.push(device);
  return device;
}

/** Share of pixels that are at least faintly painted, and mean opacity of those. */
async function coverage(canvas: OffscreenCanvas): Promise<{ share: number; opacity: number }> {
  const flat = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!;
  flat.drawImage(await createImageBitmap(canvas), 0, 0);
  const { data } = flat.getImageData(0, 0, canvas.width, canvas.height);
  let painted = 0;
  let opacity = 0;
  for (let k = 3; k < data.length; k += 4) {
    if (data[k] > 24) painted += 1;
    if (data[k] > 24) opacity += data[k] / 255;
  }
  return { share: painted / (data.length / 4), opacity: opacity / Math.max(1, painted) };
}

async function drawn(view: SkyView, device: GPUDevice | null): Promise<{ share: number; opacity: number }> {
  const canvas = new OffscreenCanvas(1, 1);
  device?.pushErrorScope('validation');
  const sky = new SkyCanvas(canvas, view, device && { device, Renderer: GpuRenderer });
  sky.setPeople(frame(), 1000);
  sky.setPeople(frame(), 3000);
  // Seen when the lights of the arcs are about to meet.
  sky.draw(3300);
  const result = await coverage(canvas);
  expect((await device?.popErrorScope()) ?? null).toBeNull();
  sky.dispose();
  return result;
}

describe('SkyCanvas', () => {
  it.each([
    ['dark', base],
    ['light', { ...base, dark: false }],
    ['without motion', { ...base, reducedMotion: true }],
  ])('draws much the same picture with WebGPU and with Canvas 2D: %s', async (_, view) => {
    const gpu = await drawn(view, await newDevice());
    const flat = await drawn(view, null);
    expect(gpu.share).toBeGreaterThan(0.02);
    expect(gpu.share).toBeLessThan(0.6);
    expect(flat.share / gpu.share).toBeGreaterThan(0.66);
    expect(flat.share / gpu.share).toBeLessThan(1.5);
    expect(Math.abs(flat.opacity - gpu.opacity)).toBeLessThan(0.2);
  });

  it('picks the person under the pointer, and nobody in the empty sky', () => {
    const sky = new SkyCanvas(new OffscreenCanvas(1, 1), { ...base, reducedMotion: true }, null);
    sky.setPeople(frame(100), 0);
    for (const id of [100, 117, 160, 179]) {
      const at = sky.locate(id, 10);
      expect(at).not.toBeNull();
      const index = sky.pick(at!.x, at!.y, 10);
      const found = sky.locate(100 + index, 10)!;
      expect(Math.hypot(found.x - at!.x, found.y - at!.y)).toBeLessThan(0.5);
    }
    expect(sky.pick(-50, -50, 10)).toBe(-1);
    expect(sky.locate(5, 10)).toBeNull();
    sky.dispose();
  });

  it('draws nothing when nothing moves', () => {
    const sky = new SkyCanvas(new OffscreenCanvas(1, 1), base, null);
    sky.setPeople(frame(), 0);
    expect(sky.draw(100)).toBe(true);
    expect(sky.draw(5000)).toBe(false);
    sky.setView({ ...base, dark: false });
    sky.setView({ ...base, width: 300 });
    sky.draw(5001);
    sky.dispose();
  });

  it('continues after a lost device, and frees all resources', async () => {
    const canvas = new OffscreenCanvas(1, 1);
    const first = await newDevice();
    const sky = new SkyCanvas(canvas, base, { device: first, Renderer: GpuRenderer });
    sky.setPeople(frame(), 1000);
    sky.draw(2000);
    expect(sky.resources().buffers).toBe(3);
    first.destroy();
    await first.lost;
    sky.lost();
    expect(sky.resources().buffers).toBe(0);
    expect(sky.draw(2100)).toBe(false);
    expect(sky.restore(null)).toBe(false);
    expect(sky.restore({ device: await newDevice(), Renderer: GpuRenderer })).toBe(true);
    sky.draw(2200);
    expect((await coverage(canvas)).share).toBeGreaterThan(0.02);
    sky.dispose();
    expect(sky.resources()).toEqual({ buffers: 0, bufferBytes: 0, points: 0, arcs: 0 });
  });

  it('keeps the kind of its canvas', () => {
    const canvas = new OffscreenCanvas(1, 1);
    const flat = new SkyCanvas(canvas, base, null);
    flat.lost();
    flat.setPeople(frame(), 0);
    expect(flat.draw(10)).toBe(true);
    expect(flat.restore(null)).toBe(true);
    flat.dispose();
    const taken = new OffscreenCanvas(1, 1);
    taken.getContext('webgpu');
    expect(() => new SkyCanvas(taken, base, null)).toThrow(/fresh canvas/);
  });
});
