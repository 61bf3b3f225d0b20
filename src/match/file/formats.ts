import { LabError, must, shown } from '../../base/errors.ts';
import { csvNumber, openTable } from '../../base/text/csv.ts';
import type { CsvRecord } from '../../base/text/csv-scanner.ts';
import { placeText } from '../../base/text/place.ts';
import { descending } from './sort.ts';

/** An id as the file wrote it. */
export type Id = string | number;

/** `edges`: a general graph. */
export interface EdgeFile {
  /** In the order in which the file names them first; numbers where every id is a whole number. */
  readonly ids: readonly Id[];
  /** Positions in `ids`, and weights, in file order. */
  readonly u: Uint32Array;
  readonly v: Uint32Array;
  readonly weight: Float64Array;
}

/** `embeddings`: one vector per id. */
export interface EmbeddingFile {
  readonly ids: readonly Id[];
  readonly dim: number;
  /** f64[n][dim]. */
  readonly vectors: Float64Array;
  /** u8[n]: 1 for A, 2 for B; 0 for all where the file has no sides. */
  readonly side: Uint8Array;
  readonly sided: boolean;
}

/** Limits that keep sums and products finite in f64, with room for the solver's own factors. */
export const MAX_WEIGHT = 1e280;
const MAX_COORDINATE = 1e140;

const EDGES = 'CSV or Parquet with the header u,v,weight';

/** Reads `--format edges`. Throws LabError with file, line and column. */
export async function parseEdges(bytes: Uint8Array, file: string): Promise<EdgeFile> {
  const { header, rows } = await openTable(bytes, file, { expected: EDGES });
  checkHeader(header, ['u', 'v', 'weight'], EDGES);
  const names = new Map<string, number>();
  const u: number[] = [];
  const v: number[] = [];
  const weight: number[] = [];
  const lines: number[] = [];
  for (const row of rows) {
    const a = idOf(row, 0, 'u');
    const b = idOf(row, 1, 'v');
    if (a === b)
      throw new LabError(`an edge from ${shown(a)} to itself; expected two different ids`, row.where(1));
    u.push(positionOf(names, a));
    v.push(positionOf(names, b));
    weight.push(numberOf(row, 2, 'weight', MAX_WEIGHT));
    lines.push(row.line);
  }
  refuseRepeated(u, v, lines, names.size, file);
  return {
    ids: idsOf([...names.keys()]),
    u: Uint32Array.from(u),
    v: Uint32Array.from(v),
    weight: Float64Array.from(weight),
  };
}

/** The same edge twice, in either direction, is a contradiction. */
function refuseRepeated(u: number[], v: number[], lines: number[], n: number, file: string): void {
  const keys = Float64Array.from(u, (a, e) => Math.min(a, v[e]) * n + Math.max(a, v[e]));
  const order = descending(keys);
  let again = -1;
  let before = -1;
  for (let k = 1; k < order.length; k++) {
    if (keys[order[k]] !== keys[order[k - 1]] || (again >= 0 && order[k] > again)) continue;
    again = order[k];
    before = order[k - 1];
  }
  if (again >= 0)
    throw new LabError(
      `this edge was already given in line ${lines[before]}; expected every pair once`,
      placeText(file, { line: lines[again], column: 1 }),
    );
}

const EMBEDDINGS = 'CSV or Parquet with the header id,side,v1,v2,...,vd';

/** Reads `--format embeddings`. Throws LabError with file, line and column. */
export async function parseEmbeddings(bytes: Uint8Array, file: string): Promise<EmbeddingFile> {
  const { header, rows } = await openTable(bytes, file, { expected: EMBEDDINGS });
  const dim = header.cells.length - 2;
  must(dim >= 1, `${dim + 2} ${dim === -1 ? 'column' : 'columns'}; expected ${EMBEDDINGS}`, header.where(0));
  checkHeader(header, ['id', 'side', ...Array.from({ length: dim }, (_, k) => `v${k + 1}`)], EMBEDDINGS);
  const names = new Map<string, number>();
  const side: number[] = [];
  let vectors = new Float64Array(1024);
  let sided = false;
  for (const row of rows) {
    const n = names.size;
    const id = idOf(row, 0, 'id');
    if (names.has(id))
      throw new LabError(`id ${shown(id)} was already given; expected every id once`, row.where(0));
    names.set(id, n);
    const s = row.cells[1];
    if (s !== '' && s !== 'A' && s !== 'B')
      throw new LabError(`side is ${shown(s)}; expected A, B or nothing`, row.where(1));
    if (n === 0) sided = s !== '';
    if (sided !== (s !== ''))
      throw new LabError(
        `side is ${shown(s)}, while earlier lines ${sided ? 'have one' : 'have none'}; expected a side in every line or in none`,
        row.where(1),
      );
    side.push(s === '' ? 0 : s === 'A' ? 1 : 2);
    if ((n + 1) * dim > vectors.length) {
      const larger = new Float64Array(Math.max(2 * vectors.length, (n + 1) * dim));
      larger.set(vectors);
      vectors = larger;
    }
    for (let k = 0; k < dim; k++) vectors[n * dim + k] = numberOf(row, k + 2, `v${k + 1}`, MAX_COORDINATE);
  }
  return {
    ids: idsOf([...names.keys()]),
    dim,
    vectors: vectors.slice(0, names.size * dim),
    side: Uint8Array.from(side),
    sided,
  };
}

function checkHeader(header: CsvRecord, expected: readonly string[], format: string): void {
  for (let k = 0; k < Math.max(expected.length, header.cells.length); k++) {
    const found = header.cells[k] as string | undefined;
    must(
      found === expected[k],
      found === undefined
        ? `the header ends before ${expected[k]}; expected ${format}`
        : `column ${k + 1} of the header is ${shown(found)}; expected ${expected[k] ?? 'no further column'} (${format})`,
      header.where(Math.min(k, header.cells.length - 1)),
    );
  }
}

export function tooLarge(max: number): string {
  return `expected at most ${max} in size, so that sums and products stay finite`;
}

function numberOf(row: CsvRecord, column: number, name: string, max: number): number {
  const value = csvNumber(row, column, name, 'a finite number');
  if (Math.abs(value) > max)
    throw new LabError(`${name} is ${shown(row.cells[column])}; ${tooLarge(max)}`, row.where(column));
  return value;
}

function idOf(row: CsvRecord, column: number, name: string): string {
  const id = row.cells[column];
  if (id === '') throw new LabError(`${name} is empty; expected an id`, row.where(column));
  return id;
}

function positionOf(names: Map<string, number>, id: string): number {
  const known = names.get(id);
  if (known !== undefined) return known;
  names.set(id, names.size);
  return names.size - 1;
}

/** Numbers where every id is one in plain form ("7", not "07"), as JSON then shows them. */
function idsOf(names: string[]): Id[] {
  return names.every((s) => /^(0|-?[1-9]\d{0,14})$/.test(s)) ? names.map(Number) : names;
}
