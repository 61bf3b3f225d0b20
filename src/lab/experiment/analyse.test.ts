import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { normal, Stream, uniform } from '../../base/hash.ts';
import { command } from './analyse.ts';

const folder = mkdtempSync(join(tmpdir(), 'analyse-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, rows: readonly (readonly (string | number)[])[]): string {
  const path = join(folder, name);
  writeFileSync(path, rows.map((row) => row.join(',')).join('\n'));
  return path;
}
const draw = (a: number, b: number) => normal(1, Stream.training, a, b);
const columns = ['--arm', 'arm', '--outcome', 'y'];

test('rows without a value are refused with a way out, or left out of every column', async () => {
  const rows = Array.from({ length: 40 }, (_, k) => [k % 2 === 1 ? 'B' : 'A', k, k === 3 ? '' : k % 7]);
  const path = file('missing.csv', [['arm', 'pre', 'y'], ...rows, ['A', 'NA', 3], ['', 9, 9]]);
  await expect(command.run([path, ...columns])).rejects.toThrow(
    'missing.csv:5:5: y is empty; fill it in, or leave such rows out with --missing skip',
  );
  const known = file('known.csv', [['arm', 'pre', 'y'], ...rows.filter((row) => row[2] !== '')]);
  const [found, expected] = await Promise.all([
    command.run([path, ...columns, '--pre', 'pre', '--missing', 'skip']),
    command.run([known, ...columns, '--pre', 'pre']),
  ]);
  expect(found).toEqual({ ...expected, file: path, skipped: 3 });
});

describe('people', () => {
  /** 400 people, three rows each; B adds 2, and the past explains most of the rest. */
  const rows = Array.from({ length: 1200 }, (_, k) => {
    const person = k % 400;
    const pre = 5 * draw(person, 0);
    const y = 20 + pre + (person % 2 === 1 ? 2 : 0) + 2 * draw(k, 1);
    return [person, person % 2 === 1 ? 'B' : 'A', pre, y, k, person % 3] as const;
  });
  const path = file('people.csv', [['person', 'arm', 'pre', 'y', 'time', 'third'], ...rows]);
  const all = [path, ...columns, '--unit', 'person'];

  test('effect, interval by person, sample ratio', async () => {
    const answer = await command.run(all);
    expect(answer.method).toBe('difference in means, clustered by unit');
    expect(answer.arms.map((a) => [a.arm, a.rows, a.people])).toEqual([
      ['A', 600, 200],
      ['B', 600, 200],
    ]);
    expect(answer.low).toBeLessThan(2);
    expect(answer.high).toBeGreaterThan(2);
    expect(answer.srm).toMatchObject({ of: 'units', observed: [200, 200], p_value: 1, failed: false });
    const loose = await command.run([path, ...columns]);
    expect(loose.standard_error).toBeLessThan(0.7 * answer.standard_error!);
  });

  test('the other arm can be the control; another confidence is another width', async () => {
    const answer = await command.run(all);
    const turned = await command.run([...all, '--control', 'B', '--confidence', '0.8']);
    expect(turned.estimate).toBeCloseTo(-answer.estimate!, 12);
    expect(turned.high! - turned.low!).toBeLessThan(0.7 * (answer.high! - answer.low!));
  });

  test('CUPED takes out what the past explains', async () => {
    const { cuped } = await command.run([...all, '--pre', 'pre']);
    expect(cuped?.theta).toBeCloseTo(1, 1);
    expect(cuped?.variance_ratio).toBeLessThan(0.2);
    expect(cuped?.estimate).toBeCloseTo(2, 0);
  });

  test('who loses although the mean rises: the effect by fifth of the past', async () => {
    const own = Array.from({ length: 500 }, (_, k) => {
      const pre = draw(k, 20);
      return [k, k % 2 === 1 ? 'B' : 'A', pre, 5 + draw(k, 21) + (k % 2 === 1 ? 0.6 + 1.5 * pre : 0)];
    });
    const path = file('fifths.csv', [['person', 'arm', 'pre', 'y'], ...own]);
    const answer = await command.run([path, ...columns, '--unit', 'person', '--pre', 'pre']);
    expect(answer.estimate).toBeGreaterThan(0);
    expect(answer.by_fifth.map((f) => f.people)).toEqual([100, 100, 100, 100, 100]);
    expect(answer.by_fifth[0].high).toBeLessThan(0);
    expect(answer.by_fifth[0].flagged).toBe(true);
    expect(answer.by_fifth[4].low).toBeGreaterThan(0);
    expect(command.print(answer)).toContain('fifth of the pre-period');
  });

  test('looks in order of time, each wider than an interval fixed at that moment', async () => {
    const answer = await command.run([...all, '--pre', 'pre', '--looks', 'time']);
    const { looks, fixed_interval_error: error, shares } = answer.sequential!;
    expect(looks.map((look) => look.rows)).toEqual(Array.from({ length: 20 }, (_, k) => 60 * (k + 1)));
    expect(error).toBeCloseTo(0.248, 2);
    expect(shares).toBeNull();
    const last = looks[19];
    expect(last.estimate).toBeCloseTo(answer.estimate!, 12);
    expect(last.high! - last.low!).toBeGreaterThan(1.2 * (answer.high! - answer.low!));
    expect(command.print(answer)).toContain('valid at every look');
  });

  test('a quantile, with order statistics where rows are independent', async () => {
    const { quantile } = await command.run([...all, '--quantile', '0.5']);
    expect(quantile!.low).toBeLessThan(2.5);
    expect(quantile!.high).toBeGreaterThan(1.5);
    expect(quantile!.arms[0].low).toBeNull();
    const loose = (await command.run([path, ...columns, '--quantile', '0.5'])).quantile!;
    expect(loose.high! - loose.low!).toBeLessThan(0.8 * (quantile!.high! - quantile!.low!));
    for (const { value, low, high } of loose.arms) {
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
    }
    expect(loose.p_value).toBeLessThan(0.05);
  });

  test('rows of 0 and 1 have an always-valid share in either arm', async () => {
    const shares = file('shares.csv', [
      ['arm', 'y', 'time', 'pre'],
      ...Array.from({ length: 400 }, (_, k) => [k % 2 === 0 ? 'A' : 'B', k % 4 === 0 ? 1 : 0, k, k % 3]),
    ]);
    const answer = await command.run([shares, ...columns, '--looks', 'time', '--pre', 'pre']);
    const [a, b] = answer.sequential!.shares!;
    expect(a.low).toBeLessThan(0.5);
    expect(a.high).toBeGreaterThan(0.5);
    expect(b.low).toBe(0);
    expect(answer.cuped!.relative).toMatchObject({ effect: expect.closeTo(-1, 2) as number });
  });

  test('slices, corrected for their number', async () => {
    const { slices } = await command.run([...all, '--by', 'third']);
    expect(slices.map((s) => s.people)).toEqual([134, 133, 133]);
    for (const s of slices) {
      expect(s.p_adjusted).toBeGreaterThanOrEqual(s.p_value!);
      expect(s.flagged).toBe(s.p_adjusted! <= 0.05);
    }
  });

  test('a broken assignment is said first and loudly', async () => {
    const answer = await command.run([...all, '--planned-share', '0.3']);
    expect(answer.srm?.failed).toBe(true);
    expect(command.print(answer)).toMatch(
      /^SAMPLE RATIO MISMATCH: 200 units in A, 200 units in B, where 70 % and 30 % were planned/,
    );
  });
});

describe('pairs of people', () => {
  test('rows that share a person are dependent; a handful of people has no interval', async () => {
    const rows = ['few', 'many'].flatMap((slice, s) =>
      Array.from({ length: s === 0 ? 30 : 200 }, (_, k) => {
        const people = s === 0 ? 5 : 40;
        const arm = k % 2 === 0 ? 'A' : 'B';
        const a = Math.floor(uniform(2, Stream.training, k, s) * people);
        const b = (a + 1 + Math.floor(uniform(3, Stream.training, k, s) * (people - 1))) % people;
        const level = (p: number) => 3 * draw(p, arm === 'A' ? 5 : 6);
        return [`${slice}${arm}${a}`, `${slice}${arm}${b}`, arm, level(a) + level(b) + draw(k, 7), slice];
      }),
    );
    const path = file('pairs.csv', [['a', 'b', 'arm', 'y', 'slice'], ...rows]);
    const answer = await command.run([path, ...columns, '--unit', 'a,b', '--by', 'slice']);
    expect(answer.method).toBe('difference in means, dyadic: rows that share a person');
    expect(answer.slices[0]).toMatchObject({
      slice: 'few',
      people: 10,
      low: null,
      high: null,
      flagged: false,
    });
    expect(answer.slices[1].low).toBeLessThan(answer.slices[1].high!);
    const loose = await command.run([path, ...columns]);
    expect(answer.standard_error).toBeGreaterThan(2 * loose.standard_error!);
    expect(command.print(answer)).toMatch(/few +10 .*no interval: too few/);
  });
});

describe('windows and clusters', () => {
  test.each(['window', 'cluster'])('the error is that of a %s', async (name) => {
    const rows = Array.from({ length: 400 }, (_, k) => {
      const group = Math.floor(k / 20);
      return [group, group % 2 === 0 ? 0 : 1, draw(group, 8) + 0.1 * draw(k, 9), k % 2];
    });
    const path = file(`${name}.csv`, [[name, 'arm', 'y', 'half'], ...rows]);
    const answer = await command.run([path, ...columns, `--${name}`, name]);
    expect(answer.method).toBe(`difference of the means of ${name}s, t of ${name}s - 2`);
    expect(answer.degrees_of_freedom).toBe(18);
    const { standard_error: errors } = (answer.windows ?? answer.clusters)!;
    expect(errors.cr1).toBeGreaterThan(3 * errors.rows_independent);
    // 2 P(Z < -1.96 rows / groups).
    expect(answer.rows_false_positive).toBeGreaterThan(0.4);
    expect(answer.srm).toMatchObject({ of: `${name}s`, observed: [10, 10] });
    expect(answer.path_test).toBeNull();
    const all = [path, ...columns, '--by', 'half', `--${name}`, name];
    const byGroup = await command.run(all);
    const byRow = await command.run(all.slice(0, -2));
    byGroup.slices.forEach((slice, k) =>
      expect(slice.standard_error).toBeGreaterThan(2 * byRow.slices[k].standard_error!),
    );
  });

  test('a handful of windows has an exact test', async () => {
    const rows = Array.from({ length: 40 }, (_, k) => [
      k >> 2,
      (k >> 2) % 2,
      ((k >> 2) % 2) * 9 + draw(k, 9),
    ]);
    const path = file('few.csv', [['w', 'arm', 'y'], ...rows]);
    const answer = await command.run([path, ...columns, '--window', 'w']);
    // Of the 1,022 paths with both arms, the one seen and its mirror image differ most.
    expect(answer.path_test).toMatchObject({ paths: 1022, p_value: 2 / 1022 });
    expect(command.print(answer)).toContain('exact test of the windows');
  });
});

describe('refused', () => {
  const three = file('three.csv', [
    ['arm', 'y', 'w'],
    ['A', 1, 1],
    ['B', 2, 1],
    ['C', 3, 2],
  ]);
  const mixed = file('mixed.csv', [
    ['arm', 'y', 'w'],
    ['A', 1, 1],
    ['B', 2, 1],
  ]);
  const two = file('two.csv', [
    ['arm', 'y', 'w'],
    ['A', 1, 1],
    ['B', 'x', 1],
  ]);
  test.each([
    [[three, ...columns], 'names a column with 3 values ("A", "B", "C"); an experiment has two arms'],
    [[two, ...columns], 'two.csv:3:3: y must be a number; it is "x"'],
    [[three, '--arm', 'arm', '--outcome', 'z'], 'there is no column "z"; there are arm, y, w'],
    [[three, ...columns, '--window', 'w', '--cluster', 'w'], 'cannot both say what was assigned'],
    [[three, '--outcome', 'y'], '--arm: is missing'],
    [[mixed, ...columns, '--window', 'w'], 'window "1" is in both arms; assign whole windows'],
  ])('%j', async (args, message) => {
    await expect(command.run(args)).rejects.toThrow(message);
  });
});
