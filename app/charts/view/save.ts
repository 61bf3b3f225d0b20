import { toCsv, type Table } from '../../../src/base/table.ts';
import { originNow, type Origin } from './origin.ts';

/** Downloads a blob under a name. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers read the address after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Downloads a table with full precision (RFC 4180), after comments that say where it is from. */
export async function saveCsv(table: Table, also: Origin = {}): Promise<void> {
  const text = toCsv(table, { ...(await originNow()), ...also });
  saveBlob(new Blob([text], { type: 'text/csv' }), `halfsecond-${table.name}.csv`);
}
