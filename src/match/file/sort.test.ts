import { expect, test } from 'vitest';
import { hash4 } from '../../base/hash.ts';
import { descending } from './sort.ts';

test.each([0, 1, 300, 20_000])('%i values, highest first, equal ones in their order', (n) => {
  const special = [0, -0, Infinity, -Infinity, 5e-324, -1.5, 2 ** 53];
  const values = Float64Array.from({ length: n }, (_, i) =>
    i % 3 === 0 ? special[i % special.length] : (hash4(i, 7, 0, 0) % 4000) - 2000.25,
  );
  const expected = [...values.keys()].sort((a, b) =>
    values[a] === values[b] ? a - b : values[a] > values[b] ? -1 : 1,
  );
  expect([...descending(values)]).toEqual(expected);
});
