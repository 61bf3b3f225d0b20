import { LabError, shown } from '../../base/errors.ts';
import { csvColumn, csvNumber, splitList, type CsvFile } from '../../base/text/csv.ts';
import type { CsvRecord } from '../../base/text/csv-scanner.ts';
import { isMissing } from '../../base/text/decimal.ts';
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

/** Maximum number of treatments: a column with more values is probably not a treatment. */
const MAX_TREATMENTS = 20;

/** The columns of an analysis, by name. */
export interface SlicesRequest {
  readonly treatment: string;
  readonly outcome: string;
  /** Each is the name of a column or a list of names such as `age,"city, country"`. */
  readonly by: readonly string[];
  /** How often the row counts; undefined: once. */
  readonly count: string | undefined;
  /** Leave out rows with an empty cell, or NA in a number, instead of refusing them. */
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
  /** Rows used, rows left out for a missing value, and the sum of the counts. */
  readonly rows: number;
  readonly skipped: number;
  readonly count: number;
  readonly crude: Readonly<Record<string, number | null>>;
  readonly verdict: Verdict;
  /** Over the slices in which every treatment occurs, and the share of rows in them. */
  readonly standardised: Readonly<Record<string, number | null>>;
  readonly support: number;
  /**
   * With more than two treatments: each against the first. With two, this object is the comparison.
   */
  readonly comparisons?: readonly PairResult[];
}

/**
 * The whole analysis of a CSV, as `lab slices --json` prints it. Undefined figures are null. Throws
 * LabError with the place.
 */
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
    by: table.by,
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

/** The columns that cut the rows into slices. */
function byColumns(csv: CsvFile, { by, treatment, outcome, count }: SlicesRequest): string[] {
  const names = by.flatMap((text) => (csv.header.includes(text.trim()) ? [text.trim()] : splitList(text)));
  if (names.length === 0) throw new LabError('no column cuts the rows into slices; name one');
  const used = [treatment, outcome, ...names, ...(count === undefined ? [] : [count])];
  const repeated = used.find((name, i) => used.indexOf(name) !== i);
  if (repeated !== undefined)
    throw new LabError(`column ${shown(repeated)} is named twice; each column may have one role only`);
  return names;
}

function readCells(csv: CsvFile, request: SlicesRequest) {
  const treatment = csvColumn(csv, request.treatment);
  const outcome = csvColumn(csv, request.outcome);
  const byNames = byColumns(csv, request);
  const by = byNames.map((name) => csvColumn(csv, name));
  const count = request.count === undefined ? null : csvColumn(csv, request.count);
  const numeric = count === null ? [outcome] : [outcome, count];
  const treatments = new Set<string>();
  const cells = new Map<string, SliceCells>();
  let kind: OutcomeKind = 'share';
  let rows = 0;
  for (const row of csv.rows) {
    const missing =
      numeric.find((c) => isMissing(row.cells[c])) ??
      [treatment, ...by].find((c) => row.cells[c].trim() === '');
    if (missing !== undefined) {
      if (request.skipMissing) continue;
      const text = row.cells[missing].trim();
      throw new LabError(
        `${csv.header[missing]} is ${text === '' ? 'empty' : shown(text)}; fill it in, or leave such rows out with --missing skip`,
        row.where(missing),
      );
    }
    rows++;
    const value = csvNumber(row, outcome, request.outcome);
    const times = count === null ? 1 : readCount(row, count, csv.header[count]);
    if (times === 0) continue;
    const name = row.cells[treatment];
    treatments.add(name);
    if (treatments.size > MAX_TREATMENTS)
      throw new LabError(
        `${request.treatment} has more than ${MAX_TREATMENTS} different values; it does not look like a treatment`,
        row.where(treatment),
      );
    if (value !== 0 && value !== 1) kind = 'mean';
    const levels = by.map((c) => row.cells[c]);
    const key = JSON.stringify(levels);
    let slice = cells.get(key);
    if (slice === undefined) {
      slice = {
        slice: Object.fromEntries(byNames.map((c, i) => [c, levels[i]])),
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
        : `${request.treatment} has one value only, ${shown([...treatments][0])}; two are needed for a comparison`,
      csv.rows[0].where(treatment),
    );
  return { treatments: [...treatments], by: byNames, cells, kind, rows };
}

function readCount(row: CsvRecord, column: number, name: string): number {
  const expected = 'a whole number, 0 or more';
  const times = csvNumber(row, column, name, expected);
  if (!Number.isSafeInteger(times) || times < 0)
    throw new LabError(`${name} must be ${expected}; it is ${row.cells[column]}`, row.where(column));
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
