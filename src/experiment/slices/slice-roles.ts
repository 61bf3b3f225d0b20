import { LabError } from '../../base/errors.ts';
import type { CsvFile } from '../../base/text/csv.ts';
import { columnNames, type RowsRequest } from './csv-rows.ts';

/** What the columns that cut the rows are to the effect. */
export type SliceRole = 'confounder' | 'mediator' | 'collider';

/** Every column is given alone or in a list such as `age,"city, country"`. */
export interface SlicesRequest extends Pick<RowsRequest, 'treatment' | 'outcome' | 'count' | 'skipMissing'> {
  /** Columns that cut the rows into slices, whose role is not told. */
  readonly by: readonly string[];
  /** Columns of ids of whom a row belongs to: one, or two people. Default: every row by itself. */
  readonly unit?: readonly string[];
  /** Columns that cut the rows into slices, by their role: one role only. */
  readonly confounder?: readonly string[];
  readonly mediator?: readonly string[];
  readonly collider?: readonly string[];
}

/** The columns that cut the rows, their role, and what follows from it as a sentence. */
export function rolesOf(csv: CsvFile, request: SlicesRequest) {
  const { by, confounder = [], mediator = [], collider = [] } = request;
  const [untold, confounders, mediators, colliders] = [by, confounder, mediator, collider].map((given) =>
    columnNames(csv, given),
  );
  const given = [untold.length + confounders.length, mediators.length, colliders.length];
  if (given.filter((n) => n > 0).length !== 1)
    throw new LabError(
      given.every((n) => n === 0)
        ? 'no column cuts the rows into slices; name one'
        : 'columns of different roles cut the rows; name confounders, or mediators, or colliders',
    );
  const one = (names: readonly string[], word: string) =>
    `${names.join(', ')} ${names.length === 1 ? `is a ${word}` : `are ${word}s`}`;
  if (mediators.length > 0)
    return {
      by: mediators,
      role: 'mediator' as const,
      note: `${one(mediators, 'mediator')}: the crude difference is the total effect, which is divided into what goes past and what goes through. This assumes that treatment, mediator and outcome have no common cause.`,
    };
  if (colliders.length > 0)
    return {
      by: colliders,
      role: 'collider' as const,
      note: `${one(colliders, 'collider')}: treatment and outcome both cause it, so that comparing within it connects them by selection. It is not standardised over; what that would have said is no effect.`,
    };
  return {
    by: [...untold, ...confounders],
    role: untold.length > 0 ? null : ('confounder' as const),
    note:
      untold.length > 0
        ? `Standardising over ${untold.join(', ')} assumes that it is a confounder: a cause of treatment and outcome, not an effect of either.`
        : `${one(confounders, 'confounder')}: the standardised difference is the effect if no other common cause of treatment and outcome exists.`,
  };
}
