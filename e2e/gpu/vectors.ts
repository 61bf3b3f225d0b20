import { writeFileSync } from 'node:fs';
import { Stream, uniform } from '../../src/base/hash.ts';

/**
 * Writes n generated embeddings of `dim` components for `lab match`. Dot products of `whole`
 * vectors are exact on any device. Those of `fraction` vectors round, and greedy repairs ties in
 * f64.
 */
export function writeVectors(file: string, n: number, dim: number, kind: 'whole' | 'fraction'): void {
  const lines = [`id,side,${Array.from({ length: dim }, (_, k) => `v${k + 1}`).join(',')}`];
  for (let i = 0; i < n; i++) {
    const row = Array.from({ length: dim }, (_, k) => {
      const v = 100 * uniform(3, Stream.world, i, k, 0) - 50;
      return kind === 'whole' ? Math.round(v) : (v / 50).toPrecision(6);
    });
    lines.push(`p${i},,${row.join(',')}`);
  }
  writeFileSync(file, `${lines.join('\n')}\n`);
}
