import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const file = 'test-results/tally.json';
type Tally = Record<string, { passed: number; failed: number }>;

export function resetTally(): void {
  mkdirSync('test-results', { recursive: true });
  writeFileSync(file, '{}');
}

export function writeTally(step: string, counts: { passed: number; failed: number }): void {
  const tally = readTally();
  tally[step] = counts;
  mkdirSync('test-results', { recursive: true });
  writeFileSync(file, JSON.stringify(tally, null, 2));
}

export function readTally(): Tally {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Tally) : {};
}
