import { placeIn, placeText, type Place } from './place.ts';

/** One record of a CSV file: its cells without quotes, and trimmed where not quoted. */
export class CsvRecord {
  constructor(
    readonly file: string,
    readonly cells: readonly string[],
    /** Line on which the record begins, from 1. */
    readonly line: number,
    /** The record as the file has it, without its line end. */
    readonly raw: string,
    private readonly separator: string,
    /** Offset in `raw` of a quote inside a cell that does not begin with one, or -1. */
    readonly bareQuote = -1,
  ) {}

  /** Nothing but blanks: not even a quoted empty cell. */
  get isBlank(): boolean {
    return this.cells.length === 1 && this.cells[0] === '' && !this.raw.includes('"');
  }

  withCells(cells: readonly string[]): CsvRecord {
    return new CsvRecord(this.file, cells, this.line, this.raw, this.separator, this.bareQuote);
  }

  /** Where a cell begins. A cell after a quoted line break lies on a later line than the record. */
  place(cell: number): Place {
    return placeIn(this.raw, cellStart(this.raw, this.separator, cell), this.line);
  }

  /** `file:line:column` of a cell. */
  where(cell: number): string {
    return placeText(this.file, this.place(cell));
  }
}

/** A line that is not a record. */
export interface ScanFault {
  readonly fault: string;
  readonly place: Place;
  /** There is no line end after it, so that reading cannot go on. */
  readonly isEndless: boolean;
}

/**
 * Splits CSV text (RFC 4180) into records. Records end with LF, CRLF or CR, also mixed. A quoted
 * cell may hold separators, line ends and doubled quotes, and may have blanks around its quotes.
 * Text can be added in pieces: a record is given once it is whole.
 */
export class CsvScanner {
  #text = '';
  #at = 0;
  #line: number;
  // Next LF, CR and quote at or after #at; Infinity where there is none.
  #lf = -1;
  #cr = -1;
  #quote = -1;

  constructor(
    private readonly file: string,
    private readonly separator: string,
    /** Maximum length of a record, UTF-16 code units. */
    private readonly maxLength: number,
    firstLine = 1,
  ) {
    this.#line = firstLine;
  }

  add(text: string): void {
    this.#text = this.#text.slice(this.#at) + text;
    this.#at = 0;
    this.#lf = this.#cr = this.#quote = -1;
  }

