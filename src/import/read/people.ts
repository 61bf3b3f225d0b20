import { LabError, shown } from '../../base/errors.ts';
import {
  decimalHint,
  decimalSignOf,
  mayBeGrouped,
  isMissing,
  parseDecimal,
  type DecimalSign,
} from '../../base/text/decimal.ts';
import type { ByteSource } from '../../base/text/source.ts';
import { Categories, Growing } from './columns.ts';
import { unusedNote, type Mapping } from './mapping.ts';
import type { FileProfile } from './profile.ts';
import { type FileReport, Tally } from './report.ts';
import { readRows } from './rows.ts';

/** Limits of an import: people, columns of side information, and levels of a category. */
export const MAX_PEOPLE = 200_000;
const MAX_INPUTS = 80;
const MAX_LEVELS = 20;
/** Maximum number of groups that the market can be sliced by. */
const GROUPS = 8;
const SIDES = 2;
/** Maximum number of different numbers in a column of codes, which is a category. */
const CODES = 7;

/** Upper ends of the market's age bands, years. */
const ageEnds = [25, 30, 40, 50] as const;

/** The people of the file, as columns; index = order in the file. */
export interface ImportedPeople {
  readonly count: number;
  readonly ids: readonly string[];
  readonly index: ReadonlyMap<string, number>;
  /** u8: 0 or 1, and the names of the sides; all 0 where there are no sides. */
  readonly side: Uint8Array;
  readonly sideNames: readonly string[];
  /** u8: 0 to 7. */
  readonly group: Uint8Array;
  readonly groupNames: readonly string[];
  /** u8: the market's age bands. */
  readonly age: Uint8Array;
  readonly ageTold: boolean;
  /** f32[count][inputs]: side information, standardised; a missing value is the mean. */
  readonly inputs: number;
  readonly inputNames: readonly string[];
  readonly x: Float32Array;
  readonly report: FileReport;
}

/** The number in a cell; NaN where it is missing, or cannot be read, which is reported. */
export function readNumber(
  cell: string,
  sign: DecimalSign,
  name: string,
  tell: (kind: 'number' | 'decimal', text: string) => void,
): number {
  if (isMissing(cell)) return NaN;
  const value = parseDecimal(cell, sign);
  if (!Number.isNaN(value)) return value;
  const other = decimalSignOf(cell);
  if (other !== null && other !== sign && !mayBeGrouped(cell))
    tell('decimal', `${name} is ${shown(cell)}; most of the column has the decimal sign "${sign}"`);
  else {
    const hint = decimalHint(cell);
    tell('number', `${name} is ${shown(cell)}; a number with the decimal sign "${sign}" was expected${hint}`);
  }
  return NaN;
}

/** Reads the people. Throws LabError where fewer than two could be read. */
export async function readPeople(
  source: ByteSource,
  mapping: Mapping,
  profile: FileProfile,
  progress?: (bytes: number) => void | Promise<void>,
): Promise<ImportedPeople> {
  const tally = new Tally(source.name, source.size);
  const ids: string[] = [];
  const index = new Map<string, number>();
  const at = new Map(profile.columns.map((c, k) => [c.name, k]));
  const place = (name: string | null) => (name === null ? -1 : (at.get(name) ?? -1));
  const [idAt, sideAt, groupAt, ageAt] = [mapping.id, mapping.side, mapping.group, mapping.age].map(place);
  const age = new Growing((n) => new Float32Array(n));
  const side = new Categories();
  const group = new Categories();
  const attributes = mapping.attributes.map((name) => {
    const c = place(name);
    const { kind, decimal, distinct } = profile.columns[c];
    // Few different numbers are mostly codes: treat them as levels.
    const numeric = kind === 'number' && distinct.size > CODES;
    return {
      name,
      c,
      decimal,
      numbers: numeric ? new Growing((n) => new Float32Array(n)) : null,
      words: new Categories(),
    };
  });
  const sides = mapping.side === null ? null : twoLargest(profile, mapping.side);

  await readRows(source, tally, {
    row(row) {
      tally.rows++;
      const cell = (c: number) => row.cells[c];
      const id = cell(idAt);
      const skip = (kind: 'noId' | 'repeatedId' | 'manyPeople' | 'range', c: number, text: string) => {
        tally.add(kind, 'row', row.place(c), text);
        return undefined;
      };
      if (id === '') return skip('noId', idAt, `${mapping.id} is empty`);
      const before = index.get(id);
      if (before !== undefined)
        return skip('repeatedId', idAt, `${mapping.id} ${shown(id)} was already person ${before + 1}`);
      if (ids.length === MAX_PEOPLE)
        return skip('manyPeople', idAt, `at most ${MAX_PEOPLE.toLocaleString('en')} people can be imported`);
      if (sides !== null && !sides.includes(cell(sideAt)))
        return skip(
          'range',
          sideAt,
          `${mapping.side} is ${shown(cell(sideAt))}; ${sides.map(shown).join(' or ')} was expected`,
        );
      index.set(id, ids.length);
      ids.push(id);
      tally.kept++;
      const tell = (c: number) => (kind: 'number' | 'decimal', text: string) =>
        tally.add(kind, 'cell', row.place(c), text);
      if (sideAt >= 0) side.push(cell(sideAt));
      if (groupAt >= 0) group.push(cell(groupAt));
      if (ageAt >= 0) {
        const years = readNumber(cell(ageAt), profile.columns[ageAt].decimal, mapping.age ?? '', tell(ageAt));
        const good = years >= 0 && years <= 120;
        if (!good && !Number.isNaN(years))
          tally.add(
            'range',
            'cell',
            row.place(ageAt),
            `${mapping.age} is ${years}; 0 to 120 years were expected`,
          );
        age.push(good ? years : NaN);
      }
      for (const { name, c, decimal, numbers, words } of attributes) {
        if (numbers === null) words.push(cell(c));
        // A problem with the age has been reported above.
        else numbers.push(readNumber(cell(c), decimal, name, c === ageAt ? () => undefined : tell(c)));
      }
      return undefined;
    },
    ...(progress && { progress }),
  });
  tally.require(2, 'people');
  const count = ids.length;
  const named = side.largest(SIDES);
  const grouped = group.largest(GROUPS);
  const years = age.array();
  const none = new Uint8Array(count);
  const told = sideInformation(attributes, count);
  if (told.left > 0)
    tally.notes.push(
      `${told.left} columns of side information beyond ${MAX_INPUTS} are not used (each level of a category is one)`,
    );
  tally.notes.push(...unusedNote(mapping, 'people', profile));
  return {
    count,
    ids,
    index,
    side: sideAt >= 0 ? named.of : none,
    sideNames: sideAt >= 0 ? named.names : ['people'],
    group: groupAt >= 0 ? grouped.of : none,
    groupNames: groupAt >= 0 ? grouped.names : ['everybody'],
    age: Uint8Array.from({ length: count }, (_, p) => (ageAt < 0 ? 0 : bandOf(years[p]))),
    ageTold: ageAt >= 0,
    inputs: told.names.length,
    inputNames: told.names,
    x: told.x,
    report: tally.report(),
  };
}

