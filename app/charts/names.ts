import type { Table } from '../../src/base/table.ts';
import { countries } from '../../src/scenario/countries.ts';

const names = new Map<string, string>(countries.map((c) => [c.code, c.name]));

/** "Japan" for "JP"; any other text as it is. */
export function countryName(code: string): string {
  return names.get(code) ?? code;
}

/** Index of a country: its hue, shape and dash. Other segments keep their order in `among`. */
export function segmentIndex(code: string, among: readonly string[]): number {
  const i = countries.findIndex((c) => c.code === code || c.name === code);
  return i >= 0 ? i : Math.max(0, among.indexOf(code));
}

/** Unit of a column; '' for none. */
export function unitOf(table: Table, column: string): string {
  return table.columns.find((c) => c.name === column)?.unit ?? '';
}
