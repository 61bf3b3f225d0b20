import { readCsvSource, type CsvVisitor } from '../../base/text/csv.ts';
import type { ByteSource } from '../../base/text/source.ts';
import type { Tally } from './report.ts';

/** Maximum length of a row, UTF-16 code units: beyond it this is not a table. */
const MAX_ROW = 1 << 18;

/** Reads a file in the forgiving mode; what was forgiven is counted. */
export function readRows(source: ByteSource, tally: Tally | null, visitor: CsvVisitor): Promise<void> {
  return readCsvSource(source, visitor, { forgive: (what) => tally?.forgive(what), maxRecord: MAX_ROW });
}
