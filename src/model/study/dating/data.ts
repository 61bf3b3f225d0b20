import { csvColumn, csvNumber, type CsvFile } from '../../../base/csv.ts';
import { LabError, must } from '../../../base/errors.ts';

/**
 * The Columbia speed-dating experiment (Fisman and Iyengar, 2002-2004) as a test from outside: does this person want to see that one again,
 * and do both? `users`: one row per person; `dates`: one row per date and side.
 */
export interface SpeedDating {
  readonly people: number;
  readonly wave: Int32Array;
  /** Side information: slots of a tower's tables (the first is the person), and numbers from 0 to 1. */
  readonly offsets: readonly number[];
  readonly sparse: Uint32Array;
  readonly dense: Float32Array;
  readonly denseCount: number;
  /** Pairs, each once: positions of both people, and what either decided (1: again). */
  readonly pairs: number;
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  readonly decA: Uint8Array;
  readonly decB: Uint8Array;
  /** How much a liked b, and b a, 1 to 10; NaN where the answer is missing. Known only after the date. */
  readonly likeA: Float64Array;
  readonly likeB: Float64Array;
  /** What is known of a pair before its date, about 0 and of order 1: f64[pairs][pairInputs]. */
  readonly together: Float64Array;
}

/** Columns of `dates` that are known of a pair beforehand, with what becomes 0 and what becomes 1. */
const pairColumns = [
  ['samerace', 0.4, 1.4],
  ['int_corr', 0.2, 0.5],
] as const;
export const pairInputs = pairColumns.length;

/** Columns of `users` that are a kind, and those that are a number (with the value that becomes 1). */
const kinds = ['gender', 'race', 'field_cd', 'goal', 'date', 'go_out'] as const;
const ages = [20, 22, 24, 26, 28, 30, 34];
const ratings = [
  ...[
    'imprace',
    'imprelig',
    'sports',
    'tvsports',
    'exercise',
    'dining',
    'museums',
    'art',
    'hiking',
    'gaming',
  ],
  ...['clubbing', 'reading', 'tv', 'theater', 'movies', 'concerts', 'music', 'shopping', 'yoga', 'exphappy'],
] as const;

/** Throws LabError with file, line and column where a cell is not what it should be. Blank answers become a kind of their own. */
export function readSpeedDating(users: CsvFile, dates: CsvFile): SpeedDating {
  const people = users.rows.length;
  const index = new Map<string, number>();
  users.rows.forEach((row, p) => index.set(row.cells[csvColumn(users, 'user_id')], p));
  const numberOr = (row: CsvFile['rows'][number], name: string): number | undefined => {
    const c = csvColumn(users, name);
    return row.cells[c].trim() === '' ? undefined : csvNumber(users, row, c);
  };
  const columns: number[][] = [Array.from({ length: people }, (_, p) => p)];
  for (const kind of kinds) columns.push(users.rows.map((row) => 1 + (numberOr(row, kind) ?? -1)));
  columns.push(
    users.rows.map((row) => {
      const age = numberOr(row, 'age');
      return age === undefined ? ages.length + 1 : ages.filter((end) => age > end).length;
    }),
  );
  const offsets = [0];
  for (const column of columns) offsets.push(offsets[offsets.length - 1] + 1 + Math.max(...column));
  const sparse = new Uint32Array(people * columns.length);
  columns.forEach((column, s) =>
    column.forEach((value, p) => {
      must(
        Number.isInteger(value) && value >= 0,
        `a kind must be a whole number; it is ${value}`,
        users.file,
      );
      sparse[p * columns.length + s] = offsets[s] + value;
    }),
  );
  const dense = new Float32Array(people * ratings.length);
  users.rows.forEach((row, p) =>
    ratings.forEach((name, d) => {
      dense[p * ratings.length + d] = Math.min(1, Math.max(0, (numberOr(row, name) ?? 5.5) / 10));
    }),
  );
  const [ua, ub, da, db] = ['user_id', 'peer_id', 'dec', 'dec_o'].map((name) => csvColumn(dates, name));
  /** Of a column that may be missing, in a cell that may be blank. */
  const optional = (name: string): ((row: CsvFile['rows'][number]) => number) => {
    const c = dates.header.indexOf(name);
    return (row) => (c < 0 || row.cells[c].trim() === '' ? NaN : csvNumber(dates, row, c));
  };
  const [like, likeBack] = [optional('like'), optional('like_o')];
  const known = pairColumns.map(([name, zero, one]) => {
    const read = optional(name);
    return (row: CsvFile['rows'][number]) => {
      const value = (read(row) - zero) / (one - zero);
      return Number.isNaN(value) ? 0 : value;
    };
  });
  const seen = new Map<string, PairRow>();
  for (const row of dates.rows) {
    const [i, j] = [ua, ub].map((c) => {
      const p = index.get(row.cells[c]);
      if (p === undefined)
        throw new LabError(`${row.cells[c]} is nobody in ${users.file}`, `${dates.file}:${row.line}:1`);
      return p;
    });
    const [x, y] = [da, db].map((c) => {
      const value = csvNumber(dates, row, c, '0 or 1');
      if (value !== 0 && value !== 1)
        throw new LabError(`a decision must be 0 or 1; it is ${value}`, `${dates.file}:${row.line}:1`);
      return value;
    });
    const key = i < j ? `${i}:${j}` : `${j}:${i}`;
    if (seen.has(key)) continue;
    const together = known.map((read) => read(row));
    const one = { person: i, decision: x, like: like(row) };
    const other = { person: j, decision: y, like: likeBack(row) };
    seen.set(key, { sides: i < j ? [one, other] : [other, one], together });
  }
  const pairs = [...seen.values()];
  return {
    people,
    wave: Int32Array.from(users.rows, (row) => csvNumber(users, row, csvColumn(users, 'wave'))),
    offsets,
    sparse,
    dense,
    denseCount: ratings.length,
    pairs: pairs.length,
    a: Uint32Array.from(pairs, (p) => p.sides[0].person),
    b: Uint32Array.from(pairs, (p) => p.sides[1].person),
    decA: Uint8Array.from(pairs, (p) => p.sides[0].decision),
    decB: Uint8Array.from(pairs, (p) => p.sides[1].decision),
    likeA: Float64Array.from(pairs, (p) => p.sides[0].like),
    likeB: Float64Array.from(pairs, (p) => p.sides[1].like),
    together: Float64Array.from(pairs.flatMap((p) => p.together)),
  };
}

interface Side {
  readonly person: number;
  readonly decision: number;
  readonly like: number;
}
interface PairRow {
  readonly sides: readonly [Side, Side];
  readonly together: readonly number[];
}
