import { LabError, shown } from '../errors.ts';
import { isComment, readHead } from './csv-head.ts';
import { CsvRecord, CsvScanner, type ScanFault } from './csv-scanner.ts';
import type { Decoded } from './decode.ts';
import { placeIn, placeText, type Place } from './place.ts';

/** A deviation from a plain table. Only lines of the kinds `quotes` and `cells` are left out. */
export interface Forgiven extends Place {
  readonly kind:
    | 'separatorLine'
    | 'blankLine'
    | 'comment'
    | 'bareQuote'
    | 'trailingCells'
    | 'repeatedName'
    | 'emptyName'
    | 'quotes'
    | 'cells';
  /** What is wrong there. */
  readonly text: string;
}

export interface CsvOptions {
  /** One character. Default: from a `sep=` line, or guessed: comma, semicolon, tab or bar. */
  readonly separator?: string;
  /** What the file must be, for error messages. */
  readonly expected?: string;
  /** Called for every deviation. Without it the reader is strict: a deviation is a LabError. */
  readonly forgive?: (what: Forgiven) => void;
  /** Maximum length of a record, UTF-16 code units. */
  readonly maxRecord?: number;
}

/** Code units from which the separator is guessed. */
const HEAD = 1 << 16;
const MAX_RECORD = 1 << 26;

/** What an event log begins with: a comment with the version that wrote it. */
const LOG_MARK = '# halfsecond: ';

/** Reads the rows of one CSV file from pieces of text, with all rules for what a table is. */
export class CsvReader {
  /** The header row and its names, each used once; null until it has been read. */
  header: { readonly record: CsvRecord; readonly names: readonly string[] } | null = null;
  separator = ',';
  #scanner: CsvScanner | null = null;
  #head = '';
  #isLast = false;
  #fault: string | undefined;
  /** Whether the file is an event log of this laboratory, which has comments. */
  #isLog = false;
  /** Comment lines that are still to come before the header. */
  #comments = 0;
  /** Line of the first blank line since the last record; 0 where there is none. */
  #blankLine = 0;

  constructor(
    private readonly file: string,
    private readonly options: CsvOptions,
  ) {}

  /**
   * Adds the next piece of text; with a fault, reading ends with it after the whole rows before it.
   */
  add({ text, fault }: Decoded): void {
    this.#fault = fault;
    if (this.#scanner === null) this.#head += text;
    else this.#scanner.add(text);
  }

  /** No more text will come. */
  end(): void {
    this.#isLast = this.#fault === undefined;
  }

  /** The next row; null where more text is needed, or at the end. Throws LabError with a place. */
  row(): CsvRecord | null {
    const mayWait = !this.#isLast && this.#fault === undefined;
    if (this.#scanner === null && mayWait && this.#head.length < HEAD) return null;
    const scanner = (this.#scanner ??= this.#begin());
    for (let found = scanner.next(this.#isLast); found !== null; found = scanner.next(this.#isLast)) {
      const row = found instanceof CsvRecord ? this.#row(found) : this.#broken(found);
      if (row !== null) return row;
    }
    if (this.#fault !== undefined) this.#refuse(this.#fault, scanner.end);
    if (this.#isLast && this.header === null)
      this.#refuse(
        `the file is empty; expected ${this.options.expected ?? 'a header row and rows below it'}`,
        {
          line: 1,
          column: 1,
        },
      );
    return null;
  }

  #begin(): CsvScanner {
    const { separator, separatorLine, comments } = readHead(this.#head, this.options.separator);
    this.separator = separator;
    this.#comments = comments;
    if (separatorLine > 0)
      this.options.forgive?.({
        kind: 'separatorLine',
        line: 1,
        column: 1,
        text: `the line names the separator`,
      });
    const limit = this.options.maxRecord ?? MAX_RECORD;
    const scanner = new CsvScanner(this.file, separator, limit, separatorLine > 0 ? 2 : 1);
    scanner.add(this.#head.slice(separatorLine));
    this.#head = '';
    return scanner;
  }

  #refuse(message: string, place: Place): never {
    throw new LabError(message, placeText(this.file, place));
  }

  #deviate(kind: Forgiven['kind'], text: string, todo: string, place: Place): void {
    if (this.options.forgive === undefined) this.#refuse(`${text}; ${todo}`, place);
    this.options.forgive({ kind, text, ...place });
  }

  #broken({ fault, place, isEndless }: ScanFault): null {
    if (isEndless) this.#refuse(fault, place);
    if (this.header === null) this.#refuse(`${fault} in the header`, place);
    this.#deviate('quotes', fault, 'quote the whole cell, and double the quotes in it', place);
    return null;
  }

  #row(record: CsvRecord): CsvRecord | null {
    if (record.isBlank) {
      this.#blankLine ||= record.line;
      return null;
    }
    if (this.#blankLine > 0) {
      // Blank lines at the end of a file never come here: they are no deviation.
      const place = { line: this.#blankLine, column: 1 };
      this.#blankLine = 0;
      const what = this.header === null && place.line === 1 ? 'the first line is blank' : 'a line is blank';
      this.#deviate('blankLine', what, 'delete it', place);
    }
    const { header } = this;
    if (header === null ? this.#comments-- > 0 : isComment(record, header.names.length)) {
      if (record.line === 1) this.#isLog = record.raw.startsWith(LOG_MARK);
      if (this.#isLog) return null;
      this.#deviate('comment', 'the line begins with # like a comment', 'delete it', record.place(0));
      return null;
    }
    if (record.bareQuote >= 0) {
      const place = placeIn(record.raw, record.bareQuote, record.line);
      const what = 'a quote stands inside a cell that does not begin with one';
      this.#deviate('bareQuote', what, 'quote the whole cell, and double the quotes in it', place);
    }
    if (header !== null) return this.#fitted(record, header.names.length);
    this.header = { record, names: this.#uniqueNames(record) };
    return null;
  }

  /** Column names, each once: an empty one becomes "column 3", a second "x" becomes "x (2)". */
  #uniqueNames(record: CsvRecord): string[] {
    const used = new Set<string>();
    return record.cells.map((cell, c) => {
      const plain = cell.trim() === '' ? `column ${c + 1}` : cell.trim();
      if (cell.trim() === '')
        this.#deviate('emptyName', `column ${c + 1} has no name`, 'name every column', record.place(c));
      let name = plain;
      for (let k = 2; used.has(name); k++) name = `${plain} (${k})`;
      used.add(name);
      if (name !== plain)
        this.#deviate(
          'repeatedName',
          `the column name ${shown(plain)} is used twice`,
          'give every column a name of its own',
          record.place(c),
        );
      return name;
    });
  }

  /** The row with as many cells as there are columns; null where it has others. */
  #fitted(record: CsvRecord, columns: number): CsvRecord | null {
    const { cells } = record;
    if (cells.length === columns) return record;
    const what = `the row has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}; the header has ${columns}`;
    const place = record.place(Math.min(cells.length, columns + 1) - 1);
    const isTrailing = cells.length > columns && cells.slice(columns).every((cell) => cell === '');
    this.#deviate(
      isTrailing ? 'trailingCells' : 'cells',
      what,
      isTrailing ? 'delete the separators at the end' : 'give it one cell per column',
      place,
    );
    return isTrailing ? record.withCells(cells.slice(0, columns)) : null;
  }
}
