import { orNull } from '../../base/or-null.ts';
import type { CsvFile } from '../../base/text/csv.ts';
import type { OddsRatio } from '../../metrics/inference/odds-ratio.ts';
import {
  compare,
  emptyCell,
  mean,
  mergeCells,
  repeatedCell,
  standardisedValues,
  verdict,
  type Cell,
  type Comparison,
  type OutcomeKind,
  type Verdict,
} from '../../metrics/inference/slices.ts';
import { CausalTable } from '../causal/effects.ts';
import { shownEffect, type EffectFigures } from '../causal/effect-interval.ts';
import { holm } from '../inference/multiple-testing.ts';
import { columnNames, readComparison, type TableRows } from './csv-rows.ts';
import { dependentIntervals } from './dependent.ts';
import { rolesOf, type SliceRole, type SlicesRequest } from './slice-roles.ts';

export interface PairResult {
  /** The difference is first minus second, the odds ratio first over second. */
  readonly first: string;
  readonly second: string;
  readonly difference: { readonly crude: Limits; readonly standardised: Limits };
  readonly standardised: Readonly<Record<string, number | null>>;
  readonly support: number;
  readonly oddsRatio: OddsResult | null;
  readonly slices: readonly SliceResult[];
  /** By the signs alone. */
  readonly verdict: Verdict;
  /**
   * What is claimed: the crude interval excludes 0, and so do the slices' own intervals on the
   * other side, corrected for the number of slices (Holm).
   */
  readonly claimed: Verdict;
  readonly mayBeChance: boolean;
  /** Of a mediator: the effect, and its parts past the mediator and through it. */
  readonly effects?: {
    readonly total: EffectFigures;
    readonly naturalDirect: EffectFigures;
    readonly naturalIndirect: EffectFigures;
  };
  /** Of a collider: what standardising would have said, which is no effect. */
  readonly ifAdjusted?: Pick<PairResult, 'standardised' | 'slices'> & { readonly difference: Limits };
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
  /** Its difference has the other sign than the crude one. */
  readonly reversed: boolean;
  /** Its interval, corrected for the number of slices (Holm), excludes 0. */
  readonly flagged: boolean;
}

export interface SlicesResult extends Partial<PairResult> {
  readonly file: string;
  readonly treatments: readonly string[];
  readonly outcome: string;
  readonly outcomeKind: OutcomeKind;
  readonly by: readonly string[];
  /** Of the columns of `by`; null where some are not told. */
  readonly role: SliceRole | null;
  /** What the standardised figures assume or why there are none, as a sentence. */
  readonly note: string;
  /** How the intervals treat the rows. */
  readonly method: string;
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
  const roles = rolesOf(csv, request);
  const unit = columnNames(csv, request.unit ?? []);
  const rows = readComparison(csv, { ...request, by: roles.by, unit });
  const { treatments } = rows;
  const kind: OutcomeKind = rows.isShare ? 'share' : 'mean';
  const cells = cellsOf(rows);
  const totals = treatments.map((_, t) => cells.map((level) => level[t]).reduce(mergeCells, emptyCell));
  const comparisons = treatments.slice(1).map((_, k) => comparePair(rows, cells, kind, k + 1, roles.role));
  const common = standardisedValues(cells, kind);
  const refused = roles.role === 'collider';
  const strongest = (['full', 'partial'] as const).find((v) => comparisons.some((c) => c.verdict === v));
  return {
    file: csv.file,
    outcome: request.outcome,
    outcomeKind: kind,
    ...roles,
    method: methodName(unit),
    treatments,
    rows: rows.used,
    skipped: rows.skipped,
    count: totals.reduce((sum, c) => sum + c.count, 0),
    crude: Object.fromEntries(treatments.map((t, i) => [t, orNull(mean(totals[i]))])),
    standardised: Object.fromEntries(
      treatments.map((t, i) => [t, refused ? null : orNull(common.values[i])]),
    ),
    support: common.support,
    ...(comparisons.length === 1 ? comparisons[0] : { comparisons }),
    verdict: strongest ?? 'none',
  };
}

