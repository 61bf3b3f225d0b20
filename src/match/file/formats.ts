import { LabError, must } from '../../base/errors.ts';
import { readCsv } from './csv.ts';
import type { CsvRecord } from './csv.ts';
import { descending } from './sort.ts';
import { parseNumber, place, shown } from './text.ts';

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
  /** u8[n]: 1 for A, 2 for B, 0 for everyone where the file has no sides. */
  readonly side: Uint8Array;
  readonly sided: boolean;
}

const EDGES = 'CSV with the header u,v,weight';

/** Reads `--format edges`. @throws LabError with file:line:column. */
export function parseEdges(bytes: Uint8Array, file: string): EdgeFile {
  const names = new Map<string, number>();
  const u: number[] = [];
  const v: number[] = [];
  const weight: number[] = [];
  const lines: number[] = [];
  let first = true;
  for (const record of readCsv(bytes, file, EDGES)) {
    const { fields } = record;
    if (first) {
      header(record, ['u', 'v', 'weight'], file, EDGES);
      first = false;
      continue;
    }
    width(record, 3, file, EDGES);
    const a = idOf(record, 0, file, 'u');
    const b = idOf(record, 1, file, 'v');
    if (a === b)
      throw new LabError(
        `an edge from ${shown(a)} to itself; nobody is paired with himself`,
        at(record, 1, file),
      );
    u.push(position(names, a));
    v.push(position(names, b));
    weight.push(numberOf(fields[2], 'weight', record, 2, file, LARGEST_WEIGHT));
    lines.push(record.line);
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
      place(file, lines[again], 1),
    );
}

const EMBEDDINGS = 'CSV with the header id,side,v1,v2,...,vd';

/** Reads `--format embeddings`. @throws LabError with file:line:column. */
export function parseEmbeddings(bytes: Uint8Array, file: string): EmbeddingFile {
  const names = new Map<string, number>();
  const side: number[] = [];
  let vectors = new Float64Array(1024);
  let dim = -1;
  let n = 0;
  let sided = false;
  for (const record of readCsv(bytes, file, EMBEDDINGS)) {
    const { fields } = record;
    if (dim < 0) {
      dim = fields.length - 2;
      must(dim >= 1, `${fields.length} columns; expected ${EMBEDDINGS}`, place(file, record.line, 1));
      const expected = ['id', 'side', ...Array.from({ length: dim }, (_, k) => `v${k + 1}`)];
      header(record, expected, file, EMBEDDINGS);
      continue;
    }
    width(record, dim + 2, file, EMBEDDINGS);
    const id = idOf(record, 0, file, 'id');
    if (names.has(id))
      throw new LabError(`id ${shown(id)} was already given; expected every id once`, at(record, 0, file));
    names.set(id, n);
    const s = fields[1];
    if (s !== '' && s !== 'A' && s !== 'B')
      throw new LabError(`side is ${shown(s)}; expected A, B or nothing`, at(record, 1, file));
    if (n === 0) sided = s !== '';
    if (sided !== (s !== ''))
      throw new LabError(
        `side is ${shown(s)}, while earlier lines ${sided ? 'have one' : 'have none'}; expected a side in every line or in none`,
        at(record, 1, file),
      );
    side.push(s === '' ? 0 : s === 'A' ? 1 : 2);
    if ((n + 1) * dim > vectors.length) {
      const grown = new Float64Array(Math.max(2 * vectors.length, (n + 1) * dim));
      grown.set(vectors);
      vectors = grown;
    }
    for (let k = 0; k < dim; k++)
      vectors[n * dim + k] = numberOf(fields[k + 2], `v${k + 1}`, record, k + 2, file, LARGEST_COORDINATE);
    n++;
  }
  return {
    ids: idsOf([...names.keys()]),
    dim,
    vectors: vectors.slice(0, n * dim),
    side: Uint8Array.from(side),
    sided,
  };
}

function header(record: CsvRecord, expected: readonly string[], file: string, form: string): void {
  for (let k = 0; k < Math.max(expected.length, record.fields.length); k++) {
    const found = record.fields[k];
    must(
      found === expected[k],
      found === undefined
        ? `the header ends before ${expected[k]}; expected ${form}`
        : `column ${k + 1} of the header is ${shown(found)}; expected ${expected[k] === undefined ? 'no further column' : expected[k]} (${form})`,
      at(record, Math.min(k, record.fields.length - 1), file),
    );
  }
}

/** Sums of weights, and products of vectors, must stay finite in double precision, with room for the solver's own factors. */
export const LARGEST_WEIGHT = 1e280;
const LARGEST_COORDINATE = 1e140;

export function tooLarge(largest: number): string {
  return `expected at most ${largest} in size, so that sums and products stay finite`;
}

function width(record: CsvRecord, expected: number, file: string, form: string): void {
  const { length } = record.fields;
  if (length !== expected)
    throw new LabError(
      `${length} ${length === 1 ? 'field' : 'fields'}; expected ${expected} (${form})`,
      at(record, Math.min(length - 1, expected), file),
    );
}

function numberOf(
  text: string,
  name: string,
  record: CsvRecord,
  field: number,
  file: string,
  largest: number,
): number {
  const value = parseNumber(text);
  if (Math.abs(value) > largest)
    throw new LabError(`${name} is ${shown(text)}; ${tooLarge(largest)}`, at(record, field, file));
  if (Number.isNaN(value))
    throw new LabError(
      text === ''
        ? `${name} is missing; expected a finite number`
        : `${name} is ${shown(text)}; expected a finite number`,
      at(record, field, file),
    );
  return value;
}

function idOf(record: CsvRecord, field: number, file: string, name: string): string {
  const id = record.fields[field];
  if (id === '') throw new LabError(`${name} is missing; expected an id`, at(record, field, file));
  return id;
}

function at(record: CsvRecord, field: number, file: string): string {
  return place(file, record.line, record.columns[field]);
}

function position(names: Map<string, number>, id: string): number {
  const known = names.get(id);
  if (known !== undefined) return known;
  names.set(id, names.size);
  return names.size - 1;
}

/** Numbers where every id is one in its plain form ("7", not "07"), so that JSON gives back what a person wrote. */
function idsOf(names: string[]): Id[] {
  return names.every((s) => /^(0|-?[1-9]\d{0,14})$/.test(s)) ? names.map(Number) : names;
}
