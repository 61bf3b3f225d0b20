import { LabError, must, shown } from '../../../base/errors.ts';
import { csvColumn, csvNumber, type CsvFile } from '../../../base/text/csv.ts';
import type { CsvRecord } from '../../../base/text/csv-scanner.ts';
import { NearIds } from '../../../base/text/near-id.ts';

/**
 * The Columbia speed-dating experiment (Fisman and Iyengar, 2002-2004) as a test on outside data:
 * does this person want to see that one again, and do both? `users`: one row per person; `dates`:
 * one row per date and side.
 */
export interface SpeedDating {
  readonly people: number;
  readonly wave: Int32Array;
  /**
   * Side information: slots of a tower's tables (the first is the person), and numbers from 0 to 1.
   */
  readonly offsets: readonly number[];
  readonly sparse: Uint32Array;
  readonly dense: Float32Array;
  readonly denseCount: number;
  /** Pairs, each once: positions of both people, and what each of them decided (1: again). */
  readonly pairs: number;
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  readonly decA: Uint8Array;
  readonly decB: Uint8Array;
  /** How much a liked b, and b a, 1 to 10; NaN where unknown. Known only after the date. */
  readonly likeA: Float64Array;
  readonly likeB: Float64Array;
  /** What is known of a pair before its date, about 0 and of order 1: f64[pairs][pairInputs]. */
  readonly together: Float64Array;
}

/** Columns of `dates` that are known before a date, with the values that become 0 and 1. */
const pairColumns = [
  ['samerace', 0.4, 1.4],
  ['int_corr', 0.2, 0.5],
] as const;
export const pairInputs = pairColumns.length;

/** Columns of `users` that are categories, and those that are ratings from 1 to 10. */
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

/**
 * Reads both tables. A blank answer becomes a category of its own. Throws LabError with file, line
 * and column where a cell is not what it should be, where a person or a date is listed twice, or
 * where both sides of a date contradict each other.
 */
export function readSpeedDating(users: CsvFile, dates: CsvFile): SpeedDating {
  const people = users.rows.length;
  const index = indexOf(users);
  const numberOr = (row: CsvRecord, name: string): number | undefined => {
    const c = csvColumn(users, name);
    return row.cells[c] === '' ? undefined : csvNumber(row, c, name);
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
        `a category must be a whole number; it is ${value}`,
        users.rows[p].where(0),
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
  const pairs = readPairs(dates, index, users.file);
  return {
    people,
    wave: Int32Array.from(users.rows, (row) => csvNumber(row, csvColumn(users, 'wave'), 'wave')),
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
interface Pair {
  /** The person listed first in `users` first. */
  readonly sides: readonly [Side, Side];
  readonly together: readonly number[];
}

/** Position of every person by id. */
function indexOf(users: CsvFile): Map<string, number> {
  const id = csvColumn(users, 'user_id');
  const index = new Map<string, number>();
  users.rows.forEach((row, p) => {
    const before = index.get(row.cells[id]);
    if (before !== undefined)
      throw new LabError(
        `user_id ${shown(row.cells[id])} was already given in line ${users.rows[before].line}; expected one row per person`,
        row.where(id),
      );
    index.set(row.cells[id], p);
  });
  return index;
}

/** The dates, each once; a second row may tell a date from its other side. */
function readPairs(dates: CsvFile, index: ReadonlyMap<string, number>, usersFile: string): Pair[] {
  const [ua, ub, da, db] = ['user_id', 'peer_id', 'dec', 'dec_o'].map((name) => csvColumn(dates, name));
  const near = new NearIds(index.keys());
  /** Reads a number; NaN where the column is missing or the cell is blank. */
  const optional = (name: string): ((row: CsvRecord) => number) => {
    const c = dates.header.indexOf(name);
    return (row) => (c < 0 || row.cells[c] === '' ? NaN : csvNumber(row, c, name));
  };
  const [like, likeBack] = [optional('like'), optional('like_o')];
  const known = pairColumns.map(([name, zero, one]) => {
    const read = optional(name);
    return (row: CsvRecord) => {
      const value = (read(row) - zero) / (one - zero);
      return Number.isNaN(value) ? 0 : value;
    };
  });
  const seen = new Map<
    string,
    { readonly pair: Pair; readonly toldBy: Set<number>; readonly line: number }
  >();
  for (const row of dates.rows) {
    const person = (c: number) => {
      const p = index.get(row.cells[c]);
      if (p === undefined)
        throw new LabError(
          `${dates.header[c]} ${shown(row.cells[c])} is not in ${usersFile}${near.hint(row.cells[c])}`,
          row.where(c),
        );
      return p;
    };
    const decision = (c: number) => {
      const value = csvNumber(row, c, dates.header[c], '0 or 1');
      must(value === 0 || value === 1, `a decision must be 0 or 1; it is ${value}`, row.where(c));
      return value;
    };
    const one = { person: person(ua), decision: decision(da), like: like(row) };
    const other = { person: person(ub), decision: decision(db), like: likeBack(row) };
    must(one.person !== other.person, `${shown(row.cells[ua])} meets themselves`, row.where(ub));
    const sides: readonly [Side, Side] = one.person < other.person ? [one, other] : [other, one];
    const key = sides.map((side) => side.person).join(':');
    const before = seen.get(key);
    if (before === undefined) {
      const pair = { sides, together: known.map((read) => read(row)) };
      seen.set(key, { pair, toldBy: new Set([one.person]), line: row.line });
      continue;
    }
    const names = `${shown(row.cells[ua])} and ${shown(row.cells[ub])}`;
    const contradicts = (x: number, y: number) => !Number.isNaN(x) && !Number.isNaN(y) && x !== y;
    must(
      !sides.some((side, s) => {
        const { decision, like } = before.pair.sides[s];
        return contradicts(side.decision, decision) || contradicts(side.like, like);
      }),
      `the answers of ${names} contradict those in line ${before.line}; expected the same from both sides`,
      row.where(da),
    );
    must(
      !before.toldBy.has(one.person),
      `the date of ${names} was already given in line ${before.line}; expected one row per side`,
      row.where(ua),
    );
    before.toldBy.add(one.person);
  }
  return [...seen.values()].map(({ pair }) => pair);
}
