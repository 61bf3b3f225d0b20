import * as v from 'valibot';
import { LabError, must } from '../../base/errors.ts';
import { orNull } from '../../base/or-null.ts';
import { unsupportedShare } from '../../content/exposures/exposure-report.ts';
import { offPolicy, rowsUnder } from '../../content/exposures/off-policy.ts';
import { weightCheck } from '../../content/exposures/weight-check.ts';
import { kind, matrix, positive, whole } from '../../experiment/compute/kind.ts';

/** Below this share of the rows, the effective sample size is too small for the target. */
const LITTLE_OVERLAP = 0.05;
/** Chances that were rounded add up to 1 within so much. */
const ROUNDING = 0.01;

export const offPolicyKind = kind(
  'the mean outcome under a policy of which there is no log, from the log of another one',
  v.pipe(
    v.object({
      log: v.string(),
      items: whole(1, 100_000),
      positions: whole(1, 1000),
      targetTable: v.nullish(matrix),
      switchAt: v.optional(positive, 10),
      shrink: v.optional(positive, 10),
    }),
    v.check(
      ({ targetTable: table, items, positions }) =>
        !table || (table.length === positions && table[0].length === items),
      'targetTable has a row for each position and a column for each item',
    ),
    v.check(
      ({ targetTable: table }) =>
        !table || table.every((row) => row.every((chance) => chance >= 0 && chance <= 1)),
      'the chances in targetTable are from 0 to 1',
    ),
    v.check(
      ({ targetTable: table }) =>
        !table || table.every((row) => Math.abs(row.reduce((sum, chance) => sum + chance, 0) - 1) < ROUNDING),
      'the chances in each row of targetTable add up to 1',
    ),
  ),
  ({ log: file, items, positions, targetTable, switchAt, shrink }, { open }) => {
    const table = open(file);
    const log = {
      place: table.numbers('position').map((position) => position - 1),
      item: table.numbers('item'),
      outcome: table.numbers('click'),
      propensity: table.numbers('propensity'),
    };
    inRange(log.place, positions, 'position', 1);
    inRange(log.item, items, 'item', 0);
    const wrong = log.propensity.findIndex((p) => !(p > 0 && p <= 1));
    must(
      wrong < 0,
      () => `propensity is ${log.propensity[wrong]} in row ${wrong + 1}; expected above 0 and at most 1`,
    );
    const target = targetTable?.flat() ?? new Float64Array(positions * items).fill(1 / items);
    const bounds = { switchAt, shrink };
    const rows = rowsUnder(log, [positions, items], target);
    const { ipsError, drError, ...figures } = offPolicy(rows, bounds);
    const ofPlace = (place: number) => {
      const own = [...log.place.keys()].filter((k) => log.place[k] === place);
      const pick = (column: ArrayLike<number>) => own.map((k) => column[k]);
      const part = offPolicy(
        {
          outcome: pick(rows.outcome),
          propensity: pick(rows.propensity),
          target: pick(rows.target),
          predicted: pick(rows.predicted),
          expected: pick(rows.expected),
        },
        bounds,
      );
      const clicks = pick(rows.outcome).reduce((sum, click) => sum + click, 0);
      return { rows: own.length, clicks, ips: orNull(part.ips), snips: orNull(part.snips) };
    };
    return {
      rows: table.rows,
      clicks: log.outcome.reduce((sum, click) => sum + click, 0),
      ...Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, orNull(figure)])),
      ...{ ipsSE: orNull(ipsError), drSE: orNull(drError) },
      byPosition: Object.fromEntries(Array.from({ length: positions }, (_, p) => [p + 1, ofPlace(p)])),
      weightCheck: weightCheck(rows, unsupportedShare(log, [positions, items], target)),
      overlapWarning: !(figures.ess >= LITTLE_OVERLAP * table.rows),
    };
  },
);

function inRange(codes: readonly number[], count: number, name: string, from: number): void {
  const wrong = codes.findIndex((code) => !Number.isInteger(code) || code < 0 || code >= count);
  if (wrong >= 0)
    throw new LabError(
      `${name} is ${codes[wrong] + from} in row ${wrong + 1}; expected a whole number from ${from} to ${count - 1 + from}`,
    );
}