/** The age band; the market has none for an unknown age, which counts as the second. */
function bandOf(years: number): number {
  if (Number.isNaN(years)) return 1;
  const band = ageEnds.findIndex((end) => years < end);
  return band < 0 ? ageEnds.length : band;
}

function twoLargest(profile: FileProfile, name: string): string[] {
  const column = profile.columns.find((c) => c.name === name);
  const levels = [...(column?.distinct ?? [])].sort((a, b) => b[1] - a[1]);
  if (levels.length < 2 || levels.length > 6) {
    const count = `${levels.length} ${levels.length < 2 ? 'value' : 'different values'}`;
    throw new LabError(`the side "${name}" has ${count}; two are needed, or choose no side`, profile.file);
  }
  return levels.slice(0, 2).map(([level]) => level);
}

interface Attribute {
  readonly name: string;
  readonly numbers: Growing<Float32Array<ArrayBuffer>> | null;
  readonly words: Categories;
}

/** Numbers, and one column per level of a category (one for two levels); all standardised. */
function sideInformation(
  attributes: readonly Attribute[],
  count: number,
): { names: string[]; x: Float32Array; left: number } {
  const columns: { name: string; values: Float32Array }[] = [];
  for (const { name, numbers, words } of attributes) {
    if (numbers !== null) columns.push({ name, values: numbers.array() });
    else {
      const { names, of } = words.largest(MAX_LEVELS);
      for (let level = names.length === 2 ? 1 : 0; level < names.length; level++)
        columns.push({
          name: `${name} ${names[level]}`,
          values: Float32Array.from(of, (v) => (v === level ? 1 : 0)),
        });
    }
  }
  const useful = columns.map((c) => ({ ...c, z: standardised(c.values) })).filter((c) => c.z !== null);
  // Fewer columns for a large population keep the table small.
  const room = Math.min(MAX_INPUTS, Math.max(8, Math.floor(4e6 / count)));
  const used = useful.slice(0, room);
  const x = new Float32Array(count * used.length);
  used.forEach(({ z }, k) => (z as Float32Array).forEach((value, p) => (x[p * used.length + k] = value)));
  return { names: used.map((c) => c.name), x, left: useful.length - used.length };
}

function standardised(values: Float32Array): Float32Array | null {
  let n = 0;
  let sum = 0;
  for (const v of values)
    if (!Number.isNaN(v)) {
      n++;
      sum += v;
    }
  if (n < 2) return null;
  const mean = sum / n;
  let squares = 0;
  for (const v of values) if (!Number.isNaN(v)) squares += (v - mean) ** 2;
  const deviation = Math.sqrt(squares / n);
  if (!(deviation > 0) || !Number.isFinite(deviation)) return null;
  // Limit to six standard deviations, so that one mistyped number does not dominate the fit.
  return values.map((v) => (Number.isNaN(v) ? 0 : Math.max(-6, Math.min(6, (v - mean) / deviation))));
}
