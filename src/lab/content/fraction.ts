/**
 * Chance that a sketch counts one of `sources` exactly (`chanceOfExactCount`), as a reduced
 * fraction of whole numbers such as "56/81".
 */
export function exactFraction(sources: number, width: number, depth: number): string {
  const [columns, others, rows] = [BigInt(width), BigInt(sources - 1), BigInt(depth)];
  const all = columns ** others;
  const collided = all - (columns - 1n) ** others;
  const denominator = all ** rows;
  const numerator = denominator - collided ** rows;
  const divisor = greatestCommonDivisor(numerator, denominator);
  const [over, under] = [numerator / divisor, denominator / divisor];
  return under === 1n ? `${over}` : `${over}/${under}`;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
