/** Two orthonormal axes, found by orthogonal iteration: f64[2][dim], row-major. */
export type Axes = Float64Array;

/** A deterministic start that is unlikely to be orthogonal to the leading eigenvectors. */
export function firstAxes(dim: number): Axes {
  const axes = new Float64Array(2 * dim);
  for (let k = 0; k < 2 * dim; k += 1) axes[k] = Math.sin(1 + k * 12.9898);
  orthonormalise(axes, dim);
  return axes;
}

/**
 * One step of orthogonal iteration (Golub and Van Loan, Matrix Computations, 8.2): axes <-
 * orthonormal basis of C axes. It converges to the plane of the two largest eigenvalues.
 * `covariance`: f64[dim][dim], symmetric. Returns false and leaves `axes` unchanged if the rank of
 * C is below 2.
 */
export function iterate(covariance: Float64Array, axes: Axes, dim: number): boolean {
  const next = new Float64Array(2 * dim);
  for (let i = 0; i < dim; i += 1) {
    let a = 0;
    let b = 0;
    for (let j = 0; j < dim; j += 1) {
      const c = covariance[i * dim + j];
      a += c * axes[j];
      b += c * axes[dim + j];
    }
    next[i] = a;
    next[dim + i] = b;
  }
  if (!orthonormalise(next, dim)) return false;
  axes.set(next);
  return true;
}

/** Gram-Schmidt. Returns false if the two rows do not span a plane. */
function orthonormalise(axes: Axes, dim: number): boolean {
  const scaleA = Math.sqrt(dotRows(axes, axes, 0, 0, dim));
  if (!(scaleA > 1e-12)) return false;
  for (let k = 0; k < dim; k += 1) axes[k] /= scaleA;
  const before = Math.sqrt(dotRows(axes, axes, dim, dim, dim));
  const along = dotRows(axes, axes, 0, dim, dim);
  for (let k = 0; k < dim; k += 1) axes[dim + k] -= along * axes[k];
  const scaleB = Math.sqrt(dotRows(axes, axes, dim, dim, dim));
  if (!(scaleB > 1e-9 * before)) return false;
  for (let k = 0; k < dim; k += 1) axes[dim + k] /= scaleB;
  return true;
}

export function dotRows(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  atA: number,
  atB: number,
  dim: number,
): number {
  let sum = 0;
  for (let k = 0; k < dim; k += 1) sum += a[atA + k] * b[atB + k];
  return sum;
}

/**
 * The orthogonal 2 x 2 matrix R (row-major; a rotation or a reflection) that maximises trace(R' M):
 * orthogonal Procrustes (Schönemann 1966), in closed form. Identity if M is zero.
 */
export function procrustes(m: readonly [number, number, number, number]): [number, number, number, number] {
  const turn = Math.hypot(m[0] + m[3], m[2] - m[1]);
  const flip = Math.hypot(m[0] - m[3], m[2] + m[1]);
  if (!(Math.max(turn, flip) > 1e-12)) return [1, 0, 0, 1];
  if (turn >= flip) {
    const c = (m[0] + m[3]) / turn;
    const s = (m[2] - m[1]) / turn;
    return [c, -s, s, c];
  }
  const c = (m[0] - m[3]) / flip;
  const s = (m[2] + m[1]) / flip;
  return [c, s, s, -c];
}

/** Replaces the axes by R' axes, so that coordinates q = axes v become R' q. */
export function turnAxes(axes: Axes, r: readonly [number, number, number, number], dim: number): void {
  for (let k = 0; k < dim; k += 1) {
    const a = axes[k];
    const b = axes[dim + k];
    axes[k] = r[0] * a + r[2] * b;
    axes[dim + k] = r[1] * a + r[3] * b;
  }
}
