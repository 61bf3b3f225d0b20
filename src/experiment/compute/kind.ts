import * as v from 'valibot';
import type { DataFile } from './data-file.ts';

/** What a formula may ask for besides its input. */
export interface ComputeContext {
  /** Reads a CSV file that the input names. */
  readonly open: (file: string) => DataFile;
}

/** A published formula that can be computed on one's own numbers: `lab compute KIND FILE.json`. */
export interface Kind {
  /** One line of help. */
  readonly what: string;
  readonly input: v.GenericSchema;
  readonly compute: (input: unknown, context: ComputeContext) => unknown;
}

/** A kind whose formula other code can call, with input that the compiler has checked. */
export interface TypedKind<Input, Result> extends Kind {
  readonly formula: (input: Input) => Result;
}

const noFiles: ComputeContext = {
  open: (file) => {
    throw new Error(`a formula that reads ${file} is computed from a file`);
  },
};

/** Joins the shape of the input to the formula, so that the formula only sees valid input. */
export function kind<const Schema extends v.GenericSchema, Result>(
  what: string,
  input: Schema,
  compute: (input: v.InferOutput<Schema>, context: ComputeContext) => Result,
): TypedKind<v.InferInput<Schema>, Result> {
  return {
    ...{ what, input },
    compute: (given, context) => compute(v.parse(input, given), context),
    formula: (given) => compute(v.parse(input, given), noFiles),
  };
}

export const finite = v.pipe(v.number(), v.finite());
export const positive = v.pipe(finite, v.gtValue(0));
export const notNegative = v.pipe(finite, v.minValue(0));
/** A share or a probability, 0 and 1 included. */
export const share = v.pipe(finite, v.minValue(0), v.maxValue(1));
/** A share strictly between 0 and 1. */
export const openShare = v.pipe(finite, v.gtValue(0), v.ltValue(1));
export const whole = (min: number, max: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
export const list = <Item extends v.GenericSchema>(item: Item) => v.pipe(v.array(item), v.minLength(1));
/** A matrix, row by row, all rows of the same length. */
export const matrix = v.pipe(
  list(list(finite)),
  v.check((rows) => rows.every((row) => row.length === rows[0].length), 'all rows have the same length'),
);

/**
 * Refuses an input whose work takes more than about five seconds. `what` names what counts, such as
 * a product of members; `advice` says which of them to make smaller.
 */
export const workUpTo = <Input>(
  limit: number,
  what: string,
  count: (input: Input) => number,
  advice: string,
) =>
  v.check(
    (input: Input) => count(input) <= limit,
    ({ input }) =>
      `${what} is ${count(input).toLocaleString('en')}; the largest is ${limit.toLocaleString('en')}: ${advice}`,
  );
