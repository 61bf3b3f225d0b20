import { expect, test } from 'vitest';
import { command } from './run.ts';

/**
 * Each event log is reproducible bit for bit on the CPU backend: a new digest means that a scenario
 * behaves differently.
 */
test.each([
  ['default-evening --ticks 240 --seed 7', '2e6fe8a666b35256'],
  ['gender-imbalance --ticks 240 --seed 3', 'a7f7df873407aeaa'],
  ['evening-rush --ticks 60 --seed 7', 'caa27a09f4e8aaad'],
  ['between-two-chats --ticks 240 --seed 7 --scale 0.2', 'c44c78a6b3d035a4'],
  ['newcomers-day --ticks 240 --seed 5 --set policy.matcher=auction', '75090bdbe8b054ba'],
])(
  'lab run %s has the digest %s',
  async (line, digest) => {
    const result = await command.run([...line.split(' '), '--backend', 'cpu']);
    expect(result.digest).toBe(digest);
  },
  300_000,
);
