/**
 * Solves a x = b for a symmetric positive definite f64[n][n]: b becomes x, `a` becomes its Cholesky
 * factor. Returns the inverse of `a`.
 */
export function solvePositive(a: Float64Array, n: number, b: Float64Array): Float64Array {
  factorise(a, n);
  solve(a, n, b);
  const inverse = new Float64Array(n * n);
  for (let c = 0; c < n; c++) {
    const column = new Float64Array(n);
    column[c] = 1;
    solve(a, n, column);
    for (let r = 0; r < n; r++) inverse[r * n + c] = column[r];
  }
  return inverse;
}

/** In-place Cholesky factor (lower triangle). A pivot that rounding made too small is raised. */
function factorise(a: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    let d = a[j * n + j];
    for (let k = 0; k < j; k++) d -= a[j * n + k] ** 2;
    const root = Math.sqrt(Math.max(d, 1e-12));
    a[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let s = a[i * n + j];
      for (let k = 0; k < j; k++) s -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = s / root;
    }
  }
}

/** Solves L Lt x = b in place. */
function solve(l: Float64Array, n: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let s = x[i];
    for (let k = 0; k < i; k++) s -= l[i * n + k] * x[k];
    x[i] = s / l[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let s = x[i];
    for (let k = i + 1; k < n; k++) s -= l[k * n + i] * x[k];
    x[i] = s / l[i * n + i];
  }
}
