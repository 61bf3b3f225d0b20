import {
  PRODUCT_DEPTH,
  registerKernel,
  PRODUCT_TILE,
  tileKernel,
  type ProductKernel,
} from './product-kernels.ts';
import { median } from './stats.ts';

/**
 * The fastest plain matrix product on an adapter, n x 64 by 64 x n in f32, whose results are
 * stored.
 */
export interface Product {
  readonly shape: string;
  /** Multiply-adds per second. */
  readonly multiplyAdds: number;
}

/** @throws Error if a product is wrong. */
export async function bestProduct(device: GPUDevice, realGpu: boolean): Promise<Product> {
  const n = realGpu ? 4096 : 512;
  const sides = [8, 4].flatMap((rows) => [8, 4].map((columns) => registerKernel(n, rows, columns)));
  let best: Product = { shape: 'none', multiplyAdds: 0 };
  for (const kernel of [...sides, tileKernel(n, 'stored')]) {
    const { wallMs, correct } = await timeProduct(device, kernel);
    if (!correct) throw new Error(`the matrix product with ${kernel.shape} is wrong on this adapter`);
    const multiplyAdds = (1000 * n * n * PRODUCT_DEPTH) / wallMs;
    if (multiplyAdds > best.multiplyAdds) best = { shape: kernel.shape, multiplyAdds };
  }
  return best;
}

export interface ProductTime {
  /** Milliseconds per product when many are queued and awaited once. */
  readonly eachMs: number;
  /** Milliseconds of one product, including its wait. */
  readonly wallMs: number;
  /** The results of row 0 equal the CPU's. */
  readonly correct: boolean;
}

/** Runs a product on whole numbers: 7 times one by one, then as often as fits half a second. */
export async function timeProduct(device: GPUDevice, kernel: ProductKernel): Promise<ProductTime> {
  const { n, kind, code, groups } = kernel;
  const values = (salt: number) =>
    Float32Array.from(
      { length: n * PRODUCT_DEPTH },
      (_, k) => ((((k + salt) * 2654435761) >>> 24) % 101) - 50,
    );
  const [a, b] = [values(0), values(7)];
  const { STORAGE, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
  const buffer = (size: number, usage: number) =>
    device.createBuffer({ label: 'bench product', size, usage });
  const inputs = [a, b].map((data) => {
    const made = buffer(data.byteLength, STORAGE | COPY_DST);
    device.queue.writeBuffer(made, 0, data);
    return made;
  });
  const out = buffer(4 * n * (kind === 'stored' ? n : n / PRODUCT_TILE), STORAGE | COPY_SRC);
  const staging = buffer(4 * n, MAP_READ | COPY_DST);
  const module = device.createShaderModule({ label: `bench product ${kernel.shape}`, code });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [...inputs, out].map((made, binding) => ({ binding, resource: { buffer: made } })),
  });
  const timed = async (count: number) => {
    const start = performance.now();
    const encoder = device.createCommandEncoder();
    for (let k = 0; k < count; k++) {
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindings);
      pass.dispatchWorkgroups(...groups);
      pass.end();
    }
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return performance.now() - start;
  };
  // The first run warms up.
  await timed(1);
  const wall: number[] = [];
  for (let k = 0; k < 7; k++) wall.push(await timed(1));
  const wallMs = median(wall);
  const count = Math.max(1, Math.min(50, Math.floor(500 / wallMs)));
  const eachMs = (await timed(count)) / count;

  // Row 0 of the results: every column, or the maximum of every tile.
  const encoder = device.createCommandEncoder();
  if (kind === 'stored') encoder.copyBufferToBuffer(out, 0, staging, 0, 4 * n);
  else
    for (let t = 0; t < n / PRODUCT_TILE; t++) encoder.copyBufferToBuffer(out, 4 * n * t, staging, 4 * t, 4);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const found = new Float32Array(staging.getMappedRange().slice(0));
  for (const made of [...inputs, out, staging]) made.destroy();
  const dots = Float32Array.from({ length: n }, (_, column) => {
    let sum = 0;
    for (let k = 0; k < PRODUCT_DEPTH; k++) sum += a[k * n] * b[k * n + column];
    return sum;
  });
  const expected =
    kind === 'stored'
      ? dots
      : dots
          .filter((_, j) => j % PRODUCT_TILE === 0)
          .map((_, t) => Math.max(...dots.slice(PRODUCT_TILE * t, PRODUCT_TILE * (t + 1))));
  return { eachMs, wallMs, correct: expected.every((value, k) => value === found[k]) };
}
