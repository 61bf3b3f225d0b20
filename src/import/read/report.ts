import { LabError } from '../../base/errors.ts';

/** Why a row or a cell was left out. */
export const problemKinds = {
  cells: ['rows with another number of cells', 'repair these rows in the file'],
  quote: ['rows with broken quotes', 'close or double the quotes'],
  noId: ['people without an id', 'give each person an id'],
  twiceId: ['people listed before', 'keep one row per person'],
  manyPeople: ['people beyond the limit', 'import fewer people'],
  unknown: [
    'meetings with somebody who is not in the people file',
    'add these people, or check which columns hold the ids',
  ],
  self: ['meetings of a person with himself', 'check which column holds the partner'],
  twice: [
    'meetings told twice by the same side',
    'nothing, unless they were different meetings: then add a time column',
  ],
  disagree: ['meetings whose sides tell different outcomes', 'check the file; the first one is kept'],
  noOutcome: ['meetings without any outcome', 'nothing, if it was not recorded'],
  manyMeetings: ['meetings beyond the limit', 'import fewer meetings'],
  yesNo: ['outcomes that are neither yes nor no', 'write yes/no, true/false or 1/0'],
  number: ['cells that are not numbers', 'write plain decimal numbers'],
  decimal: ['numbers with the other decimal sign', 'use the same decimal sign in the whole column'],
  range: ['values out of range', 'check the unit of the column'],
  leaver: ['names of who left first that are neither of the two', 'write the id of one of the two'],
  time: ['times that cannot be read', 'write 2026-01-31 20:15:00 or a number of seconds'],
  match: ['matches that the two decisions contradict', 'nothing: the decisions count'],
} as const;
export type ProblemKind = keyof typeof problemKinds;

export interface Example {
  readonly line: number;
  readonly column: number;
  /** What stood there and what would have been good. */
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

/** What was read of a file, and what was left out. */
export interface FileReport {
  readonly file: string;
  readonly bytes: number;
  /** Rows below the header, those kept, and those left out. */
  readonly rows: number;
  readonly kept: number;
  readonly skipped: number;
  /** What is worth knowing though nothing was lost. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

const EXAMPLES = 3;

/** Counts as a file is read; one of its own for each file. */
export class Tally {
  rows = 0;
  kept = 0;
  readonly notes: string[] = [];
  readonly #problems = new Map<
    string,
    { -readonly [K in keyof Problem]: Problem[K] } & { examples: Example[] }
  >();

  constructor(
    readonly file: string,
    readonly bytes: number,
  ) {}

  add(kind: ProblemKind, lost: 'row' | 'cell', line: number, column: number, text: string): void {
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
    const skipped = problems.reduce((sum, p) => sum + (p.lost === 'row' ? p.count : 0), 0);
    return {
      file: this.file,
      bytes: this.bytes,
      rows: this.rows,
      kept: this.kept,
      skipped,
      notes: this.notes,
      problems,
    };
  }

  /** Throws LabError with the most frequent reason unless at least `least` rows were kept. */
  require(least: number, what: string): void {
    if (this.kept >= least) return;
    const [worst] = this.report().problems;
    const why =
      worst === undefined
        ? ''
        : `; left out: ${worst.count} ${worst.what} (first: line ${worst.examples[0].line}, ${worst.examples[0].text}): ${worst.todo}`;
    throw new LabError(
      `${this.kept} ${what} of ${this.rows} rows could be used; at least ${least} are needed${why}`,
      this.file,
    );
  }
}

/** Text of a cell for a message: short, on one line. */
export function quoted(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 40)}...` : text;
  return `"${short.replaceAll(/\s+/g, ' ')}"`;
}

/** The report as lines for a terminal. */
export function reportLines(report: FileReport): string[] {
  const n = (x: number) => x.toLocaleString('en');
  return [
    `${report.file}: ${n(report.rows)} rows read, ${n(report.kept)} kept, ${n(report.skipped)} left out`,
    ...report.notes.map((note) => `  ${note}`),
    ...report.problems.flatMap((p) => [
      `  ${n(p.count)} ${p.what}${p.lost === 'cell' ? ' (only the cell counts as missing)' : ''}: ${p.todo}`,
      ...p.examples.map((e) => `    ${report.file}:${e.line}:${e.column}: ${e.text}`),
    ]),
  ];
}
