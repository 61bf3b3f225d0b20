import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExperimentReport } from '../../src/experiment/run/report.ts';
import type { EveningRow } from '../../src/experiment/run/rows.ts';
import { command } from '../../src/lab/experiment/run.ts';
import { wilson } from '../../src/metrics/inference/student.ts';

interface LiveCheck {
  readonly figure: string;
  readonly design: string;
  readonly metric: string;
  readonly low: number;
  readonly high: number;
  readonly of?: number | 'truth';
  readonly seconds?: number;
  readonly people?: readonly [number, number];
}
interface LiveCase {
  readonly id: string;
  readonly input: object;
  readonly design: string;
  readonly expect: readonly LiveCheck[];
}

/** The cases that are short enough for every run, and their evenings. */
const evenings: Readonly<Record<string, number>> = {
  truth: 8,
  'censored-waits': 1,
  boost: 4,
  aa: 10,
  peeking: 10,
};
/** Standard errors by which a figure of few evenings may miss its band. */
const SLACK = 3;

/**
 * The living market, on fewer evenings than its bands are meant for: a figure holds if its interval
 * of three standard errors touches the band. The whole group, with all of its evenings, is
 * `python3 live_check.py live.json -- npm run -s lab -- experiment` in the data folder.
 */
export function cases(dataFolder: string): { name: string; run(): Promise<void> }[] {
  const file = join(dataFolder, 'experiments', 'live.json');
  if (!existsSync(file)) return [];
  const { cases: all } = JSON.parse(readFileSync(file, 'utf8')) as { cases: LiveCase[] };
  return all
    .filter(({ id }) => Object.hasOwn(evenings, id))
    .map((given) => ({
      name: `experiment run: ${given.id}, ${evenings[given.id]} evenings`,
      run: () => check(given),
    }));
}

async function check({ id, input, design, expect }: LiveCase): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'live-'));
  try {
    const path = join(scratch, 'experiment.json');
    writeFileSync(path, JSON.stringify(input));
    const args = [path, '--design', design, '--evenings', String(evenings[id])];
    const report = JSON.parse(JSON.stringify(await command.run(args, () => undefined))) as ExperimentReport;
    for (const expected of expect) {
      const { low, high } = rangeOf(report, expected);
      const what = [expected.design, expected.metric, expected.figure, expected.seconds]
        .filter(Boolean)
        .join(' ');
      assert.ok(
        low <= expected.high && high >= expected.low,
        `${what} lies between ${low} and ${high}; expected ${expected.low} to ${expected.high}`,
      );
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** A figure with its slack. */
function rangeOf(report: ExperimentReport, expected: LiveCheck) {
  const { figure, design, metric, of, seconds, people: [fewest, most] = [0, Infinity] } = expected;
  if (figure === 'identical_share') return exactly(report.identical / report.evenings);
  const rows = report.rows.filter((r) => r.design === design && r.metric === metric);
  const estimates = rows.flatMap((r) => r.estimate ?? []);
  const looks = rows.flatMap((r) => r.looks ?? []).filter((l) => Math.abs(l.seconds - (seconds ?? 0)) < 0.01);
  switch (figure) {
    case 'mean':
      return around(estimates);
    case 'mean_a':
      return around(rows.flatMap((r) => r.mean_a ?? []));
    case 'look_mean_a':
      return around(looks.flatMap((l) => l.mean_a ?? []));
    case 'look_mean_b':
      return around(looks.flatMap((l) => l.mean_b ?? []));
    case 'share_positive':
      return shareAround(estimates.map((x) => x > 0));
    case 'share_negative':
      return shareAround(estimates.map((x) => x < 0));
    case 'mean_over_error':
      return exactly(meanAndError(estimates).mean / meanAndError(estimates).error);
    case 'coverage': {
      const truth = of === 'truth' ? report.truth[metric as EveningRow['metric']]!.effect! : of!;
      return shareAround(rows.filter((r) => r.low !== null).map((r) => !excludes(r, truth)));
    }
    case 'reversals':
      return shareAround(rows.map((r) => r.reversal !== 'none'));
    case 'flagged':
      return shareAround(rows.map((r) => r.slices!.some((s) => s.flagged)));
    case 'ever_excluded':
      return shareAround(rows.map((r) => r.looks!.some((l) => excludes(l, 0))));
    case 'slice_coverage': {
      const slices = rows
        .flatMap((r) => r.slices ?? [])
        .filter((s) => s.people >= fewest && s.people <= most);
      return shareAround(slices.filter((s) => s.low !== null).map((s) => !excludes(s, 0)));
    }
    default:
      throw new Error(`there is no figure ${figure}`);
  }
}

interface Limits {
  readonly low: number | null;
  readonly high: number | null;
}
const excludes = ({ low, high }: Limits, x: number) => low !== null && high !== null && (x < low || x > high);

const exactly = (x: number) => ({ low: x, high: x });

function meanAndError(values: readonly number[]): { mean: number; error: number } {
  assert.ok(values.length > 0, 'there are no values');
  const mean = values.reduce((s, x) => s + x, 0) / values.length;
  const squares = values.reduce((s, x) => s + (x - mean) ** 2, 0);
  return { mean, error: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1) / values.length) };
}

function around(values: readonly number[]) {
  const { mean, error } = meanAndError(values);
  return { low: mean - SLACK * error, high: mean + SLACK * error };
}

/** Without an interval there is nothing that could be wrong. */
const shareAround = (hits: readonly boolean[]) =>
  hits.length === 0
    ? { low: -Infinity, high: Infinity }
    : wilson(hits.filter(Boolean).length, hits.length, SLACK);
