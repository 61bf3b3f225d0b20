import { resolve } from 'node:path';
import { offPolicyReport, outcomesByPlace, type Target } from '../../content/exposures/exposure-report.ts';
import { predictionReport, varietyReport } from '../../content/exposures/quality.ts';
import { readExposures, type ExposureColumns } from '../../content/exposures/read-exposures.ts';
import { defineCommand } from '../cli/command.ts';
import { readTableFile } from '../cli/files.ts';
import { number, text, UsageError } from '../cli/options.ts';
import { textTable } from '../cli/text-table.ts';

export const command = defineCommand({
  arguments: ['LOG'],
  about: `What another policy would have brought, from a log of exposures: one row per item shown, with its
place, the chance with which it was drawn (propensity), and what followed. Rows without a propensity
were not drawn and tell nothing about other policies; none is ever made up. Rows without an item are
skipped, so that the event log of "lab run --log" can be read as it is, CSV or Parquet:
  --item item --outcome did=click --prediction click_chance --request request --person person

The target is "uniform", another log (its share of each item at each place), or the chances in a
column (--chance). Each exposure counts by itself: the answer is about items that do not change each
other. The interval of the self-normalised estimate is clustered by person; there is none where too
few people or outcomes carry the weight.

The chances of a policy add up to 1, so its importance weights average 1 if the propensities are right
and the log's policy could draw all that it shows. A mean away from that by more than chance allows
(in 1 of 100 logs that fit) and by more than 1 % is a warning.`,
  options: {
    item: text('COLUMN', 'the item; default item'),
    place: text('COLUMN', 'its place in the list; default place, or position'),
    propensity: text('COLUMN', 'chance with which it was drawn; default propensity'),
    outcome: text('COLUMN[=WORD]', 'what followed, a number, or a word of a list; default outcome, or click'),
    person: text('COLUMN', 'ids of people'),
    request: text('COLUMN', 'ids of lists, for NDCG'),
    prediction: text('COLUMN', 'predicted chance of the outcome'),
    target: text('uniform|LOG', 'the policy asked about; default uniform'),
    chance: text('COLUMN', 'instead of --target: chances of the items under it'),
    'switch-at': number('W', 'largest weight that is used as it is', { above: 0, fallback: 10 }),
    shrink: number('L', 'lambda of the shrunk weights', { above: 0, fallback: 10 }),
  },
  async run({ arguments: [path], options }) {
    const { person, request, prediction, chance, target } = options;
    if (target !== undefined && chance !== undefined)
      throw new UsageError('give --target or --chance, not both');
    const csv = await readTableFile(path);
    const named = (given: string | undefined, first: string, second = first) =>
      given ?? (csv.header.includes(first) ? first : second);
    const columns: ExposureColumns = {
      item: named(options.item, 'item'),
      place: named(options.place, 'place', 'position'),
      propensity: named(options.propensity, 'propensity'),
      outcome: named(options.outcome, 'outcome', 'click'),
      ...{ person, request, prediction, chance },
    };
    const log = readExposures(csv, columns);
    const asked = await targetOf(target, chance, columns, path);
    const mean = log.outcome.reduce((sum, x) => sum + x, 0) / log.rows;
    return {
      ...{ file: csv.file, exposures: log.rows, skipped: log.skipped, mean_outcome: mean },
      target: asked.kind === 'log' ? target! : asked.kind === 'column' ? `column ${chance!}` : 'uniform',
      off_policy: offPolicyReport(log, asked, { switchAt: options['switch-at'], shrink: options.shrink }),
      by_place: outcomesByPlace(log),
      prediction: log.prediction
        ? predictionReport({
            ...{ prediction: log.prediction, outcome: log.outcome },
            request: log.request?.codes ?? null,
          })
        : undefined,
      variety: log.person
        ? varietyReport({ person: log.person.codes, item: log.item.codes, outcome: log.outcome })
        : undefined,
    };
  },
  print: ({ off_policy: found, by_place: places, prediction, variety, ...r }) =>
    [
      `${r.exposures} exposures of ${r.file}; mean outcome ${short(r.mean_outcome)}`,
      `under ${r.target}: ${short(found.snips.mean)}${range(found.snips)} by ${found.drawn} exposures that were drawn, worth ${Math.round(found.effective_rows)} of equal weight`,
      ...('unsupported' in found && found.unsupported > 0.01
        ? [
            `${short(100 * found.unsupported)} % of that policy was never drawn here: the log says nothing about it`,
          ]
        : []),
      ...(typeof found.weights?.warning === 'string' ? [`warning: ${found.weights.warning}`] : []),
      ...textTable([
        ['estimator', 'estimate'],
        ...Object.entries(found).flatMap(([name, value]) =>
          typeof value === 'number' ? [[name, short(value)]] : [],
        ),
      ]),
      ...textTable([
        ['place', 'exposures', 'mean', '95 %'],
        ...places.map((p) => [p.place, String(p.exposures), short(p.mean), range(p).trim()]),
      ]),
      ...[prediction, variety].flatMap((part) =>
        part === undefined
          ? []
          : [
              Object.entries(part)
                .map(([name, value]) => `${name} ${short(value)}`)
                .join(', '),
            ],
      ),
    ].join('\n'),
});

async function targetOf(
  target: string | undefined,
  chance: string | undefined,
  columns: ExposureColumns,
  path: string,
): Promise<Target> {
  if (chance !== undefined) return { kind: 'column' };
  if (target === undefined || target === 'uniform') return { kind: 'uniform' };
  const { item, place, propensity, outcome } = columns;
  const csv = await readTableFile(target);
  const log = readExposures(csv, { item, place, propensity, outcome });
  return { kind: 'log', log, isOwn: resolve(target) === resolve(path) };
}

const short = (x: number | null): string =>
  x === null ? '-' : String(Number.isInteger(x) ? x : Number(x.toPrecision(4)));
const range = ({ low, high }: { low: number | null; high: number | null }): string =>
  low === null || high === null ? '' : ` (95 %: ${short(low)} to ${short(high)})`;
