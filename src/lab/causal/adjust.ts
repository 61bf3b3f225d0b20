import { decodeText } from '../../base/text/decode.ts';
import { adjustCsv, type AdjustResult } from '../../experiment/causal/csv-adjust.ts';
import { parseDiagram, type Diagram } from '../../experiment/causal/diagram.ts';
import type { EffectFigures } from '../../experiment/causal/effect-interval.ts';
import { worldDiagram } from '../../experiment/causal/world-diagram.ts';
import { defineCommand } from '../cli/command.ts';
import { fileName, readInput, readTableFile } from '../cli/files.ts';
import { choice, integer, repeated, requiredText, text } from '../cli/options.ts';
import { textTable } from '../cli/text-table.ts';

export const command = defineCommand({
  arguments: ['FILE'],
  about: `The effect of a treatment on an outcome, by the causal role of other columns. FILE is a CSV with a
header or a Parquet file, or "-" for standard input.

  --confounder  standardised over: ate (everyone), att (the treated), atc (the control)
  --mediator    total, natural direct, natural indirect and controlled direct effects
  --collider    refused, with what adjusting for it would have said
  --front-door  the whole effect goes through it, although common causes are hidden

A causal diagram decides the roles instead: --diagram 'filter -> wait; wait -> chat; hidden: mood',
a file with such lines, or "world" for a log of the simulated world. Then no role has to be named,
and a named confounder that the treatment changes, or that opens a path, is refused.`,
  options: {
    treatment: requiredText('COLUMN', 'the treatment'),
    outcome: requiredText('COLUMN', 'a number; if all are 0 or 1, effects are differences of shares'),
    confounder: repeated('COLUMN,...', 'causes of treatment and outcome; may be repeated'),
    mediator: repeated('COLUMN,...', 'what the treatment changes on its way to the outcome'),
    collider: repeated('COLUMN,...', 'what treatment and outcome both cause'),
    'front-door': repeated('COLUMN', 'what carries the whole effect'),
    diagram: text('TEXT|FILE|world', 'the causal diagram that decides the roles'),
    treated: text('VALUE', 'the treated arm; default: 1 or yes, else the first value in the file'),
    control: text('VALUE', 'the arm it is compared with; default: the other value'),
    unit: repeated('COLUMN[,COLUMN]', 'ids of whom a row belongs to: one person, or two people of a chat'),
    bins: integer('K', 'cuts columns of numbers with more values into so many classes of equal size', {
      min: 2,
      max: 100,
    }),
    count: text('COLUMN', 'how often the row counts (whole numbers); default: once'),
    missing: choice(['refuse', 'skip'], 'what to do with an empty cell in one of these columns', 'refuse'),
  },
  async run({ arguments: [path], options }) {
    const { missing, diagram, 'front-door': frontDoor, ...request } = options;
    const csv = await readTableFile(path);
    return adjustCsv(csv, {
      ...request,
      frontDoor,
      diagram: diagram === undefined ? undefined : await openDiagram(diagram),
      skipMissing: missing === 'skip',
    });
  },
  print: printAdjustment,
});

/** A diagram that is given as text, as a file, or as "world". */
export async function openDiagram(given: string): Promise<Diagram> {
  if (given === 'world') return worldDiagram;
  if (/->|<-/.test(given)) return parseDiagram(given, '--diagram');
  const file = fileName(given);
  return parseDiagram(decodeText(await readInput(given), file), file);
}

const labels: Readonly<Record<string, string>> = {
  crude: 'crude difference',
  effect: 'effect',
  ate: 'effect on everyone (ate)',
  att: 'effect on the treated (att)',
  atc: 'effect on the control (atc)',
  total: 'total effect',
  natural_direct: 'natural direct effect',
  natural_indirect: 'natural indirect effect',
};

function printAdjustment(result: AdjustResult): string {
  const { figures } = result;
  const row = (name: string, d: EffectFigures) => [
    name,
    short(d.value),
    d.low === null ? 'no interval' : `${short(d.low)} to ${short(d.high)}`,
  ];
  const table = Object.entries(figures).flatMap(([key, value]) => {
    if (key in labels) return [row(labels[key], value as EffectFigures)];
    if (key === 'controlled_direct')
      return (value as { level: string; effect: EffectFigures }[]).map((d) =>
        row(`direct effect at ${d.level}`, d.effect),
      );
    if (key !== 'if_adjusted') return [];
    const { by_level: levels, standardised } = value as {
      by_level: { level: string; effect: EffectFigures }[];
      standardised: EffectFigures;
    };
    return [
      row('if adjusted for (refused)', standardised),
      ...levels.map((d) => row(`  within ${d.level} (refused)`, d.effect)),
    ];
  });
  const { support } = result;
  const arms = `${result.treatment} ${result.treated} (n ${result.people.treated}) - ${result.control} (n ${result.people.control})`;
  return [
    `${result.outcome}: ${arms}${result.columns.length === 0 ? '' : `; ${result.role ?? 'refused'}: ${result.columns.join(', ')}`}`,
    ...textTable([['', 'effect', '95 %'], ...table], [1, 2]),
    ...(support === null || support.share === 1
      ? []
      : [
          `levels with both arms hold ${short(100 * support.share)} % of the people; the effect among them: ${row('', support.ate).slice(1).join(', ')}`,
        ]),
    result.note,
    `intervals: ${result.method}`,
    ...(result.roles ?? []).map(({ column, reason }) => `  ${column}: ${reason}`),
  ].join('\n');
}

function short(value: number | null): string {
  return value === null ? '-' : String(Number(value.toPrecision(5)));
}
