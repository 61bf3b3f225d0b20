import { CsvRecord, CsvScanner } from './csv-scanner.ts';

const separators = [',', ';', '\t', '|'] as const;
/** Records that are looked at. */
const SAMPLE = 13;

/** How a CSV file begins. */
export interface CsvHead {
  readonly separator: string;
  /** Length of a first line such as `sep=;` (an Excel convention) with its line end, or 0. */
  readonly separatorLine: number;
  /** Comment lines before the header. */
  readonly comments: number;
}

/**
 * Finds the separator and the header from the beginning of a file: the separator is the one that is
 * given, that a `sep=` line names, or that splits the header and the records after it into the most
 * cells of the same number; a comma where none does.
 */
export function readHead(text: string, given?: string): CsvHead {
  const named = /^sep=([^\r\n])(\r\n|\n|\r|$)/i.exec(text);
  const separatorLine = named?.[0].length ?? 0;
  const rest = text.slice(separatorLine);
  const fixed = given ?? named?.[1];
  const candidates = (fixed === undefined ? separators : [fixed]).map((separator) => {
    const records = firstRecords(rest, separator);
    const comments = leadingComments(records);
    return { separator, comments, score: agreement(records.slice(comments)) };
  });
  const { separator, comments } = candidates.reduce((best, c) => (c.score > best.score ? c : best));
  return { separator, separatorLine, comments };
}

/** Whether a line begins with # and has another number of cells than the header. */
export function isComment(record: CsvRecord, columns: number): boolean {
  return record.raw.startsWith('#') && record.cells.length !== columns;
}

function firstRecords(text: string, separator: string): CsvRecord[] {
  const scanner = new CsvScanner('', separator, text.length);
  scanner.add(text);
  const records: CsvRecord[] = [];
  for (let found = scanner.next(true); found !== null; found = scanner.next(true)) {
    if (found instanceof CsvRecord && !found.isBlank) records.push(found);
    if (records.length === SAMPLE) break;
  }
  return records;
}

/** Lines that begin with # and have another number of cells than the first line that does not. */
function leadingComments(records: readonly CsvRecord[]): number {
  const first = records.findIndex((record) => !record.raw.startsWith('#'));
  if (first < 0) return 0;
  return records.slice(0, first).findLastIndex((r) => isComment(r, records[first].cells.length)) + 1;
}

/** The header decides; records that have as many cells confirm. */
function agreement(records: readonly CsvRecord[]): number {
  const counts = records.map((record) => record.cells.length - 1);
  if (counts.length === 0 || counts[0] === 0) return 0;
  return (counts.filter((n) => n === counts[0]).length / counts.length) * (1 + Math.log2(counts[0]));
}