function methodName(unit: readonly string[]): string {
  if (unit.length === 0) return 'rows independent; Newcombe for shares, Welch for means';
  return unit.length === 1
    ? `cluster-robust by ${unit[0]}, t by the effective number of units`
    : `dyadic by ${unit.join(' and ')}, t by the effective number of people`;
}

/** [level][treatment] */
function cellsOf({ treatments, arms, outcomes, counts, levels, slices }: TableRows): Cell[][] {
  const cells = slices.map(() => treatments.map(() => emptyCell));
  arms.forEach((arm, row) => {
    const level = cells[levels[row]];
    level[arm] = mergeCells(level[arm], repeatedCell(outcomes[row], counts[row]));
  });
  return cells;
}

function comparePair(
  rows: TableRows,
  cells: readonly (readonly Cell[])[],
  kind: OutcomeKind,
  other: number,
  role: SliceRole | null,
): PairResult {
  const [first, second] = [rows.treatments[0], rows.treatments[other]];
  const strata = cells.map((level, k) => ({
    name: Object.values(rows.slices[k]).join(', '),
    first: level[0],
    second: level[other],
  }));
  const arms = rows.arms.map((arm) => (arm === 0 ? 1 : arm === other ? 0 : -1));
  const table = new CausalTable({ ...rows, arms, levelCount: cells.length });
  const comparison = compare(
    strata,
    kind,
    rows.units.length === 0 ? undefined : dependentIntervals(table, rows.units),
  );
  const result = pairResult(first, second, comparison, rows.slices);
  if (role === 'collider') {
    const { standardised, slices, difference } = result;
    return {
      ...result,
      standardised: { [first]: null, [second]: null },
      difference: { crude: difference.crude, standardised: { value: null, low: null, high: null } },
      ...{ oddsRatio: null, slices: [], verdict: 'none', claimed: 'none', mayBeChance: false },
      ifAdjusted: { standardised, slices, difference: difference.standardised },
    };
  }
  if (role !== 'mediator') return result;
  const show = shownEffect(table, rows.units);
  return {
    ...result,
    effects: {
      total: show(table.crude()),
      naturalDirect: show(table.standardised('control')),
      naturalIndirect: show(table.indirect()),
    },
  };
}

function pairResult(
  first: string,
  second: string,
  comparison: Comparison,
  names: readonly Readonly<Record<string, string>>[],
): PairResult {
  const { crude, standardised, oddsRatio, slices } = comparison;
  const flagged = flaggedSlices(slices.map((s) => s.pValue));
  const crudeIsSure = crude.low > 0 || crude.high < 0;
  // A slice whose corrected interval contains 0 says nothing for or against.
  const sure = slices.map((s, k) => (flagged[k] ? s.difference.value : 0));
  const isFull = comparison.verdict === 'full' && slices.every((s, k) => !s.reversed || flagged[k]);
  const claimed =
    !crudeIsSure || verdict(crude.value, sure) === 'none' ? 'none' : isFull ? 'full' : 'partial';
  return {
    first,
    second,
    difference: { crude: limits(crude), standardised: limits(standardised) },
    standardised: { [first]: orNull(standardised.first), [second]: orNull(standardised.second) },
    support: standardised.support,
    oddsRatio: oddsRatio && oddsResult(oddsRatio.crude, oddsRatio.mantelHaenszel),
    slices: slices.map((s, i) => ({
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
      flagged: flagged[i],
    })),
    verdict: comparison.verdict,
    claimed,
    mayBeChance: comparison.verdict !== claimed,
  };
}

/** Slices without an interval are not flagged, and not counted. */
function flaggedSlices(pValues: readonly number[]): boolean[] {
  const places = pValues.map((_, k) => k).filter((k) => !Number.isNaN(pValues[k]));
  const adjusted = holm(places.map((k) => pValues[k]));
  return pValues.map((_, k) => places.includes(k) && adjusted[places.indexOf(k)] <= 0.05);
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
