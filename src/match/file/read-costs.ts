import { LabError, must, shown } from '../../base/errors.ts';
import { parseDecimal } from '../../base/text/decimal.ts';
import { wideEncoding } from '../../base/text/decode.ts';
import { beginsAsParquet } from '../../base/text/parquet.ts';
import { placeText } from '../../base/text/place.ts';
import { MAX_WEIGHT, tooLarge } from './formats.ts';

/** `costs`: a matrix, row by row. */
export interface CostFile {
  readonly rows: number;
  readonly columns: number;
  /** f64[rows][columns]; Infinity where the pair is forbidden, whatever the goal. */
  readonly cost: Float64Array;
}

const COSTS =
  'n and then n x n costs, or a first line "rows columns" and then rows x columns costs (OR-Library; - or inf forbids a pair)';

const [TAB, LF, CR, SPACE] = [9, 10, 13, 32];
const isSpace = (byte: number): boolean => byte === SPACE || byte === LF || byte === CR || byte === TAB;

/** Walks through the tokens of a text, which blanks and line breaks separate. */
class Tokens {
  from: number;
  to: number;
  line = 1;
  #lineStart: number;

  constructor(readonly bytes: Uint8Array) {
    const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    this.from = this.to = this.#lineStart = mark;
  }

  /** Moves to the next token; false at the end of the text. */
  next(): boolean {
    const { bytes } = this;
    let p = this.to;
    for (; p < bytes.length && isSpace(bytes[p]); p++)
      if (bytes[p] === LF || (bytes[p] === CR && bytes[p + 1] !== LF)) {
        this.line++;
        this.#lineStart = p + 1;
      }
    this.from = p;
    while (p < bytes.length && !isSpace(bytes[p])) p++;
    this.to = p;
    return this.from < p;
  }

  /** Where the token is. All tokens before it are ASCII numbers, so a byte is a character. */
  place(file: string): string {
    return placeText(file, { line: this.line, column: this.from - this.#lineStart + 1 });
  }

  /** The token as a number, NaN for anything else. Plain integers need no string. */
  get value(): number {
    const { bytes, from, to } = this;
    if (to - from <= 15) {
      let value = 0;
      let p = from;
      for (; p < to; p++) {
        const digit = bytes[p] - 48;
        if (digit < 0 || digit > 9) break;
        value = 10 * value + digit;
      }
      if (p === to) return value;
    }
    return to - from > 400 ? NaN : parseDecimal(String.fromCharCode(...bytes.subarray(from, to)));
  }

  get forbidden(): boolean {
    const { bytes, from, to } = this;
    return to - from <= 3 && /^(-|inf)$/i.test(String.fromCharCode(...bytes.subarray(from, to)));
  }

  get shown(): string {
    return shown(new TextDecoder().decode(this.bytes.subarray(this.from, Math.min(this.to, this.from + 60))));
  }
}

/** Reads `--format costs`. @throws LabError with file:line:column. */
export function parseCosts(bytes: Uint8Array, file: string): CostFile {
  const wide = wideEncoding(bytes);
  if (wide !== undefined) throw new LabError(wide, `${file}:1:1`);
  if (beginsAsParquet(bytes))
    throw new LabError(
      `this is a Parquet file; expected ${COSTS}, or --format edges or embeddings for Parquet`,
      file,
    );
  const { rows, columns, sizes } = shape(bytes, file);
  const tokens = new Tokens(bytes);
  for (let k = 0; k < sizes; k++) tokens.next();
  // Every cost takes two bytes. Check before memory is allocated for it.
  must(
    rows * columns <= bytes.length,
    `the matrix has ${rows} rows and ${columns} columns, but a file of ${bytes.length} bytes cannot hold ${rows} x ${columns} costs`,
    tokens.place(file),
  );
  const cost = new Float64Array(rows * columns);
  let filled = 0;
  while (tokens.next()) {
    if (filled === cost.length)
      throw new LabError(
        `more numbers than ${rows} x ${columns} = ${filled} costs: ${tokens.shown}; expected the end of the file`,
        tokens.place(file),
      );
    const { value } = tokens;
    const cell = () =>
      `cost in row ${Math.floor(filled / columns)}, column ${filled % columns} is ${tokens.shown}`;
    if (Math.abs(value) > MAX_WEIGHT)
      throw new LabError(`${cell()}; ${tooLarge(MAX_WEIGHT)}`, tokens.place(file));
    if (Number.isNaN(value) && !tokens.forbidden)
      throw new LabError(
        `${cell()}; expected a finite number, or - or inf to forbid the pair`,
        tokens.place(file),
      );
    cost[filled++] = Number.isNaN(value) ? Infinity : value;
  }
  must(
    filled === cost.length,
    `the file ends after ${filled} costs; expected ${rows} x ${columns} = ${cost.length}`,
    tokens.place(file),
  );
  return { rows, columns, cost };
}

/**
 * Size of the matrix, and how many tokens say so: one for n, two for a first line "rows columns".
 */
function shape(bytes: Uint8Array, file: string): { rows: number; columns: number; sizes: number } {
  const tokens = new Tokens(bytes);
  must(tokens.next(), `the file is empty; expected ${COSTS}`, `${file}:1:1`);
  const { line, value: n } = tokens;
  must(Number.isInteger(n) && n >= 0, `n is ${tokens.shown}; expected ${COSTS}`, tokens.place(file));
  let count = 0;
  let onFirstLine = 0;
  let second = NaN;
  while (tokens.next()) {
    count++;
    if (tokens.line !== line) continue;
    if (++onFirstLine === 1) second = tokens.value;
  }
  const square = onFirstLine !== 1 || count === n * n || !Number.isInteger(second) || second < 0;
  return square ? { rows: n, columns: n, sizes: 1 } : { rows: n, columns: second, sizes: 2 };
}
