import { LabError } from '../../base/errors.ts';
import type { Forgiven } from '../../base/text/csv-reader.ts';
import type { Place } from '../../base/text/place.ts';

/** Why a row or a cell was left out, and what the user can do. */
const problemKinds = {
  cells: ['rows with another number of cells than the header', 'repair these rows in the file'],
  quotes: ['rows with broken quotes', 'close or double the quotes'],
  noId: ['people without an id', 'give each person an id'],
  repeatedId: ['people listed before', 'keep one row per person'],
  manyPeople: ['people beyond the limit', 'import fewer people'],
  unknown: [
    'meetings with somebody who is not in the people file',
    'add these people, or check which columns hold the ids',
  ],
  nearId: [
    'meetings with an id that is only similar to one in the people file',
    'write every id in the same way in both files',
  ],
  self: ['meetings of a person with themselves', 'check which column holds the partner'],
  repeated: [
    'meetings told twice by the same side',
    'nothing, unless they were different meetings: then add a time column',
  ],
  contradiction: ['meetings whose sides tell different outcomes', 'check the file; the first row is kept'],
  noOutcome: ['meetings without any outcome', 'nothing, if it was not recorded'],
  manyMeetings: ['meetings beyond the limit', 'import fewer meetings'],
  yesNo: ['outcomes that are neither yes nor no', 'write yes/no, true/false or 1/0'],
  number: ['cells that are not numbers', 'write plain decimal numbers'],
  decimal: ['numbers with the other decimal sign', 'use the same decimal sign in the whole column'],
  range: ['values out of range', 'check the unit of the column'],
  leaver: ['values of who left first that are neither of the two', 'write the id of one of the two'],
  time: ['times that cannot be read', 'write 2026-01-31 20:15:00 or a number of seconds'],
  match: ['matches that contradict the two decisions', 'nothing: the decisions count'],
} as const;
export type ProblemKind = keyof typeof problemKinds;

export interface Example {
  readonly line: number;
  readonly column: number;
  /** What stands there and what was expected. */
  readonly text: string;
}

export interface Problem {
  readonly kind: ProblemKind;
  readonly what: string;
  readonly todo: string;
  /** 'row': the row was left out; 'cell': only the cell counts as missing. */
  readonly lost: 'row' | 'cell';
  readonly count: number;
  readonly examples: readonly Example[];
}

/** What was read from a file, and what was left out. */
export interface FileReport {
  readonly file: string;
  readonly bytes: number;
  /** Rows below the header, those kept, and those left out. */
  readonly rows: number;
  readonly kept: number;
  readonly skipped: number;
  /** What is worth knowing although nothing was lost. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

/** Problems of a kind that are shown with their place. */
export const EXAMPLES = 3;

type Harmless = Exclude<Forgiven['kind'], 'quotes' | 'cells'>;

/** Notes on what the reader forgave, as sentences without a full stop. */
const forgivenNotes: Readonly<Record<Harmless, (count: string, first: Forgiven) => string>> = {
  separatorLine: () => 'Line 1 names the separator and is skipped',
  blankLine: (count, { line }) => `Blank lines are skipped: ${count} (first: line ${line})`,
  comment: (count, { line }) =>
    `Lines that begin with # are skipped as comments: ${count} (first: line ${line})`,
  bareQuote: (count, { line }) =>
    `Quotes inside a cell that is not quoted are read as they are: ${count} rows (first: line ${line})`,
  trailingCells: (count, { line, text }) =>
    `Empty cells beyond the columns of the header are ignored: ${count} (first: line ${line}, ${text})`,
  repeatedName: (_, { text }) => `In the header ${text}: a number tells them apart`,
  emptyName: (_, { text }) => `In the header ${text}: it is named by its number`,
};

/** Counts problems while a file is read. */
export class Tally {
  rows = 0;
  kept = 0;
  readonly notes: string[] = [];
  readonly #forgiven = new Map<Harmless, { first: Forgiven; count: number }>();
  readonly #problems = new Map<
    string,
    { -readonly [K in keyof Problem]: Problem[K] } & { examples: Example[] }
  >();

  constructor(
    readonly file: string,
    readonly bytes: number,
  ) {}

  /** Takes what the reader forgave: a row that was left out is a problem, the rest is a note. */
  forgive(what: Forgiven): void {
    const { kind, line, column, text } = what;
    if (kind === 'quotes' || kind === 'cells') {
      this.rows++;
      this.add(kind, 'row', { line, column }, text);
      return;
    }
    const before = this.#forgiven.get(kind);
    if (before === undefined) this.#forgiven.set(kind, { first: what, count: 1 });
    else before.count++;
  }

  add(kind: ProblemKind, lost: 'row' | 'cell', { line, column }: Place, text: string): void {
    const key = `${kind} ${lost}`;
    let problem = this.#problems.get(key);
    if (problem === undefined) {
      const [what, todo] = problemKinds[kind];
      problem = { kind, what, todo, lost, count: 0, examples: [] };
      this.#problems.set(key, problem);
    }
    problem.count++;
    if (problem.examples.length < EXAMPLES) problem.examples.push({ line, column, text });
  }

  report(): FileReport {
    const problems = [...this.#problems.values()].sort((a, b) => b.count - a.count);
    const forgiven = [...this.#forgiven].map(([kind, { first, count }]) =>
      forgivenNotes[kind](count === this.rows ? 'every row' : count.toLocaleString('en'), first),
    );
    const skipped = problems.reduce((sum, p) => sum + (p.lost === 'row' ? p.count : 0), 0);
    return {
      file: this.file,
      bytes: this.bytes,
      rows: this.rows,
      kept: this.kept,
      skipped,
      notes: [...forgiven, ...this.notes],
      problems,
    };
  }

  /** Throws LabError with the most frequent reason unless at least `min` rows were kept. */
  require(min: number, what: string): void {
    if (this.kept >= min) return;
    const [worst] = this.report().problems;
    const why =
      worst === undefined
        ? ''
        : `; left out: ${worst.count === this.rows ? 'every row' : worst.count}, ${worst.what} (first: line ${worst.examples[0].line}, ${worst.examples[0].text}): ${worst.todo}`;
    throw new LabError(
      `${this.kept} ${what} of ${this.rows} rows could be used; at least ${min} are needed${why}`,
      this.file,
    );
  }
}

/** The report as lines for a terminal. */
export function reportLines(report: FileReport): string[] {
  const n = (x: number) => x.toLocaleString('en');
  return [
    `${report.file}: ${n(report.rows)} rows read, ${n(report.kept)} kept, ${n(report.skipped)} left out`,
    ...report.notes.map((note) => `  ${note}.`),
    ...report.problems.flatMap((p) => [
      `  ${n(p.count)} ${p.what}${p.lost === 'cell' ? ' (only the cell counts as missing)' : ''}: ${p.todo}`,
      ...p.examples.map((e) => `    ${report.file}:${e.line}:${e.column}: ${e.text}`),
    ]),
  ];
}
