import { LabError } from '../../base/errors.ts';
import { textOf, type ByteSource } from './source.ts';

/** Longest row, in UTF-16 code units: beyond it a quote was never closed, or this is no table. */
const MAX_ROW = 1 << 18;
/** Most columns of a table. */
const MAX_COLUMNS = 1000;
/** Rows between two looks at the clock and at whether to go on. */
const BREATH_ROWS = 4096;

export const separators = [',', ';', '\t', '|'] as const;
export type Separator = (typeof separators)[number];

/** A row of text. The object is used again for the next row: copy what you keep. */
export interface Row {
  readonly cells: readonly string[];
  /** 1-based line on which the row begins. */
  readonly line: number;
  /** 1-based column (UTF-16 code units) at which a cell begins, in the row's first line. */
  column(cell: number): number;
}

export interface RowVisitor {
  header?(names: readonly string[], separator: Separator): void;
  /** Return false to stop reading. */
  row(row: Row): boolean | undefined;
  /** A row that is no row: left out. */
  broken(line: number, column: number, kind: 'quote' | 'cells', text: string): void;
  /** About how much was read, bytes; called often enough to keep a progress bar alive. May throw to stop everything. */
  progress?(bytes: number): void | Promise<void>;
}

/**
 * Reads a CSV file of any size in pieces, leniently: comma, semicolon, tab or bar (found from the header), quotes, a byte order mark, CRLF,
 * LF or CR. A row that cannot be read is told to `broken` and left out. Memory does not grow with the file. Throws LabError where there is
 * no table at all: empty, binary, not UTF-8, or a line without end.
 */
export async function readRows(source: ByteSource, visitor: RowVisitor): Promise<void> {
  let reader: RowReader | null = null;
  let text = '';
  let bytes = 0;
  for await (const piece of textOf(source)) {
    text += piece.text;
    bytes = piece.bytes;
    if (reader === null) {
      if (!/[\r\n]/.test(text) || (text.length < 4096 && piece.bytes < source.size)) {
        if (text.length > MAX_ROW) throw noLines(source.name);
        continue;
      }
      reader = new RowReader(source.name, text, visitor);
      text = '';
    } else {
      reader.add(text);
      text = '';
    }
    if (!(await reader.run(false, piece.bytes))) return;
  }
  reader ??= new RowReader(source.name, text, visitor);
  await reader.run(true, bytes);
}

function noLines(file: string): LabError {
  return new LabError(
    `no line ends within ${MAX_ROW.toLocaleString('en')} characters: this is not a CSV file; export the table as CSV`,
    `${file}:1:1`,
  );
}

class RowReader implements Row {
  cells: string[] = [];
  line = 1;
  #starts: number[] | null = null;
  #text: string;
  #at = 0;
  readonly #newline: '\n' | '\r';
  readonly #separator: Separator;
  #columns = 0;
  #rows = 0;

  constructor(
    private readonly file: string,
    text: string,
    private readonly visitor: RowVisitor,
  ) {
    this.#text = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    this.#newline = this.#text.includes('\n') ? '\n' : '\r';
    this.#separator = guessSeparator(this.#text.slice(0, 1 << 16));
  }

  add(text: string): void {
    this.#text = this.#text.slice(this.#at) + text;
    this.#at = 0;
  }

