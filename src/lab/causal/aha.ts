import { LabError, shown } from '../../base/errors.ts';
import type { AtLeast } from '../../experiment/aha/aha-points.ts';
import { ahaReport, type AhaReport, type AhaRow } from '../../experiment/aha/aha-report.ts';
import { readActions } from '../../experiment/aha/csv-actions.ts';
import type { EffectFigures } from '../../experiment/causal/effect-interval.ts';
import { defineCommand } from '../cli/command.ts';
import { readTableFile } from '../cli/files.ts';
import { choice, integer, repeated, requiredText, text } from '../cli/options.ts';
import { textTable } from '../cli/text-table.ts';

interface AhaResult extends AhaReport {
  readonly file: string;
  readonly outcome: string;
  readonly actions: readonly string[];
  readonly confounders: readonly string[];
  /** People without a known outcome. */
  readonly skipped: number;
  readonly method: string;
  readonly note: string;
}

export const command = defineCommand({
  arguments: ['LOG'],
  about: `The Aha moment: which "action at least k times" tells who is retained, and which causes it. LOG is
a CSV or Parquet file with a row per person and columns of counts; with --person, rows of the same
person are added up; with --person and --event, a row is one event and its names are the actions.

Precision is the share of those who did it that is retained, recall the share of the retained that
did it. The adjusted effect is standardised over the confounders. It is an effect only if they are
all common causes of action and outcome. A table of "lab run --visits" also holds the true effects.`,
  options: {
    outcome: requiredText('COLUMN', '1 where a person is retained, else 0; or the name of an event'),
    action: repeated('COLUMN,...', 'columns of counts, or names of events; may be repeated'),
    confounder: repeated('COLUMN,...', 'common causes of action and outcome, one value per person'),
    person: text('COLUMN', 'ids: the rows of one person are added up'),
    event: text('COLUMN', 'what happened in the row'),
    unit: text('COLUMN', 'ids of whom a row belongs to, where one person has several rows (visits)'),
    count: text('COLUMN', 'how many people a row stands for; default: one'),
    most: integer('K', 'largest number of times', { min: 1, max: 100, fallback: 8 }),
    least: integer('N', 'people who must meet a condition, and who must not', {
      min: 1,
      max: 1_000_000,
      fallback: 20,
    }),
    funnel: text(
      'CONDITIONS',
      'stages such as "chats >= 1, long_chats >= 2"; default: the best of each action',
    ),
    missing: choice(['refuse', 'skip'], 'what to do with people without an outcome', 'refuse'),
  },
  async run({ arguments: [path], options }): Promise<AhaResult> {
    const { outcome, missing, most, least, funnel } = options;
    const csv = await readTableFile(path);
    const found = readActions(csv, { ...options, skipMissing: missing === 'skip' });
    const report = ahaReport(found.table, {
      ...{ actions: found.actions, times: [1, most], leastPeople: least },
      ...(funnel !== undefined && { funnel: readStages(funnel, found.actions) }),
      truth: (name) => found.truth(name),
    });
    const { confounders, skipped } = found;
    return {
      ...{ file: csv.file, outcome, actions: found.actions, confounders, skipped },
      ...report,
      method:
        options.unit === undefined
          ? 'influence functions, people independent; flags corrected for all conditions (Holm)'
          : `influence functions, clustered by ${options.unit}; flags corrected for all conditions (Holm)`,
      note:
        confounders.length === 0
          ? 'No confounder is named: the adjusted effect is the crude difference, which is no effect where something causes both the action and the outcome.'
          : `Adjusted for ${confounders.join(', ')}. Other common causes of action and outcome, such as how much a person likes it here, stay in the adjusted effect.`,
    };
  },
  print: printAha,
});

/** `chats >= 1, long_chats >= 2`. */
function readStages(given: string, actions: readonly string[]): AtLeast[] {
  return given.split(',').map((stage) => {
    const [, action, times] = /^\s*(.+?)\s*>=\s*(\d+)\s*$/.exec(stage) ?? [];
    if (action === undefined)
      throw new LabError(`${shown(stage.trim())} is no stage; write "action >= 2"`, '--funnel');
    if (!actions.includes(action))
      throw new LabError(`there is no action ${shown(action)}; there are ${actions.join(', ')}`, '--funnel');
    return { action, at_least: Number(times) };
  });
}

function printAha(result: AhaResult): string {
  const spread = (d: EffectFigures) =>
    d.low === null ? short(d.value) : `${short(d.value)} (${short(d.low)} to ${short(d.high)})`;
  const hasTruth = [...result.points, ...result.combinations].some((row) => row.truth !== null);
  const row = (p: AhaRow) => [
    p.name,
    ...[String(p.n), short(p.precision), short(p.recall), short(p.f1), short(p.lift)],
    ...[short(p.crude.value), spread(p.adjusted)],
    ...(hasTruth ? [short(p.truth)] : []),
    [p.onFront ? 'front' : '', p.flagged ? 'beyond chance' : ''].filter((mark) => mark !== '').join(', '),
  ];
  const head = [
    ...['condition', 'n', 'precision', 'recall', 'F1', 'lift', 'crude', 'adjusted (95 %)'],
    ...(hasTruth ? ['truth'] : []),
  ];
  return [
    `${result.outcome}: ${result.retained} of ${result.people}, ${short(100 * result.base)} %${result.skipped > 0 ? `; ${result.skipped} without an outcome left out` : ''}`,
    ...textTable([head, ...result.points.map(row), ...result.combinations.map(row)], [7, head.length]),
    `tells best (F1): ${result.bestF1 ?? 'no condition'}`,
    `largest adjusted difference beyond chance: ${result.bestEffect ?? 'none'}`,
    ...(result.misleading.length === 0
      ? []
      : [`the interval leaves the true effect out: ${result.misleading.join('; ')}`]),
    'funnel:',
    ...textTable(
      result.funnel.map((stage) => [
        `  ${stage.stage}`,
        String(stage.n),
        `precision ${short(stage.precision)}`,
        `recall ${short(stage.recall)}`,
      ]),
    ),
    result.note,
    `intervals: ${result.method}`,
  ].join('\n');
}

function short(value: number | null): string {
  return value === null || !Number.isFinite(value) ? '-' : String(Number(value.toPrecision(3)));
}
