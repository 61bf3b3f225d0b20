/** Peak rates of this machine, measured in the same run. Every floor divides by them. */
export interface Peak {
  /** Multiply-adds per second. */
  readonly multiplyAdds: number;
  /** Bytes copied per second; each byte is read once and written once. */
  readonly bytes: number;
  /** Milliseconds of an almost empty submission and its readback. 0 on the CPU. */
  readonly roundTripMs: number;
}

const REPEATS = 7;
/** A measurement on the GPU is at least so long; else its wait would be a part of it. */
const MIN_MS = 10;
const MAX_REPEATS = 4096;
/** Buffers that are copied on a GPU, where the device allows them: larger than its caches. */
const COPIED_BYTES = 256 << 20;

/**
 * One thread of JavaScript: dot products in the L1 cache with four running sums, and copies of 32
 * MB.
 */
export function cpuPeak(): Peak {
  const length = 1024;
  const a = Float32Array.from({ length }, (_, k) => (k % 7) - 3);
  const b = Float32Array.from({ length }, (_, k) => (k % 5) - 2);
  const rounds = 4000;
  let sink = 0;
  const arithmetic = () => {
    const start = performance.now();
    for (let round = 0; round < rounds; round += 1) {
      let s0 = round;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = 0; k < length; k += 4) {
        s0 += a[k] * b[k];
        s1 += a[k + 1] * b[k + 1];
        s2 += a[k + 2] * b[k + 2];
        s3 += a[k + 3] * b[k + 3];
      }
      sink += s0 + s1 + s2 + s3;
    }
    return (length * rounds * 1000) / (performance.now() - start);
  };
  const from = new Float32Array(8 << 20).fill(1);
  const to = new Float32Array(8 << 20);
  const copy = () => {
    const start = performance.now();
    to.set(from);
    return (from.byteLength * 1000) / (performance.now() - start);
  };
  const peak = { multiplyAdds: best(arithmetic), bytes: best(copy), roundTripMs: 0 };
  if (!Number.isFinite(sink)) throw new Error('the sums of the arithmetic peak are not finite');
  return peak;
}

const STEPS = 512;
const GROUPS = 512;
const GROUP = 64;
const code = `
@group(0) @binding(0) var<storage, read_write> out: array<vec4f>;
@compute @workgroup_size(${GROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&out)) { return; }
  let x = vec4f(f32(id.x) * 1e-9);
  var a = x; var b = x; var c = x; var d = x; var e = x; var f = x; var g = x; var h = x;
  for (var k = 0u; k < ${STEPS}u; k++) {
    a = fma(a, x, x); b = fma(b, x, x); c = fma(c, x, x); d = fma(d, x, x);
    e = fma(e, x, x); f = fma(f, x, x); g = fma(g, x, x); h = fma(h, x, x);
  }
  out[id.x] = a + b + c + d + e + f + g + h;
}`;

/**
 * The GPU: eight independent chains of vec4 multiply-adds in registers, and copies of 256 MB
 * between buffers. Each is repeated within a submission until that takes ten milliseconds.
 */
export async function gpuPeak(device: GPUDevice): Promise<Peak> {
  const buffers: GPUBuffer[] = [];
  const buffer = (size: number) => {
    const made = device.createBuffer({
      label: 'bench peak',
      size,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
    buffers.push(made);
    return made;
  };
  const out = buffer(GROUPS * GROUP * 16);
  const copied = Math.min(COPIED_BYTES, device.limits.maxBufferSize);
  const [from, to] = [buffer(copied), buffer(copied)];
  const module = device.createShaderModule({ label: 'bench peak', code });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: out } }],
  });
  const timed = async (encode: (encoder: GPUCommandEncoder) => void, work: number) => {
    const run = async (count: number) => {
      const encoder = device.createCommandEncoder();
      for (let k = 0; k < count; k += 1) encode(encoder);
      const start = performance.now();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
      return performance.now() - start;
    };
    // The first run warms up.
    await run(1);
    let count = 1;
    while ((await run(count)) < MIN_MS && count < MAX_REPEATS) count *= 2;
    const rates: number[] = [];
    for (let k = 0; k < REPEATS; k += 1) rates.push((count * work * 1000) / (await run(count)));
    return Math.max(...rates);
  };
  const multiplyAdds = await timed(
    (encoder) => {
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(GROUPS);
      pass.end();
    },
    GROUPS * GROUP * STEPS * 32,
  );
  const bytes = await timed((encoder) => encoder.copyBufferToBuffer(from, 0, to, 0, from.size), from.size);
  const roundTripMs = await roundTrip(device, out);
  for (const b of buffers) b.destroy();
  return { multiplyAdds, bytes, roundTripMs };
}

async function roundTrip(device: GPUDevice, from: GPUBuffer): Promise<number> {
  const staging = device.createBuffer({
    label: 'bench round trip',
    size: 16,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  const times: number[] = [];
  for (let k = 0; k < 3 * REPEATS; k += 1) {
    const start = performance.now();
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(from, 0, staging, 0, 16);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    staging.unmap();
    times.push(performance.now() - start);
  }
  staging.destroy();
  return Math.min(...times);
}

/** Maximum rate of several runs, after two that warm up. */
function best(run: () => number): number {
  const rates = Array.from({ length: REPEATS }, run).slice(2);
  return Math.max(...rates);
}