  /** The place where the text ends. */
  get end(): Place {
    const rest = this.#text.slice(this.#at);
    return placeIn(rest, rest.length, this.#line);
  }

  /** The next record, or null where more text is needed. `last`: no more text will come. */
  next(last: boolean): CsvRecord | ScanFault | null {
    if (this.#at >= this.#text.length) return null;
    this.#lf = this.#find('\n', this.#lf);
    this.#cr = this.#find('\r', this.#cr);
    this.#quote = this.#find('"', this.#quote);
    const end = Math.min(this.#lf, this.#cr, this.#text.length);
    if (this.#quote < end) return this.#quoted(last);
    if (!last && this.#mayContinue(end)) return this.#tooLong(end) ? this.#endless() : null;
    const raw = this.#text.slice(this.#at, end);
    const cells = raw.split(this.separator);
    for (let c = 0; c < cells.length; c++) cells[c] = withoutBlanks(cells[c]);
    return this.#take(cells, raw, -1, 1);
  }

  #find(character: string, known: number): number {
    if (known >= this.#at) return known;
    const at = this.#text.indexOf(character, this.#at);
    return at < 0 ? Infinity : at;
  }

  #take(cells: string[], raw: string, bareQuote: number, lines: number): CsvRecord {
    const record = new CsvRecord(this.file, cells, this.#line, raw, this.separator, bareQuote);
    this.#at += raw.length;
    if (this.#text[this.#at] === '\r' && this.#text[this.#at + 1] === '\n') this.#at++;
    this.#at++;
    this.#line += lines;
    return record;
  }

  /** A record with a quote in its first line. */
  #quoted(last: boolean): CsvRecord | ScanFault | null {
    const text = this.#text;
    const cells: string[] = [];
    let bareQuote = -1;
    let at = this.#at;
    for (;;) {
      const start = skipBlanks(text, at, this.separator);
      if (text[start] === '"') {
        const close = closingQuote(text, start);
        // The text may end directly after a quote: another one may follow.
        const isOpen = close < 0 || (close + 1 === text.length && !last);
        if (isOpen && !last && !this.#tooLong(text.length)) return null;
        if (isOpen || this.#tooLong(close)) return this.#skipLine('this quote is never closed', start, last);
        at = skipBlanks(text, close + 1, this.separator);
        cells.push(text.slice(start + 1, close).replaceAll('""', '"'));
        if (at < text.length && text[at] !== this.separator && !isLineEnd(text[at]))
          return this.#skipLine('text stands after a closing quote', at, last);
      } else {
        at = start;
        while (at < text.length && text[at] !== this.separator && !isLineEnd(text[at])) {
          if (text[at] === '"' && bareQuote < 0) bareQuote = at - this.#at;
          at++;
        }
        cells.push(withoutBlanks(text.slice(start, at)));
      }
      if (text[at] !== this.separator) break;
      at++;
    }
    if (!last && this.#mayContinue(at)) return this.#tooLong(at) ? this.#endless() : null;
    const raw = text.slice(this.#at, at);
    const isOneLine = Math.min(this.#lf, this.#cr) >= at;
    return this.#take(cells, raw, bareQuote, isOneLine ? 1 : placeIn(raw, raw.length, 1).line);
  }

  /** Whether more text could move the line end at `end`: there is none, or a CR before LF. */
  #mayContinue(end: number): boolean {
    return end === this.#text.length || (end + 1 === this.#text.length && this.#text[end] === '\r');
  }

  #tooLong(at: number): boolean {
    return at - this.#at > this.maxLength;
  }

  #endless(): ScanFault {
    const fault = `no line ends within ${this.maxLength.toLocaleString('en')} characters: this is not a CSV file`;
    return { fault, place: { line: this.#line, column: 1 }, isEndless: true };
  }

  /** Goes on after the first line of a record that cannot be read. */
  #skipLine(fault: string, at: number, last: boolean): ScanFault | null {
    const end = Math.min(this.#lf, this.#cr, this.#text.length);
    if (!last && this.#mayContinue(end)) return this.#tooLong(end) ? this.#endless() : null;
    const place = placeIn(this.#text.slice(this.#at), at - this.#at, this.#line);
    this.#at = end + (this.#text[end] === '\r' && this.#text[end + 1] === '\n' ? 2 : 1);
    this.#line++;
    return { fault, place, isEndless: false };
  }
}

function isLineEnd(character: string): boolean {
  return character === '\n' || character === '\r';
}

function skipBlanks(text: string, from: number, separator: string): number {
  let at = from;
  while ((text[at] === ' ' || text[at] === '\t') && text[at] !== separator) at++;
  return at;
}

const isBlankCode = (code: number): boolean => code === 32 || code === 9;

/** Without spaces and tabs around it. Other white space is part of the text. */
function withoutBlanks(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && isBlankCode(text.charCodeAt(from))) from++;
  while (to > from && isBlankCode(text.charCodeAt(to - 1))) to--;
  return to - from === text.length ? text : text.slice(from, to);
}

/** Offset of the quote that closes the one at `open`, or -1. Doubled quotes are text. */
function closingQuote(text: string, open: number): number {
  for (let at = text.indexOf('"', open + 1); at >= 0; at = text.indexOf('"', at + 2))
    if (text[at + 1] !== '"') return at;
  return -1;
}

function cellStart(raw: string, separator: string, cell: number): number {
  let at = 0;
  for (let c = 0; ; c++) {
    at = skipBlanks(raw, at, separator);
    if (c === cell) return at;
    if (raw[at] === '"') at = closingQuote(raw, at) + 1;
    const next = raw.indexOf(separator, at);
    if (next < 0) return at;
    at = next + 1;
  }
}
