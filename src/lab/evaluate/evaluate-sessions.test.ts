import { expect, test } from 'vitest';
import { command } from './evaluate.ts';

test('lab evaluate latency: a table by length of history, on either clock', async () => {
  const args = [
    'latency',
    '--backend',
    'cpu',
    '--people',
    '20',
    '--ticks',
    '2',
    '--lengths',
    '8,16',
    '--size',
    '8',
  ];
  for (const clock of ['wall', 'cpu']) {
    const result = await command.run([...args, '--clock', clock]);
    expect(result).toMatchObject({ backend: 'cpu', people: 20, rows: [{ history: 8 }, { history: 16 }] });
    expect(command.print(result)).toMatch(/16 {2}asynchronous +\d/);
  }
});

test.each([
  [['latency', '--lengths', '8,7'], '--lengths: must be even numbers from 2 to 128'],
  [['latency', '--clock', 'sun'], '--clock: must be wall or cpu; it is sun'],
  [['latency', '--backend', 'abacus'], '--backend: must be one of'],
  [
    ['latency', '--heads', '3', '--backend', 'cpu'],
    'the size divided by the heads must be a multiple of 4 up to 32; it is 32 / 3',
  ],
  [['market', '--models', 'magic'], 'there is no scorer "magic"'],
  [['market', '--evenings', '1'], '--evenings must lie between 2 and 200'],
])('lab evaluate %j is refused in one line', async (args, message) => {
  await expect(command.run(args)).rejects.toThrow(message);
});
