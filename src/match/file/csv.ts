import { LabError } from '../../base/errors.ts';
import { checkText, place } from './text.ts';

/** One record of a CSV file. `fields` is reused between records: copy what you keep. */
export interface CsvRecord {
  readonly fields: string[];
  readonly line: number;
  /** Where field f begins: its line (a quoted field may hold line breaks) and column, both from 1. */
  readonly columns: number[];
}

/**
 * Reads CSV (RFC 4180: quoted fields, doubled quotes; LF, CRLF or CR; a byte order mark is skipped) record by record, straight from
 * the bytes, so that a file beyond the longest string is no problem. Lines without any character but blanks are skipped at the end
 * of the file and refused within it. Unquoted fields are trimmed.
 *
 * @throws LabError with file:line:column.
 */
export function* readCsv(bytes: Uint8Array, file: string, expected: string): Generator<CsvRecord> {
  let p = checkText(bytes, file, expected);
  const size = bytes.length;
  const decoder = new TextDecoder();
  const record = { fields: [] as string[], columns: [] as number[], line: 1 };
  let line = 1;
  let blankAt = 0;
  while (p < size) {
    record.fields.length = 0;
    record.columns.length = 0;
    record.line = line;
    const lineStart = p;
    let quotedAny = false;
    for (let more = true; more;) {
      record.columns.push(p - lineStart + 1);
      let q = p;
      while (q < size && (bytes[q] === 32 || bytes[q] === 9)) q++;
      if (bytes[q] === 34 && q < size) {
        quotedAny = true;
        const opened = line;
        const column = q - lineStart + 1;
        let text = '';
        for (q++; ;) {
          const close = bytes.indexOf(34, q);
          if (close < 0)
            throw new LabError('a quote is opened here and never closed', place(file, opened, column));
          for (let r = q; r < close; r++) if (bytes[r] === 10) line++;
          text += decoder.decode(bytes.subarray(q, close));
          q = close + 1;
          if (bytes[q] !== 34 || q >= size) break;
          text += '"';
          q++;
        }
        while (q < size && (bytes[q] === 32 || bytes[q] === 9)) q++;
        if (q < size && bytes[q] !== 44 && bytes[q] !== 10 && bytes[q] !== 13)
          throw new LabError(
            'text after a closing quote; expected a comma or the end of the line',
            place(file, line, q - lineStart + 1),
          );
        record.fields.push(text);
      } else {
        let end = q;
        while (end < size && bytes[end] !== 44 && bytes[end] !== 10 && bytes[end] !== 13) end++;
        let last = end;
        while (last > q && (bytes[last - 1] === 32 || bytes[last - 1] === 9)) last--;
        record.fields.push(shortText(bytes, q, last, decoder));
        q = end;
      }
      more = q < size && bytes[q] === 44;
      p = q + 1;
      if (!more && bytes[q] === 13 && bytes[p] === 10) p++;
    }
    line++;
    if (record.fields.length === 1 && record.fields[0] === '' && !quotedAny) {
      if (blankAt === 0) blankAt = record.line;
      continue;
    }
    if (blankAt > 0)
      throw new LabError('a blank line within the file; expected a record', place(file, blankAt, 1));
    yield record;
  }
}

/** Text of a field; most are short and plain ASCII, for which a decoder is slow. */
function shortText(bytes: Uint8Array, from: number, to: number, decoder: TextDecoder): string {
  if (to - from > 32) return decoder.decode(bytes.subarray(from, to));
  let text = '';
  for (let p = from; p < to; p++) {
    if (bytes[p] > 127) return decoder.decode(bytes.subarray(from, to));
    text += String.fromCharCode(bytes[p]);
  }
  return text;
}
