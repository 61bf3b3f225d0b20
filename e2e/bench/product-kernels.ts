/**
 * A compute shader for the product of n x 64 by 64 x n in f32, whose inputs are component-major.
 */
export interface ProductKernel {
  readonly n: number;
  readonly shape: string;
  /**
   * `stored` writes n x n results. `max` writes the maximum per row and tile, closer to what
   * scoring writes.
   */
  readonly kind: 'stored' | 'max';
  readonly code: string;
  readonly groups: readonly [number, number];
}

export const PRODUCT_DEPTH = 64;
export const PRODUCT_TILE = 128;

const repeat = (count: number, line: (k: number) => string) =>
  Array.from({ length: count }, (_, k) => line(k)).join('\n');

/**
 * An invocation sums `rows` x `columns` results in registers. A workgroup has 8 x 8 invocations.
 */
export function registerKernel(n: number, rows: number, columns: number): ProductKernel {
  const code = `
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;
@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let row = (group.y * 8u + local.y) * ${rows}u;
  let column = group.x * ${8 * columns}u + local.x;
  ${repeat(rows * columns, (k) => `var s${k}: f32 = 0.0;`)}
  for (var k: u32 = 0u; k < ${PRODUCT_DEPTH}u; k++) {
    ${repeat(rows, (r) => `let p${r} = a[k * ${n}u + row + ${r}u];`)}
    ${repeat(columns, (c) => `let q${c} = b[k * ${n}u + column + ${8 * c}u];`)}
    ${repeat(rows * columns, (k) => `s${k} += p${Math.floor(k / columns)} * q${k % columns};`)}
  }
  ${repeat(rows * columns, (k) => `out[(row + ${Math.floor(k / columns)}u) * ${n}u + column + ${8 * (k % columns)}u] = s${k};`)}
}`;
  const groups = [n / (8 * columns), n / (8 * rows)] as const;
  return { n, shape: `${rows} x ${columns} in registers`, kind: 'stored', code, groups };
}

/**
 * A workgroup of 256 invocations computes a tile of 128 x 128, each invocation 8 x 8 results.
 * Slices of 16 components pass through 16 KiB of workgroup memory.
 */
export function tileKernel(n: number, kind: ProductKernel['kind']): ProductKernel {
  const store = `
  let row = group.y * ${PRODUCT_TILE}u + 4u * local.y;
  ${repeat(8, (r) => {
    const at = `(row + ${r < 4 ? r : r + 60}u) * ${n / 4}u + group.x * 32u + local.x`;
    return `out[${at}] = s${2 * r}; out[${at} + 16u] = s${2 * r + 1};`;
  })}`;
  const maxOf = (r: number) => `max(max(m${r}.x, m${r}.y), max(m${r}.z, m${r}.w))`;
  const maxima = `
  ${repeat(8, (r) => `let m${r} = max(s${2 * r}, s${2 * r + 1});`)}
  left[local.x * 32u + local.y] = vec4f(${[0, 1, 2, 3].map(maxOf).join(', ')});
  left[local.x * 32u + 16u + local.y] = vec4f(${[4, 5, 6, 7].map(maxOf).join(', ')});
  workgroupBarrier();
  if (index < 32u) {
    var largest = left[index];
    for (var k = 1u; k < 16u; k++) { largest = max(largest, left[k * 32u + index]); }
    out[group.x * ${n / 4}u + group.y * 32u + index] = largest;
  }`;
  const code = `
@group(0) @binding(0) var<storage, read> a: array<vec4f>;
@group(0) @binding(1) var<storage, read> b: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4f>;
var<workgroup> left: array<vec4f, 512>;
var<workgroup> right: array<vec4f, 512>;
@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) index: u32) {
  ${repeat(16, (k) => `var s${k} = vec4f();`)}
  for (var first = 0u; first < ${PRODUCT_DEPTH}u; first += 16u) {
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
  ${kind === 'stored' ? store : maxima}
}`;
  return {
    n,
    shape: `tiles of ${PRODUCT_TILE} x ${PRODUCT_TILE}`,
    kind,
    code,
    groups: [n / PRODUCT_TILE, n / PRODUCT_TILE],
  };
}
