import { LabError } from '../../base/errors.ts';

/** A place in a file, as a person looks for it: both from 1; columns count characters (bytes in files of plain ASCII). */
export function place(file: string, line: number, column: number): string {
  return `${file}:${line}:${column}`;
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** A finite decimal number, or NaN for anything else ("0x10", "1e999", "Infinity", ""). */
export function parseNumber(text: string): number {
  if (!NUMBER.test(text)) return NaN;
  const value = Number(text);
  return Number.isFinite(value) ? value : NaN;
}

/** A field as an error message shows it. */
export function shown(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 40)}...` : text;
  return JSON.stringify(short);
}

/**
 * Refuses what is no text: an empty file, control characters, bytes that are not UTF-8. Returns where the text begins (after a byte
 * order mark).
 */
export function checkText(bytes: Uint8Array, file: string, expected: string): number {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let blank = true;
  let line = 1;
  let lineStart = start;
  let high = false;
  for (let p = start; p < bytes.length; p++) {
    const b = bytes[p];
    if (b > 32) {
      blank = false;
      if (b < 127) continue;
      high = true;
      if (b !== 127) continue;
    }
    if (b === 10) {
      line++;
      lineStart = p + 1;
    } else if ((b < 32 && b !== 9 && b !== 13) || b === 127)
      throw new LabError(
        `a control character (byte ${b}) in what should be text; expected ${expected}`,
        place(file, line, p - lineStart + 1),
      );
  }
  if (blank) throw new LabError(`the file is empty; expected ${expected}`, place(file, 1, 1));
  if (high) checkUtf8(bytes, start, file, expected);
  return start;
}

function checkUtf8(bytes: Uint8Array, start: number, file: string, expected: string): void {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  // Line by line, so that the place is known; a line is short next to the file.
  for (let p = start; p < bytes.length; line++) {
    let end = bytes.indexOf(10, p);
    if (end < 0) end = bytes.length;
    try {
      decoder.decode(bytes.subarray(p, end));
    } catch {
      throw new LabError(`bytes that are not UTF-8 text; expected ${expected}`, place(file, line, 1));
    }
    p = end + 1;
  }
}
