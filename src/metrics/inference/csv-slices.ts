import { csvColumn, csvNumber, csvPlace, type CsvFile, type CsvRow } from '../../base/csv.ts';
import { LabError } from '../../base/errors.ts';
import {
  compare,
  emptyCell,
  mean,
  mergeCells,
  repeatedCell,
  standardisedValues,
  type Cell,
  type Comparison,
  type OddsRatio,
  type OutcomeKind,
  type Verdict,
} from './slices.ts';

/** At most this many treatments are compared: more are rather a column that is no treatment. */
const MAX_TREATMENTS = 20;

/** Which column plays which part. */
export interface SlicesRequest {
  readonly treatment: string;
  readonly outcome: string;
  readonly by: readonly string[];
  /** How often the row counts; undefined: once. */
  readonly count: string | undefined;
  /** Leave out rows with an empty cell in one of these columns, instead of refusing them. */
  readonly skipMissing: boolean;
}

export interface PairResult {
  /** The difference is first minus second, the odds ratio first over second. */
  readonly first: string;
  readonly second: string;
  readonly difference: { readonly crude: Limits; readonly standardised: Limits };
  readonly standardised: Readonly<Record<string, number | null>>;
  readonly support: number;
  readonly oddsRatio: OddsResult | null;
  readonly slices: readonly SliceResult[];
  readonly verdict: Verdict;
}

