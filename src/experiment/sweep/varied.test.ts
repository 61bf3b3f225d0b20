import { expect, test } from 'vitest';
import { parseVaried } from './varied.ts';

test.each([
  ['policy.matcher=greedy, auction', ['greedy', 'auction']],
  ['policy.threshold=0:60:20', ['0', '20', '40', '60']],
  ['policy.threshold=0:50:20', ['0', '20', '40']],
  ['policy.waitingBonus=0:0.3:0.1', ['0', '0.1', '0.2', '0.3']],
  ['policy.waitingBonus=1:0:-.5', ['1', '0.5', '0']],
  ['policy.auctionRounds=1:1000:x10', ['1', '10', '100', '1000']],
  ['policy.auctionRounds=8:1:x0.5', ['8', '4', '2', '1']],
  ['policy.threshold=7:7:1', ['7']],
])('%s has the values %j', (text, values) => {
  expect(parseVaried(text).values).toEqual(values);
});
