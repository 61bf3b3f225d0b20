import { LabError, shown } from '../../base/errors.ts';
import { readCsvSource } from '../../base/text/csv.ts';
import type { CsvRecord } from '../../base/text/csv-scanner.ts';
import { decimalHint, parseDecimal } from '../../base/text/decimal.ts';
import { NearIds } from '../../base/text/near-id.ts';
import type { ByteSource } from '../../base/text/source.ts';
import type { ImportedPeople } from '../read/people.ts';

/** Largest number of components of a vector: the longest that a tick multiplies. */
const MAX_DIM = 128;
/** Largest absolute component: squares and their sums stay far inside f32. */
const MAX_COMPONENT = 1e6;
/** Names of the column that says which of a person's two vectors a row has. */
const roleNames: readonly string[] = ['role', 'side'];
const roles = ['is', 'seeks'] as const;
/** Words for both roles, as they may be written. */
const roleWords: Readonly<Record<string, 0 | 1>> = {
  ...{ is: 0, gives: 0, offers: 0, peer: 0 },
  ...{ seeks: 1, 'looks for': 1, wants: 1, user: 1 },
};

/** The user's own vectors of all people, in the order of the people file. */
export interface VectorTable {
  readonly file: string;
  readonly rows: number;
  /** Components of a vector, 1 to 128. */
  readonly dim: number;
  /** f32[people][dim]: what a person is, and what they seek; the same array for one vector each. */
  readonly is: Float32Array;
  readonly seeks: Float32Array;
}

/**
 * Reads a table of vectors, CSV or Parquet: a column of ids (named as in the people file, else the
 * first), perhaps a column `role` ("is" or "seeks"), and a column per component. Every person has
 * one row, or one per role.
 *
 * @throws LabError with file, line and column for a row that is ragged, repeated or of somebody
 *   unknown, for a cell that is not a finite number, and where somebody has no vector.
 */
export async function readVectorTable(
  source: ByteSource,
  idName: string,
  people: ImportedPeople,
  progress?: (bytes: number) => void | Promise<void>,
): Promise<VectorTable> {
  const { name: file } = source;
  let columns: Columns | undefined;
  /** f32[people][dim] by role, and the line of the row that filled it. */
  let vectors: Float32Array[] = [];
  let lines: Uint32Array[] = [];
  let near: NearIds | undefined;
  let rows = 0;
  const open = (names: readonly string[]) => {
    columns = columnsOf(names, idName, file);
    const sides = columns.role < 0 ? 1 : 2;
    const { length } = columns.numbers;
    vectors = Array.from({ length: sides }, () => new Float32Array(people.count * length));
    lines = Array.from({ length: sides }, () => new Uint32Array(people.count));
    return columns;
  };
  const refuse = (row: CsvRecord, cell: number, problem: string): never => {
    throw new LabError(problem, row.where(cell));
  };
  const personOf = (row: CsvRecord, { id, names }: Columns): number => {
    const text = row.cells[id];
    const person = people.index.get(text);
    if (person !== undefined) return person;
    if (text === '') return refuse(row, id, `${names[id]} is empty; every vector needs the id of a person`);
    near ??= new NearIds(people.ids);
    const from = `the ${people.count} people that were read from ${people.report.file}`;
    return refuse(row, id, `${names[id]} ${shown(text)} is not among ${from}${near.hint(text)}`);
  };
  const roleOf = (row: CsvRecord, { role, names }: Columns): 0 | 1 => {
    if (role < 0) return 0;
    const text = row.cells[role];
    return (
      roleWords[text.trim().toLowerCase()] ??
      refuse(row, role, `${names[role]} is ${shown(text)}; "is" or "seeks" was expected`)
    );
  };
  await readCsvSource(source, {
    header: (names) => void (columns ?? open(names)),
    row(row) {
      const at = columns;
      if (at === undefined) throw new Error('a reader gives no row before the header');
      rows++;
      const person = personOf(row, at);
      const role = roleOf(row, at);
      const before = lines[role][person];
      if (before > 0) {
        const what = at.role < 0 ? 'a vector' : `a vector of the role "${roles[role]}"`;
        refuse(row, at.id, `${shown(row.cells[at.id])} has ${what} in line ${before}; keep one`);
      }
      lines[role][person] = row.line;
      const from = person * at.numbers.length;
      at.numbers.forEach((c, k) => {
        const value = parseDecimal(row.cells[c]);
        if (!(Math.abs(value) <= MAX_COMPONENT)) refuse(row, c, notAComponent(at.names[c], row.cells[c]));
        vectors[role][from + k] = value;
      });
      return undefined;
    },
    ...(progress && { progress }),
  });
  if (columns === undefined || rows === 0)
    throw new LabError('there is a header but no vector below it', `${file}:1:1`);
  checkComplete(lines, people, file);
  const [is, seeks = is] = vectors;
  return { file, rows, dim: columns.numbers.length, is, seeks };
}

interface Columns {
  readonly names: readonly string[];
  /** Positions of the id, of the role (-1: none) and of the components. */
  readonly id: number;
  readonly role: number;
  readonly numbers: readonly number[];
}

function columnsOf(names: readonly string[], idName: string, file: string): Columns {
  const id = Math.max(0, names.indexOf(idName));
  const role = names.findIndex((name, c) => c !== id && roleNames.includes(name.trim().toLowerCase()));
  const numbers = names.flatMap((_, c) => (c === id || c === role ? [] : [c]));
  if (numbers.length < 1 || numbers.length > MAX_DIM)
    throw new LabError(
      `the table has ${numbers.length} columns beside the id${role < 0 ? '' : ' and the role'}; 1 to ${MAX_DIM} components of a vector were expected`,
      `${file}:1:1`,
    );
  return { names, id, role, numbers };
}

function notAComponent(name: string, text: string): string {
  const value = parseDecimal(text);
  if (Number.isFinite(value))
    return `${name} is ${text.trim()}; a component lies within ${MAX_COMPONENT.toLocaleString('en')}: divide all vectors by the same number`;
  return `${name} is ${text.trim() === '' ? 'empty' : shown(text)}; a finite number was expected${decimalHint(text)}`;
}

function checkComplete(lines: readonly Uint32Array[], people: ImportedPeople, file: string): void {
  lines.forEach((line, role) => {
    const first = line.indexOf(0);
    if (first < 0) return;
    const count = line.reduce((sum, at) => sum + (at === 0 ? 1 : 0), 0);
    const what = lines.length === 1 ? 'vector' : `vector of the role "${roles[role]}"`;
    throw new LabError(
      `${count} of ${people.count} people have no ${what}, first ${shown(people.ids[first])}; give every person one`,
      file,
    );
  });
}