export interface Limits {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

interface OddsResult {
  readonly crude: number | null;
  readonly crudeLow: number | null;
  readonly crudeHigh: number | null;
  readonly mantelHaenszel: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

interface SliceResult {
  readonly slice: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly values: Readonly<Record<string, number | null>>;
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly reversed: boolean;
}

export interface SlicesResult extends Partial<PairResult> {
  readonly file: string;
  readonly treatments: readonly string[];
  readonly outcome: string;
  readonly outcomeKind: OutcomeKind;
  readonly by: readonly string[];
  /** Rows used, rows left out for an empty cell, and the sum of the counts. */
  readonly rows: number;
  readonly skipped: number;
  readonly count: number;
  readonly crude: Readonly<Record<string, number | null>>;
  readonly verdict: Verdict;
  /** Over the slices in which every treatment occurs, and the share of rows in them. */
  readonly standardised: Readonly<Record<string, number | null>>;
  readonly support: number;
  /** With more than two treatments: each against the first. With two, the one comparison stands in this object itself. */
  readonly comparisons?: readonly PairResult[];
}

/** The whole analysis of a CSV, as `lab slices --json` prints it. Undefined figures are null. Throws LabError with the place. */
export function analyseCsv(csv: CsvFile, request: SlicesRequest): SlicesResult {
  const table = readCells(csv, request);
  const { treatments, cells, kind } = table;
  const total = (t: string) =>
    [...cells.values()].map((c) => c.of.get(t) ?? emptyCell).reduce(mergeCells, emptyCell);
  const totals = treatments.map(total);
  const comparisons = treatments.slice(1).map((second) => {
    const strata = [...cells.values()].map((c) => ({
      name: Object.values(c.slice).join(', '),
      first: c.of.get(treatments[0]) ?? emptyCell,
      second: c.of.get(second) ?? emptyCell,
    }));
    const slices = [...cells.values()].map((c) => c.slice);
    return pairResult(treatments[0], second, compare(strata, kind), slices);
  });
  const common = standardisedValues(
    [...cells.values()].map((c) => treatments.map((t) => c.of.get(t) ?? emptyCell)),
    kind,
  );
  const verdicts = comparisons.map((c) => c.verdict);
  const strongest = (['full', 'partial'] as const).find((v) => verdicts.includes(v)) ?? 'none';
  return {
    file: csv.file,
    outcome: request.outcome,
    outcomeKind: kind,
    by: request.by,
    treatments,
    rows: table.rows,
    skipped: csv.rows.length - table.rows,
    count: totals.reduce((sum, c) => sum + c.count, 0),
    crude: Object.fromEntries(treatments.map((t, i) => [t, orNull(mean(totals[i]))])),
    standardised: Object.fromEntries(treatments.map((t, i) => [t, orNull(common.values[i])])),
    support: common.support,
    ...(comparisons.length === 1 ? comparisons[0] : { comparisons }),
    verdict: strongest,
  };
}

interface SliceCells {
  readonly slice: Record<string, string>;
  readonly of: Map<string, Cell>;
}

function readCells(csv: CsvFile, request: SlicesRequest) {
  const treatment = csvColumn(csv, request.treatment);
  const outcome = csvColumn(csv, request.outcome);
  const by = request.by.map((name) => csvColumn(csv, name));
  const count = request.count === undefined ? null : csvColumn(csv, request.count);
  const used = [treatment, outcome, ...by, ...(count === null ? [] : [count])];
  const treatments = new Set<string>();
  const cells = new Map<string, SliceCells>();
  let kind: OutcomeKind = 'share';
  let rows = 0;
  for (const row of csv.rows) {
    const empty = used.find((c) => row.cells[c].trim() === '');
    if (empty !== undefined) {
      if (request.skipMissing) continue;
      throw new LabError(
        `${csv.header[empty]} is empty; fill it in, or leave such rows out with --missing skip`,
        csvPlace(csv.file, row, empty),
      );
    }
    rows++;
    const value = csvNumber(csv, row, outcome);
    const times = count === null ? 1 : readCount(csv, row, count);
    if (times === 0) continue;
    const name = row.cells[treatment].trim();
    treatments.add(name);
    if (treatments.size > MAX_TREATMENTS)
      throw new LabError(
        `${request.treatment} has more than ${MAX_TREATMENTS} different values; it does not look like a treatment`,
        csvPlace(csv.file, row, treatment),
      );
    if (value !== 0 && value !== 1) kind = 'mean';
    const levels = by.map((c) => row.cells[c].trim());
    const key = JSON.stringify(levels);
    let slice = cells.get(key);
    if (slice === undefined) {
      slice = {
        slice: Object.fromEntries(request.by.map((c, i) => [c, levels[i]])),
        of: new Map<string, Cell>(),
      };
      cells.set(key, slice);
    }
    slice.of.set(name, mergeCells(slice.of.get(name) ?? emptyCell, repeatedCell(value, times)));
  }
  if (treatments.size < 2)
    throw new LabError(
      treatments.size === 0
        ? 'no row is left to compare (all counts are 0, or all rows were skipped)'
        : `${request.treatment} has one value only, "${[...treatments][0]}"; two are needed for a comparison`,
      csvPlace(csv.file, csv.rows[0], treatment),
    );
  return { treatments: [...treatments], cells, kind, rows };
}

function readCount(csv: CsvFile, row: CsvRow, column: number): number {
  const expected = 'a whole number, 0 or more';
  const times = csvNumber(csv, row, column, expected);
  if (!Number.isSafeInteger(times) || times < 0)
    throw new LabError(
      `${csv.header[column]} must be ${expected}; it is ${row.cells[column].trim()}`,
      csvPlace(csv.file, row, column),
    );
  return times;
}

function pairResult(
  first: string,
  second: string,
  comparison: Comparison,
  names: readonly Record<string, string>[],
): PairResult {
  const { crude, standardised, oddsRatio } = comparison;
  return {
    first,
    second,
    difference: { crude: limits(crude), standardised: limits(standardised) },
    standardised: Object.fromEntries([
      [first, orNull(standardised.first)],
      [second, orNull(standardised.second)],
    ]),
    support: standardised.support,
    oddsRatio: oddsRatio && oddsResult(oddsRatio.crude, oddsRatio.mantelHaenszel),
    slices: comparison.slices.map((s, i) => ({
      slice: names[i],
      counts: Object.fromEntries([
        [first, s.first.count],
        [second, s.second.count],
      ]),
      values: Object.fromEntries([
        [first, orNull(mean(s.first))],
        [second, orNull(mean(s.second))],
      ]),
      difference: orNull(s.difference.value),
      low: orNull(s.difference.low),
      high: orNull(s.difference.high),
      reversed: s.reversed,
    })),
    verdict: comparison.verdict,
  };
}

function oddsResult(crude: OddsRatio, pooled: OddsRatio): OddsResult {
  return {
    crude: orNull(crude.value),
    crudeLow: orNull(crude.low),
    crudeHigh: orNull(crude.high),
    mantelHaenszel: orNull(pooled.value),
    low: orNull(pooled.low),
    high: orNull(pooled.high),
  };
}

function limits(d: { value: number; low: number; high: number }): Limits {
  return { value: orNull(d.value), low: orNull(d.low), high: orNull(d.high) };
}

/** JSON has neither NaN nor Infinity. */
function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
