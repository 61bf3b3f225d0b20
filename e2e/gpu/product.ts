import { openDevice } from '../../src/gpu/device.ts';
import { median } from '../bench/stats.ts';
import { openGpu } from './adapter.ts';

export interface ProductRow {
  /** Rounded up to whole tiles. */
  readonly n: number;
  /** `stored` writes n x n results. `max` writes the maximum per row and tile, closer to what scoring writes. */
  readonly kind: 'stored' | 'max';
  /** Milliseconds per product when many are queued and awaited once. */
  readonly eachMs: number;
  /** Milliseconds of one product, including its wait. */
  readonly wallMs: number;
  readonly gflops: number;
  /** The results of row 0 equal the CPU's. */
  readonly correct: boolean;
}

const DEPTH = 64;
const TILE = 128;
/** Maximum bytes of a stored result. */
const MAX_STORED_BYTES = 2 ** 30;

const repeat = (count: number, line: (k: number) => string) =>
  Array.from({ length: count }, (_, k) => line(k)).join('\n');

/**
 * WGSL of n x 64 by 64 x n in f32. A workgroup of 256 invocations computes a tile of 128 x 128, each
 * invocation 8 x 8 results. Slices of 16 components pass through 16 KiB of workgroup memory.
 */
function code(n: number, kind: ProductRow['kind']): string {
  const store = repeat(
    8,
    (r) => `at = (row + ${r < 4 ? r : r + 60}u) * ${n / 4}u + group.x * 32u + local.x;
    out[at] = s${2 * r}; out[at + 16u] = s${2 * r + 1};`,
  );
  const maxima = `
  ${repeat(8, (r) => `let m${r} = max(s${2 * r}, s${2 * r + 1});`)}
  let near = vec4f(${[0, 1, 2, 3].map((r) => `max(max(m${r}.x, m${r}.y), max(m${r}.z, m${r}.w))`).join(', ')});
  let far = vec4f(${[4, 5, 6, 7].map((r) => `max(max(m${r}.x, m${r}.y), max(m${r}.z, m${r}.w))`).join(', ')});
  left[local.x * 32u + local.y] = near;
  left[local.x * 32u + 16u + local.y] = far;
  workgroupBarrier();
  if (index < 32u) {
    var largest = left[index];
    for (var k = 1u; k < 16u; k++) { largest = max(largest, left[k * 32u + index]); }
    out[group.x * ${n / 4}u + group.y * 32u + index] = largest;
  }`;
  return `
@group(0) @binding(0) var<storage, read> a: array<vec4f>;
@group(0) @binding(1) var<storage, read> b: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4f>;
var<workgroup> left: array<vec4f, 512>;
var<workgroup> right: array<vec4f, 512>;
@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) index: u32) {
  ${repeat(16, (k) => `var s${k} = vec4f();`)}
  for (var first = 0u; first < ${DEPTH}u; first += 16u) {
    for (var t = index; t < 512u; t += 256u) {
      let at = (first + t / 32u) * ${n / 4}u + t % 32u;
      left[t] = a[at + group.y * 32u];
      right[t] = b[at + group.x * 32u];
    }
    workgroupBarrier();
    for (var k = 0u; k < 16u; k++) {
      let p = left[k * 32u + local.y];
      let q = left[k * 32u + 16u + local.y];
      let near = right[k * 32u + local.x];
      let far = right[k * 32u + 16u + local.x];
      ${repeat(8, (r) => {
        const x = `${r < 4 ? 'p' : 'q'}.${'xyzw'[r % 4]}`;
        return `s${2 * r} += ${x} * near; s${2 * r + 1} += ${x} * far;`;
      })}
    }
    workgroupBarrier();
  }
  ${kind === 'stored' ? `let row = group.y * ${TILE}u + 4u * local.y;\n  var at: u32;\n  ${store}` : maxima}
}`;
}

/** Measures matrix products in plain f32 WGSL: the ceiling of a scoring pass that uses workgroup memory. */
export async function benchProducts(
  sizes: readonly number[],
  flags: readonly string[] | undefined,
  report: (rows: ProductRow[], progress: string) => void,
): Promise<void> {
  const { device } = await openDevice(await openGpu(flags));
  const rows: ProductRow[] = [];
  for (const size of sizes)
    for (const kind of ['stored', 'max'] as const) {
      const n = Math.ceil(size / TILE) * TILE;
      if (
        kind === 'stored' &&
        4 * n * n > Math.min(MAX_STORED_BYTES, device.limits.maxStorageBufferBindingSize)
      )
        continue;
      rows.push({ n, kind, ...(await timed(device, n, kind)) });
      report(rows, `product: ${JSON.stringify(rows.at(-1))}`);
    }
  device.destroy();
}

async function timed(
  device: GPUDevice,
  n: number,
  kind: ProductRow['kind'],
): Promise<Omit<ProductRow, 'n' | 'kind'>> {
  // Whole numbers, in component-major order.
  const values = (salt: number) =>
    Float32Array.from({ length: n * DEPTH }, (_, k) => ((((k + salt) * 2654435761) >>> 24) % 101) - 50);
  const [a, b] = [values(0), values(7)];
  const { STORAGE, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
  const buffer = (bytes: number, usage: number) => device.createBuffer({ size: bytes, usage });
  const tables = [a, b].map((data) => {
    const made = buffer(data.byteLength, STORAGE | COPY_DST);
    device.queue.writeBuffer(made, 0, data);
    return made;
  });
  const out = buffer(4 * n * (kind === 'stored' ? n : n / TILE), STORAGE | COPY_SRC);
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: code(n, kind) }) },
  });
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [...tables, out].map((made, binding) => ({ binding, resource: { buffer: made } })),
  });
  const submit = (count: number) => {
    const encoder = device.createCommandEncoder();
    for (let k = 0; k < count; k++) {
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindings);
      pass.dispatchWorkgroups(n / TILE, n / TILE);
      pass.end();
    }
    device.queue.submit([encoder.finish()]);
    return device.queue.onSubmittedWorkDone();
  };
  await submit(1);
  const wall: number[] = [];
  for (let k = 0; k < 7; k++) {
    const start = performance.now();
    await submit(1);
    wall.push(performance.now() - start);
  }
  const wallMs = median(wall);
  const count = Math.max(1, Math.min(50, Math.floor(500 / wallMs)));
  const start = performance.now();
  await submit(count);
  const eachMs = (performance.now() - start) / count;

  // Row 0 of the results: every column, or the maximum of every tile.
  const staging = buffer(4 * n, MAP_READ | COPY_DST);
  const encoder = device.createCommandEncoder();
  if (kind === 'stored') encoder.copyBufferToBuffer(out, 0, staging, 0, 4 * n);
  else for (let t = 0; t < n / TILE; t++) encoder.copyBufferToBuffer(out, 4 * n * t, staging, 4 * t, 4);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const found = new Float32Array(staging.getMappedRange().slice(0));
  const dot = (column: number) => {
    let sum = 0;
    for (let k = 0; k < DEPTH; k++) sum += a[k * n] * b[k * n + column];
    return sum;
  };
  let correct = true;
  if (kind === 'stored') for (let j = 0; j < n; j++) correct &&= found[j] === dot(j);
  else
    for (let t = 0; t < n / TILE; t++)
      correct &&= found[t] === Math.max(...Array.from({ length: TILE }, (_, k) => dot(TILE * t + k)));
  for (const made of [...tables, out, staging]) made.destroy();
  return { eachMs, wallMs, gflops: (2 * n * n * DEPTH) / eachMs / 1e6, correct };
}
