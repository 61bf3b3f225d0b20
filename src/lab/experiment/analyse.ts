import { LabError, shown } from '../../base/errors.ts';
import { isMissing } from '../../base/text/decimal.ts';
import { csvColumn, csvNumber, type CsvFile } from '../../base/text/csv.ts';
import {
  analyseRows,
  type ExperimentRows,
  type RowsAnalysis,
} from '../../experiment/own-data/analyse-rows.ts';
import type { ArmDifference } from '../../experiment/own-data/compare-arms.ts';
import { columnNames, readComparison } from '../../experiment/slices/csv-rows.ts';
import { defineCommand } from '../cli/command.ts';
import { readTableFile } from '../cli/files.ts';
import { choice, number, repeated, requiredText, text, UsageError } from '../cli/options.ts';
import { textTable } from '../cli/text-table.ts';

interface Answer extends RowsAnalysis {
  readonly file: string;
  readonly outcome: string;
  /** Rows left out for a missing value. */
  readonly skipped: number;
}

export const command = defineCommand({
  arguments: ['FILE'],
  about: `FILE is a CSV with a header or a Parquet file, or "-" for standard input: a row per chat, wait or
person of an experiment with two arms. The effect is the mean under the second arm less that under the first, in
alphabetical order (A and B, 0 and 1, control and treatment), unless --control names the first.

Intervals are those of what was assigned: people (--unit), pairs of people (--unit with two columns,
where rows that share a person are dependent), whole clusters or whole windows. There is none with
fewer than eight people in an arm (with unequal numbers of rows they count for less), or with fewer
than two clusters or windows. Arms of another size than planned are said before any figure.`,
  options: {
    arm: requiredText('COLUMN', 'the arm; it has two values'),
    outcome: requiredText('COLUMN', 'a number'),
    unit: repeated(
      'COLUMN[,COLUMN]',
      'the person a row belongs to, or the two people; default: rows are independent',
    ),
    window: text('COLUMN', 'the window, where a whole window has one arm (switchback)'),
    cluster: text('COLUMN', 'the cluster, where a whole cluster has one arm'),
    pre: text('COLUMN', 'a number from before the experiment: also analyses with CUPED, and by fifth of it'),
    by: repeated('COLUMN,...', 'columns that cut the rows into slices, one per combination; may be repeated'),
    looks: text('COLUMN', 'the time, a number: also gives an interval valid at 20 looks in this order'),
    quantile: number('Q', 'also compares this quantile of the outcome', { min: 0.001, max: 0.999 }),
    control: text('VALUE', 'the arm that the other is compared with'),
    'planned-share': number('P', 'share that the other arm was to have', {
      ...{ min: 0.01, max: 0.99, fallback: 0.5 },
    }),
    confidence: number('P', 'of all intervals', { min: 0.5, max: 0.9999, fallback: 0.95 }),
    missing: choice(
      ['refuse', 'skip'],
      'what to do with an empty cell in one of these columns, or with NA, null or - in place of a number; skip leaves the row out and says how many',
      'refuse',
    ),
  },
  async run({ arguments: [path], options }): Promise<Answer> {
    const whole = await readTableFile(path);
    if (options.window !== undefined && options.cluster !== undefined)
      throw new UsageError('and --window cannot both say what was assigned as a whole', '--cluster');
    const csv = options.missing === 'skip' ? withoutMissing(whole, options) : whole;
    const rows = readExperimentRows(csv, options);
    const { confidence, 'planned-share': plannedShare } = options;
    const { quantile } = options;
    return {
      ...{ file: csv.file, outcome: options.outcome, skipped: whole.rows.length - csv.rows.length },
      ...analyseRows(rows, { confidence, plannedShare, ...(quantile !== undefined && { quantile }) }),
    };
  },
  print: printAnalysis,
});

interface Columns {
  readonly arm: string;
  readonly outcome: string;
  readonly unit: readonly string[];
  readonly window: string | undefined;
  readonly cluster: string | undefined;
  readonly pre: string | undefined;
  readonly by: readonly string[];
  readonly looks: string | undefined;
  readonly control: string | undefined;
}

/** The table without the rows that have no value in a column of the analysis. */
function withoutMissing(csv: CsvFile, columns: Columns): CsvFile {
  const { arm, outcome, window, cluster, pre, by, looks } = columns;
  const at = (names: readonly (string | undefined)[]) =>
    names.flatMap((name) => (name === undefined ? [] : [csvColumn(csv, name)]));
  const texts = at([arm, window, cluster, ...columnNames(csv, [...by, ...columns.unit])]);
  const numbers = at([outcome, pre, looks]);
  const isKnown = ({ cells }: CsvFile['rows'][number]) =>
    texts.every((column) => cells[column].trim() !== '') &&
    numbers.every((column) => !isMissing(cells[column]));
  return { ...csv, rows: csv.rows.filter(isKnown) };
}