  column(cell: number): number {
    if (this.#starts !== null) return this.#starts[cell] + 1;
    let at = 1;
    for (let c = 0; c < cell; c++) at += this.cells[c].length + 1;
    return at;
  }

  /** Reads the rows that are whole; with `last` the rest too. False where the visitor has enough. */
  async run(last: boolean, bytes: number): Promise<boolean> {
    while (this.#at < this.#text.length) {
      const lines = this.#next(last);
      if (lines === 0) break;
      if (lines > 0) {
        if (this.#columns === 0) this.#header();
        else if (!this.#visit()) return false;
        this.line += lines;
      }
      if (++this.#rows % BREATH_ROWS === 0) await this.visitor.progress?.(bytes);
    }
    if (last && this.#columns === 0)
      throw new LabError(
        'the file is empty; a header row and rows below it were expected',
        `${this.file}:1:1`,
      );
    await this.visitor.progress?.(bytes);
    return true;
  }

  #header(): void {
    if (isBlank(this.cells)) return;
    if (this.cells.length > MAX_COLUMNS)
      throw new LabError(
        `the header has ${this.cells.length} columns; at most ${MAX_COLUMNS} can be read`,
        `${this.file}:1:1`,
      );
    this.#columns = this.cells.length;
    this.visitor.header?.(uniqueNames(this.cells), this.#separator);
  }

  #visit(): boolean {
    if (isBlank(this.cells)) return true;
    if (this.cells.length === this.#columns) return this.visitor.row(this) !== false;
    const at = this.column(Math.min(this.cells.length, this.#columns + 1) - 1);
    this.visitor.broken(
      this.line,
      at,
      'cells',
      `${this.cells.length} cells; the header has ${this.#columns}`,
    );
    return true;
  }

  /** Takes the next row: how many lines it has, 0 where it is not whole yet, -1 where a line was left out. */
  #next(last: boolean): number {
    const text = this.#text;
    const from = this.#at;
    let end = text.indexOf(this.#newline, from);
    const whole = end >= 0;
    if (!whole) end = text.length;
    if (!whole && !last) {
      if (text.length - from > MAX_ROW) throw noLines(this.file);
      return 0;
    }
    const line = text.slice(from, end > from && text[end - 1] === '\r' ? end - 1 : end);
    if (!line.includes('"')) {
      this.#starts = null;
      this.cells = line.split(this.#separator);
      this.#at = end + 1;
      return 1;
    }
    return this.#quoted(from, last);
  }

  #quoted(from: number, last: boolean): number {
    const text = this.#text;
    const cells: string[] = [];
    const starts: number[] = [];
    let lines = 1;
    let at = from;
    for (;;) {
      const start = at;
      starts.push(start - from);
      if (text[at] === '"') {
        let cell = '';
        at++;
        for (;;) {
          const close = text.indexOf('"', at);
          if (close < 0 || close - from > MAX_ROW) {
            if (!last && text.length - from <= MAX_ROW) return 0;
            return this.#broken(from, start, 'this quote is never closed');
          }
          cell += text.slice(at, close);
          at = close + 1;
          if (text[at] !== '"') break;
          cell += '"';
          at++;
        }
        // The piece may end right after the quote: whether another follows is not known yet.
        if (at >= text.length && !last) return 0;
        for (let nl = cell.indexOf(this.#newline); nl >= 0; nl = cell.indexOf(this.#newline, nl + 1)) lines++;
        cells.push(cell);
        const next = text[at];
        if (at < text.length && next !== this.#separator && next !== '\n' && next !== '\r')
          return this.#broken(from, at, 'text stands after a closing quote');
      } else {
        while (at < text.length && text[at] !== this.#separator && text[at] !== this.#newline) at++;
        if (at >= text.length && !last) return 0;
        // A quote inside a bare cell is taken as it is: 5" is a length.
        cells.push(text.slice(start, text[at] === '\n' && text[at - 1] === '\r' && at > start ? at - 1 : at));
      }
      if (at >= text.length) break;
      if (text[at] === this.#separator) {
        at++;
        continue;
      }
      if (text[at] === '\r' && this.#newline === '\n') {
        if (at + 1 >= text.length && !last) return 0;
        if (text[at + 1] === '\n') at++;
      }
      break;
    }
    this.cells = cells;
    this.#starts = starts;
    this.#at = at + 1;
    return lines;
  }

  /** Leaves out the first line of a row that cannot be read, and goes on with the next. */
  #broken(from: number, at: number, why: string): -1 {
    const newline = this.#text.indexOf(this.#newline, from);
    if (this.#columns === 0)
      throw new LabError(`${why} in the header`, `${this.file}:${this.line}:${at - from + 1}`);
    this.visitor.broken(this.line, at - from + 1, 'quote', why);
    this.#at = newline < 0 ? this.#text.length : newline + 1;
    this.line++;
    return -1;
  }
}

function isBlank(cells: readonly string[]): boolean {
  return cells.length === 1 && cells[0].trim() === '';
}

/** The separator that cuts the first lines into the most cells of the same number; a comma where none does. */
function guessSeparator(text: string): Separator {
  const lines = text.split(/\r\n|\n|\r/, 12).filter((l) => l.trim() !== '');
  if (lines.length === 0) return ',';
  const outside = lines.map((line) => line.replaceAll(/"[^"]*"/g, ''));
  let best: Separator = ',';
  let most = 0;
  for (const separator of separators) {
    const counts = outside.map((line) => line.split(separator).length - 1);
    if (counts[0] === 0) continue;
    // The header decides; rows that agree with it confirm.
    const agree = counts.filter((n) => n === counts[0]).length / counts.length;
    const score = agree * (1 + Math.log2(counts[0]));
    if (score > most) {
      best = separator;
      most = score;
    }
  }
  return best;
}

/** Trimmed names, each once: an empty one becomes "column 3", a second "x" becomes "x (2)". */
export function uniqueNames(cells: readonly string[]): string[] {
  const used = new Set<string>();
  return cells.map((cell, c) => {
    const plain = cell.trim() === '' ? `column ${c + 1}` : cell.trim();
    let name = plain;
    for (let k = 2; used.has(name); k++) name = `${plain} (${k})`;
    used.add(name);
    return name;
  });
}
