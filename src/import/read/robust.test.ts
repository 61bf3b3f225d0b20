import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LabError } from '../../base/errors.ts';
import type { ByteSource } from '../../base/text/source.ts';
import { meetings, people, read, linesText } from '../testing/small-files.ts';
import { profileFile } from './profile.ts';
import { Tally } from './report.ts';
import { readRows } from './rows.ts';

/** A file that is made as it is read. */
function endless(name: string, size: number, line: (k: number) => string, head: string): ByteSource {
  return {
    name,
    size,
    open() {
      return Readable.from(pieces());
      function* pieces() {
        const encoder = new TextEncoder();
        let made = 0;
        let piece = head;
        for (let k = 0; made < size; k++) {
          piece += line(k);
          if (piece.length < 1 << 17) continue;
          const bytes = encoder.encode(piece);
          made += bytes.length;
          piece = '';
          yield bytes;
        }
      }
    },
  };
}

test('ten megabytes are read in pieces, and reading stops where it is told to', async () => {
  const source = endless(
    'big.csv',
    10e6,
    (k) => `u${k % 1000},u${(k * 7) % 1000},${k % 2},"x, ""${k}"""\n`,
    'a,b,c,d\n',
  );
  let rows = 0;
  let told = 0;
  const tally = new Tally('big.csv', 10e6);
  await readRows(source, tally, {
    row: () => void rows++,
    progress: (bytes) => {
      expect(bytes).toBeGreaterThanOrEqual(told);
      told = bytes;
    },
  });
  expect(tally.report()).toMatchObject({ notes: [], problems: [] });
  expect(rows).toBeGreaterThan(300_000);
  let seen = 0;
  const stop = new Error('enough');
  await expect(
    readRows(source, tally, {
      row: () => void seen++,
      progress: () => {
        throw stop;
      },
    }),
  ).rejects.toBe(stop);
  expect(seen).toBeLessThan(5000);
  const { rows: looked, more } = await profileFile(source);
  expect([looked, more]).toEqual([3000, true]);
});

describe('whatever the bytes are, there is a report or one clear error', () => {
  const safe = async (one: Uint8Array | string, other: Uint8Array | string) => {
    try {
      const { reports } = await read(one, other);
      for (const r of [reports.people, reports.meetings]) {
        expect(r.kept + r.skipped).toBe(r.rows);
        expect(r.problems.every((p) => p.count >= p.examples.length && p.examples.length > 0)).toBe(true);
      }
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      expect(error.message.split('\n')).toHaveLength(1);
    }
  };
  test('random bytes', async () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    await fc.assert(fc.asyncProperty(bytes, bytes, safe), { numRuns: 80 });
  });
  test('good files with random damage', async () => {
    const damage = fc.array(
      fc.tuple(
        fc.nat({ max: 5000 }),
        fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('"', '\n', ',', ';', '\0', '1e999', 'NaN', '')),
      ),
      { maxLength: 8 },
    );
    const damaged = (t: string, marks: [number, string][]) =>
      marks.reduce((s, [at, by]) => s.slice(0, at % s.length) + by + s.slice((at % s.length) + 1), t);
    await fc.assert(
      fc.asyncProperty(damage, damage, (a, b) =>
        safe(damaged(linesText(people), a), damaged(linesText(meetings), b)),
      ),
      { numRuns: 30 },
    );
  });
});
