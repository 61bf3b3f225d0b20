import { memorySource, type ByteSource } from '../../base/text/source.ts';
import { importData, inspect, type Imported } from '../import-data.ts';
import { applySettings } from '../read/mapping.ts';

export const header = 'person,partner,decision,partner_decision';
/** Twelve people in two sides, and all 36 meetings across. */
export const people = [
  'id,gender,age',
  ...Array.from({ length: 12 }, (_, p) => `u${p},${p < 6 ? 'f' : 'm'},${20 + p}`),
];
export const meetings = [
  header,
  ...Array.from({ length: 36 }, (_, k) => `u${k % 6},u${6 + Math.floor(k / 6)},${k % 2},${(k >> 2) % 2}`),
];
export const linesText = (lines: readonly string[]) => `${lines.join('\n')}\n`;

export async function read(
  one: string | Uint8Array,
  other: string | Uint8Array,
  settings = '',
): Promise<Imported> {
  const sources = [memorySource('p.csv', one, 37), memorySource('m.csv', other, 53)];
  const look = await inspect(sources[0], sources[1]);
  const of = (name: string) => sources.find((s) => s.name === name) as ByteSource;
  return importData(
    { people: of(look.people.file), meetings: of(look.meetings.file) },
    look,
    applySettings(look.mapping, settings),
  );
}

export const problems = (imported: Imported, file: 'people' | 'meetings' = 'meetings') =>
  Object.fromEntries(imported.reports[file].problems.map((p) => [`${p.kind} ${p.lost}`, p.count]));
