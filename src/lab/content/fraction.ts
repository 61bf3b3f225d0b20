/**
 * Chance that a sketch counts one of `sources` exactly (`chanceOfExactCount`), as a fraction of
 * whole numbers such as "56/81". It is in lowest terms: no prime factor p of the width divides the
 * numerator, because (width - 1)^k is 1 or -1 modulo p.
 */
export function exactFraction(sources: number, width: number, depth: number): string {
  if (sources === 1) return '1';
  if (width === 1) return '0';
  const [columns, others, rows] = [BigInt(width), BigInt(sources - 1), BigInt(depth)];
  const all = columns ** others;
  const denominator = all ** rows;
  return `${denominator - (all - (columns - 1n) ** others) ** rows}/${denominator}`;
}
