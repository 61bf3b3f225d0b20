import { LabError } from './errors.ts';

/** A strict CSV file in memory: a header and rows of text, each cell with its place for error messages. */
export interface CsvFile {
  /** Name as the person gave it, for messages. */
  readonly file: string;
  readonly header: readonly string[];
  /** Every row has as many cells as the header. */
  readonly rows: readonly CsvRow[];
}

export interface CsvRow {
  readonly cells: readonly string[];
  /** 1-based line on which the row starts. */
  readonly line: number;
  /** Per cell: 1-based line and column (in UTF-16 code units) of its first character, two numbers each. */
  readonly places: Uint32Array;
}

export interface CsvOptions {
  /** Column separator, one character; default a comma. */
  readonly separator?: string;
  /** A header without any row is an error (default) or fine. */
  readonly allowEmpty?: boolean;
}

const QUOTE = 34;
const LF = 10;
const CR = 13;

/** Text of a file's bytes. Throws LabError with the place of the first byte that is not UTF-8 (a UTF-8 mark is dropped later). */
export function decodeUtf8(bytes: Uint8Array, file: string): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new LabError('the file is UTF-16; save it as UTF-8', `${file}:1:1`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    let line = 1;
    let start = 0;
    // A line feed never lies inside a multi-byte sequence, so the lines can be tried one by one.
    for (let i = 0; i <= bytes.length; i++) {
      if (i < bytes.length && bytes[i] !== LF) continue;
      try {
        new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, i));
      } catch {
        break;
      }
      line++;
      start = i + 1;
    }
    throw new LabError('the file is not UTF-8 text; save it as UTF-8', `${file}:${line}:1`);
  }
}

/**
 * Reads CSV text strictly after RFC 4180: a header row, quoted cells with doubled quotes and line breaks inside, CRLF or LF, an
 * optional byte order mark, no or one empty line at the end. Anything else (a quote inside a bare cell, text after a closing quote,
 * an open quote, a row of another length, a name that is empty or used twice) is a LabError with `file:line:column`.
 */
export function parseCsv(text: string, file: string, options: CsvOptions = {}): CsvFile {
  const separator = (options.separator ?? ',').charCodeAt(0);
  const reader = new Reader(text, file, separator);
  const head = reader.row();
  if (head === null || (head.cells.length === 1 && head.cells[0] === ''))
    throw new LabError('the file is empty; a header row was expected', `${file}:1:1`);
  const header = head.cells.map((name) => name.trim());
  header.forEach((name, c) => {
    if (name === '') throw new LabError(`column ${c + 1} has no name`, csvPlace(file, head, c));
    if (header.indexOf(name) !== c)
      throw new LabError(`the column name "${name}" is used twice`, csvPlace(file, head, c));
  });
  const rows: CsvRow[] = [];
  for (let row = reader.row(); row !== null; row = reader.row()) {
    if (row.cells.length === 1 && row.cells[0] === '' && header.length > 1) {
      if (reader.atEnd) break;
      throw new LabError(`the line is empty; ${header.length} cells were expected`, `${file}:${row.line}:1`);
    }
    if (row.cells.length !== header.length) {
      const last = Math.min(row.cells.length, header.length + 1) - 1;
      throw new LabError(
        `the row has ${row.cells.length} cells; the header has ${header.length}`,
        csvPlace(file, row, last),
      );
    }
    rows.push(row);
  }
  if (rows.length === 0 && options.allowEmpty !== true)
    throw new LabError('there is a header but no row below it', `${file}:${reader.line}:1`);
  return { file, header, rows };
}

/** Index of a named column. Throws LabError that lists the columns there are. */
export function csvColumn(csv: CsvFile, name: string): number {
  const index = csv.header.indexOf(name);
  if (index < 0)
    throw new LabError(`there is no column "${name}"; there are ${csv.header.join(', ')}`, `${csv.file}:1:1`);
  return index;
}

/** `file:line:column` of a cell. */
export function csvPlace(file: string, row: CsvRow, column: number): string {
  return `${file}:${row.places[2 * column]}:${row.places[2 * column + 1]}`;
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * The finite number in a cell (blanks around it are allowed, hexadecimal, "NaN" and "Infinity" are not). Throws LabError with the
 * place, and `expected` in its words.
 */
export function csvNumber(csv: CsvFile, row: CsvRow, column: number, expected = 'a number'): number {
  const text = row.cells[column].trim();
  const value = decimal.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value))
    throw new LabError(
      `${csv.header[column]} must be ${expected}; it is ${text === '' ? 'empty' : `"${shorten(text)}"`}`,
      csvPlace(csv.file, row, column),
    );
  return value;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

class Reader {
  #at: number;
  line = 1;
  #lineStart: number;
  constructor(
    private readonly text: string,
    private readonly file: string,
    private readonly separator: number,
  ) {
    this.#at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    this.#lineStart = this.#at;
  }

  get atEnd(): boolean {
    return this.#at >= this.text.length;
  }

  row(): CsvRow | null {
    if (this.atEnd) return null;
    const line = this.line;
    const cells: string[] = [];
    const places: number[] = [];
    for (;;) {
      places.push(this.line, this.#at - this.#lineStart + 1);
      cells.push(this.text.charCodeAt(this.#at) === QUOTE ? this.#quoted() : this.#bare());
      if (this.atEnd) break;
      const c = this.text.charCodeAt(this.#at);
      this.#at++;
      if (c === this.separator) continue;
      if (c === CR) {
        if (this.text.charCodeAt(this.#at) !== LF)
          this.#fail('a carriage return stands without a line feed', this.#at - 1);
        this.#at++;
      }
      this.line++;
      this.#lineStart = this.#at;
      break;
    }
    return { cells, line, places: Uint32Array.from(places) };
  }

  #bare(): string {
    const start = this.#at;
    for (; this.#at < this.text.length; this.#at++) {
      const c = this.text.charCodeAt(this.#at);
      if (c === this.separator || c === LF || c === CR) break;
      if (c === QUOTE) this.#fail('a quote stands inside a cell that does not begin with one', this.#at);
      if (c === 0) this.#fail('a NUL character: this is not a text file', this.#at);
    }
    return this.text.slice(start, this.#at);
  }

  #quoted(): string {
    const opened = `${this.file}:${this.line}:${this.#at - this.#lineStart + 1}`;
    let cell = '';
    let start = ++this.#at;
    for (;;) {
      if (this.atEnd) throw new LabError('this quote is never closed', opened);
      const c = this.text.charCodeAt(this.#at);
      if (c === 0) this.#fail('a NUL character: this is not a text file', this.#at);
      if (c === LF) {
        this.line++;
        this.#lineStart = this.#at + 1;
      }
      if (c !== QUOTE) {
        this.#at++;
        continue;
      }
      cell += this.text.slice(start, this.#at);
      this.#at++;
      if (this.text.charCodeAt(this.#at) !== QUOTE) break;
      start = this.#at++;
    }
    const next = this.text.charCodeAt(this.#at);
    if (!this.atEnd && next !== this.separator && next !== LF && next !== CR)
      this.#fail('text stands after a closing quote', this.#at);
    return cell;
  }

  #fail(message: string, at: number): never {
    throw new LabError(message, `${this.file}:${this.line}:${at - this.#lineStart + 1}`);
  }
}