function readExperimentRows(csv: CsvFile, columns: Columns): ExperimentRows {
  const names = (given: readonly string[]) => columnNames(csv, given);
  const unit = names(columns.unit);
  const table = readComparison(csv, {
    ...{ treatment: columns.arm, outcome: columns.outcome, by: names(columns.by) },
    ...{ count: undefined, unit, skipMissing: false },
  });
  const arms = table.treatments.toSorted();
  if (arms.length !== 2)
    throw new UsageError(
      `names a column with ${arms.length} values (${arms.map(shown).join(', ')}); an experiment has two arms`,
      '--arm',
    );
  const { control = arms[0] } = columns;
  if (!arms.includes(control))
    throw new UsageError(`must be one of ${arms.join(', ')}; it is ${shown(control)}`, '--control');
  const texts = (name: string) =>
    csv.rows.map((row) => {
      const column = csvColumn(csv, name);
      if (row.cells[column].trim() === '')
        throw new LabError(
          `${name} is empty; fill it in, or leave such rows out with --missing skip`,
          row.where(column),
        );
      return row.cells[column];
    });
  const numbers = (name: string) => csv.rows.map((row) => csvNumber(row, csvColumn(csv, name), name));
  const { window, cluster, pre, looks } = columns;
  return {
    arms: [control, arms.find((arm) => arm !== control)!],
    arm: table.arms.map((index) => (table.treatments[index] === control ? 0 : 1)),
    outcome: table.outcomes,
    units: table.units,
    ...(window !== undefined && { window: texts(window) }),
    ...(cluster !== undefined && { cluster: texts(cluster) }),
    ...(pre !== undefined && { pre: numbers(pre) }),
    ...(looks !== undefined && { time: numbers(looks) }),
    slice: columns.by.length === 0 ? [] : table.levels,
    slices: columns.by.length === 0 ? [] : table.slices,
  };
}

function printAnalysis(answer: Answer): string {
  const [a, b] = answer.arms;
  const lines = answer.warnings.map((warning) => warning.toUpperCase().slice(0, 21) + warning.slice(21));
  const left = answer.skipped > 0 ? `; ${answer.skipped} left out, because a value is missing` : '';
  lines.push(`${answer.outcome}, ${answer.rows} rows of ${answer.file}${left}`);
  lines.push(
    ...textTable([
      ['arm', 'rows', 'people', 'mean'],
      ...answer.arms.map((arm) => [arm.arm, String(arm.rows), String(arm.people), short(arm.mean)]),
    ]),
  );
  lines.push(`${b.arm} - ${a.arm}: ${spread(answer)}; ${answer.method}`);
  if (answer.srm !== null)
    lines.push(
      `sample ratio: ${answer.srm.observed.join(' and ')} ${answer.srm.of}, p = ${short(answer.srm.p_value)}${answer.srm.failed ? ', not as planned' : ''}`,
    );
  if (answer.cuped !== null)
    lines.push(`with the pre-period: ${spread(answer.cuped)}; theta ${short(answer.cuped.theta)}`);
  const groups = answer.windows ?? answer.clusters;
  if (groups !== null) {
    const { rows_independent: rows, cr1 } = groups.standard_error;
    lines.push(
      `standard errors: ${short(rows)} if rows were independent, ${short(cr1)} cluster-robust (CR1), ${short(answer.standard_error)} from the means of the groups`,
    );
    if (answer.rows_false_positive !== null)
      lines.push(
        `a test of independent rows would claim an effect in about ${short(100 * answer.rows_false_positive)} % of experiments without one`,
      );
  }
  if (answer.path_test !== null)
    lines.push(
      `exact test of the windows: p = ${short(answer.path_test.p_value)} (${answer.path_test.paths} ways to draw their arms)`,
    );
  if (answer.quantile !== null)
    lines.push(`quantile ${answer.quantile.quantile}: ${spread(answer.quantile)}`);
  if (answer.sequential !== null) {
    const { looks, fixed_interval_error: error } = answer.sequential;
    const first = looks.find((look) => look.low !== null && (look.low > 0 || look.high! < 0));
    lines.push(
      `valid at every look: ${spread(looks[looks.length - 1])}; ${first === undefined ? 'no look excludes 0' : `excludes 0 from ${short(first.at)} on (${first.rows} rows)`}`,
      `(a plain interval, looked at ${looks.length} times, excludes 0 in ${short(100 * error)} % of experiments without an effect)`,
    );
  }
  if (answer.slices.length > 0) lines.push(...sliceTable('slice', answer.slices));
  if (answer.by_fifth.length > 0) lines.push(...sliceTable('fifth of the pre-period', answer.by_fifth));
  if (answer.slice_signs !== null)
    lines.push(
      `if all slices had the same effect, chance would give some slice the wrong sign in ${short(100 * answer.slice_signs.any_slice_wrong)} % of experiments`,
    );
  return lines.join('\n');
}

const sliceTable = (title: string, slices: RowsAnalysis['slices']): string[] =>
  textTable(
    [
      [title, 'people', 'effect'],
      ...slices.map((s) => [
        s.slice,
        String(s.people),
        spread(s),
        s.flagged ? 'differs, corrected for all groups' : '',
      ]),
    ],
    [2, 3],
  );

const spread = ({ estimate, low, high }: Pick<ArmDifference, 'estimate' | 'low' | 'high'>): string =>
  low === null
    ? `${short(estimate)} (no interval: too few)`
    : `${short(estimate)} (${short(low)} to ${short(high)})`;

const short = (value: number | null): string => (value === null ? '-' : String(Number(value.toPrecision(5))));
