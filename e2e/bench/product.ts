/** The best matrix product found for an adapter: n x 64 by 64 x n in f32, nothing done with the result but storing it. */
export interface Product {
  readonly shape: string;
  /** Multiply-adds per second. */
  readonly multiplyAdds: number;
}

const DEPTH = 64;
const REPEATS = 5;
const head = (n: number) => `
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;
const N = ${n}u;
`;
const upTo = (count: number) => [...Array(count).keys()];
const each = (count: number, line: (k: number) => string) => upTo(count).map(line).join('\n');

/** One invocation: `rows` x `columns` sums in registers, columns 8 apart; 8 x 8 invocations. */
function registers(n: number, rows: number, columns: number): string {
  return `${head(n)}
@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let row = (group.y * 8u + local.y) * ${rows}u;
  let column = group.x * ${8 * columns}u + local.x;
  ${each(rows * columns, (k) => `var s${k}: f32 = 0.0;`)}
  for (var k: u32 = 0u; k < ${DEPTH}u; k++) {
    ${each(rows, (r) => `let p${r} = a[k * N + row + ${r}u];`)}
    ${each(columns, (c) => `let q${c} = b[k * N + column + ${8 * c}u];`)}
    ${each(rows * columns, (k) => `s${k} += p${Math.floor(k / columns)} * q${k % columns};`)}
  }
  ${each(rows * columns, (k) => `out[(row + ${Math.floor(k / columns)}u) * N + column + ${8 * (k % columns)}u] = s${k};`)}
}`;
}

/** Tries some shapes and keeps the fastest. */
export async function bestProduct(device: GPUDevice, software: boolean): Promise<Product> {
  const n = software ? 512 : 4096;
  const sides = { '8 x 8': [8, 8], '4 x 8': [4, 8], '4 x 4': [4, 4] };
  const shapes = Object.entries(sides).map(([name, [rows, columns]]) => ({
    shape: `${name} in registers`,
    code: registers(n, rows, columns),
    groups: [n / (8 * columns), n / (8 * rows)],
  }));
  const buffers = [n * DEPTH, n * DEPTH, n * n].map((length) =>
    device.createBuffer({ label: 'bench product', size: 4 * length, usage: GPUBufferUsage.STORAGE }),
  );
  let best: Product = { shape: 'none', multiplyAdds: 0 };
  for (const { shape, code, groups } of shapes) {
    const module = device.createShaderModule({ label: `bench product ${shape}`, code });
    const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
    const group = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    for (let run = 0; run < REPEATS; run += 1) {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(groups[0], groups[1]);
      pass.end();
      const start = performance.now();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
      const multiplyAdds = (1000 * n * n * DEPTH) / (performance.now() - start);
      // The first run warms up.
      if (run > 0 && multiplyAdds > best.multiplyAdds) best = { shape, multiplyAdds };
    }
  }
  for (const buffer of buffers) buffer.destroy();
  return best;
}
