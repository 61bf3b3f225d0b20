import { expect, test } from 'vitest';
import { command as latency } from './evaluate-latency.ts';
import { command as market } from './evaluate-market.ts';

test('lab evaluate latency: a table by length of history, on either clock', async () => {
  const args = ['--backend', 'cpu', '--people', '20', '--ticks', '2', '--lengths', '8,16', '--size', '8'];
  for (const clock of ['wall', 'cpu']) {
    const result = await latency.run([...args, '--clock', clock]);
    expect(result).toMatchObject({ backend: 'cpu', people: 20, rows: [{ history: 8 }, { history: 16 }] });
    expect(latency.print(result)).toMatch(/16 {2}asynchronous +\d/);
  }
});

test.each([
  [['--lengths', '8,7'], '--lengths: must be even numbers; one is 7'],
  [['--lengths', '8,x'], '--lengths: must be a whole number from 2 to 128; it is "x"'],
  [['--clock', 'sun'], '--clock: must be one of wall, cpu; it is "sun"'],
  [['--backend', 'abacus'], '--backend: must be one of'],
  [['--heads', '3', '--backend', 'cpu'], 'the size divided by the heads must be a multiple of 4'],
])('lab evaluate latency %j is refused in one line', async (args, message) => {
  await expect(latency.run(args)).rejects.toThrow(message);
});

test.each([
  [['--models', 'magic'], '--models: must list some of random'],
  [['--models', '__proto__'], '--models: must list some of random'],
  [['--baseline', 'towerz'], 'did you mean "towers"?'],
  [['--evenings', '1'], '--evenings: must be a whole number from 2 to 200; it is "1"'],
])('lab evaluate market %j is refused in one line', async (args, message) => {
  await expect(market.run(args)).rejects.toThrow(message);
});
