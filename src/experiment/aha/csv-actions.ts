import { LabError, must, shown } from '../../base/errors.ts';
import { csvColumn, csvNumber, type CsvFile } from '../../base/text/csv.ts';
import type { CsvRecord } from '../../base/text/csv-scanner.ts';
import { isMissing } from '../../base/text/decimal.ts';
import { columnNames } from '../slices/csv-rows.ts';
import type { ActionTable } from './aha-points.ts';

/** Columns are given alone or in lists such as `age,"city, country"`. */
export interface ActionsRequest {
  /** Column of 0 and 1. With events it may be the name of an event: whether it happened. */
  readonly outcome: string;
  /** Columns of counts; with events, their names (default: all of them but the outcome). */
  readonly action: readonly string[];
  /** Rows of the same id are one person: their counts are added. Default: a row is a person. */
  readonly person: string | undefined;
  /** Column that names what happened, once per row; needs `person`. */
  readonly event: string | undefined;
  readonly confounder: readonly string[];
  /** Ids of whom a row (or a person) belongs to. */
  readonly unit: string | undefined;
  readonly count: string | undefined;
  /** Leave out people whose outcome is not known, instead of refusing them. */
  readonly skipMissing: boolean;
}

export interface CsvActions {
  readonly table: ActionTable;
  readonly actions: readonly string[];
  readonly confounders: readonly string[];
  /** People without an outcome, who are left out. */
  readonly skipped: number;
  /** Mean of the column `true effect of NAME`, or null where there is none. */
  truth(name: string): number | null;
}

/** Name of the column with the effect of a condition on each person, in a simulated table. */
export const truthColumn = (condition: string): string => `true effect of ${condition}`;

interface Person {
  count: number;
  outcome: number | null;
  readonly level: readonly string[];
  readonly unit: string;
  readonly times: Map<string, number>;
  readonly truth: number[];
}

/** People and their actions from a table of counts or a log of events. Throws LabError. */
export function readActions(csv: CsvFile, request: ActionsRequest): CsvActions {
  const { person, event, count, outcome } = request;
  must(event === undefined || person !== undefined, '--event needs --person, the column of ids');
  must(count === undefined || person === undefined, '--count and --person exclude each other');
  const confounders = columnNames(csv, request.confounder);
  const actions = actionNames(csv, request);
  const at = (name: string | undefined) => (name === undefined ? null : csvColumn(csv, name));
  const [personAt, eventAt, countAt, unitAt] = [person, event, count, request.unit].map(at);
  const isEvent = eventAt !== null && !csv.header.includes(outcome);
  const outcomeAt = isEvent ? null : csvColumn(csv, outcome);
  const levelAt = confounders.map((name) => csvColumn(csv, name));
  const actionAt = eventAt === null ? actions.map((name) => csvColumn(csv, name)) : [];
  const truthAt = csv.header.flatMap((name, c) => (name.startsWith(truthColumn('')) ? [c] : []));
  const people = new Map<string, Person>();
  csv.rows.forEach((row, k) => {
    const id = personAt === null ? String(k) : row.cells[personAt];
    const level = levelAt.map((c) => row.cells[c]);
    const found = people.get(id) ?? {
      ...{ count: 1, outcome: isEvent ? 0 : null, level, times: new Map<string, number>() },
      unit: unitAt === null ? id : row.cells[unitAt],
      truth: truthAt.map((c) => csvNumber(row, c, csv.header[c])),
    };
    people.set(id, found);
    const other = level.findIndex((cell, c) => cell !== found.level[c]);
    if (other >= 0)
      throw new LabError(
        `${confounders[other]} of ${shown(id)} is ${shown(level[other])} here and ${shown(found.level[other])} before; a confounder has one value per person`,
        row.where(levelAt[other]),
      );
    if (countAt !== null) found.count = csvNumber(row, countAt, csv.header[countAt]);
    if (outcomeAt !== null && !isMissing(row.cells[outcomeAt]))
      found.outcome = Math.max(found.outcome ?? 0, zeroOrOne(row, outcomeAt, outcome));
    const add = (name: string, n: number) => found.times.set(name, (found.times.get(name) ?? 0) + n);
    if (eventAt !== null) {
      if (row.cells[eventAt] === outcome && isEvent) found.outcome = 1;
      else add(row.cells[eventAt], 1);
    } else actions.forEach((name, a) => add(name, csvNumber(row, actionAt[a], name)));
  });
  return joined([...people.values()], csv, request, { actions, confounders, truthAt });
}

function joined(
  all: readonly Person[],
  csv: CsvFile,
  { outcome, skipMissing, unit }: ActionsRequest,
  names: { actions: string[]; confounders: string[]; truthAt: readonly number[] },
): CsvActions {
  const { actions, confounders, truthAt } = names;
  const known = all.filter((person) => person.outcome !== null);
  must(
    skipMissing || known.length === all.length,
    `${all.length - known.length} of ${all.length} people have no ${outcome}; leave them out with --missing skip`,
    csv.file,
  );
  must(known.length > 0, `every cell of ${outcome} is empty; name a column with an outcome`, csv.file);
  const indexed = (keys: readonly string[]) => {
    const index = new Map([...new Set(keys)].map((key, k) => [key, k]));
    return { of: keys.map((key) => index.get(key)!), size: index.size };
  };
  const levels = indexed(known.map(({ level }) => JSON.stringify(level)));
  const counts = known.map((person) => person.count);
  const total = counts.reduce((sum, n) => sum + n, 0);
  return {
    actions,
    confounders,
    skipped: all.length - known.length,
    table: {
      counts,
      retained: known.map((person) => person.outcome ?? 0),
      times: (action) => known.map((person) => person.times.get(action) ?? 0),
      levels: levels.of,
      levelCount: levels.size,
      units: unit === undefined ? [] : [indexed(known.map((person) => person.unit)).of],
    },
    truth: (name) => {
      const column = truthAt.findIndex((c) => csv.header[c] === truthColumn(name));
      if (column < 0) return null;
      return known.reduce((sum, person) => sum + person.count * person.truth[column], 0) / total;
    },
  };
}

function actionNames(csv: CsvFile, { action, event, outcome }: ActionsRequest): string[] {
  if (event === undefined) {
    const names = columnNames(csv, action);
    must(names.length > 0, 'no action is named; expected --action COLUMN,...');
    return names;
  }
  const at = csvColumn(csv, event);
  const there = [...new Set(csv.rows.map((row) => row.cells[at]))].filter((name) => name !== outcome);
  const named = action.flatMap((text) => (there.includes(text.trim()) ? [text.trim()] : text.split(',')));
  const unknown = named.find((name) => !there.includes(name));
  must(
    unknown === undefined,
    `no row has ${event} = ${shown(unknown ?? '')}; there are ${there.slice(0, 20).join(', ')}`,
    csv.file,
  );
  return named.length > 0 ? named : there;
}

function zeroOrOne(row: CsvRecord, column: number, name: string): number {
  const value = csvNumber(row, column, name, '0 or 1');
  must(value === 0 || value === 1, `${name} must be 0 or 1; it is ${row.cells[column]}`, row.where(column));
  return value;
}
