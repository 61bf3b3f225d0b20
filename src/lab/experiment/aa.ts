import { LARGEST_SEED, seedsFrom } from '../../base/seeds.ts';
import { areAlike, falseAlarmsOf, type FalseAlarmReport } from '../../experiment/aa/false-alarms.ts';
import type { EveningJob } from '../../experiment/run/evening.ts';
import { outcomesOf } from '../../experiment/run/names.ts';
import type { EveningResult } from '../../experiment/run/rows.ts';
import { defineCommand } from '../cli/command.ts';
import { writeOutput } from '../cli/files.ts';
import { integer, text } from '../cli/options.ts';
import { textTable } from '../cli/text-table.ts';
import { jobOptions, runJobs } from '../jobs/run-jobs.ts';
import { asUsage } from '../run/open-scenario.ts';
import { designsOf, readExperiment } from './read-experiment.ts';

export const command = defineCommand({
  arguments: ['FILE.json'],
  about: `A/A: FILE.json is an experiment as "lab experiment run" takes it. Both arms get its policy A, so that
there is no effect, and every 95 % interval that excludes 0 is a false alarm: 5 % are right. All
designs and all metrics are analysed, in one market where the arms may meet and one where they may
not.

The paired markets compare A with B, and only if both have the scorer random and the matcher greedy
or random: then they differ in their draws alone. With "looks" in the file, their always-valid
intervals are judged too: at most 5 % may exclude 0 at any look.`,
  options: {
    design: text('NAME,...', 'designs besides the paired markets; default: all'),
    evenings: integer('N', 'evenings; evening k, from 0, has the first seed plus k', {
      ...{ min: 1, max: 1_000_000, fallback: 200 },
    }),
    seed: integer('S', "first seed; default: the file's", { min: 0, max: LARGEST_SEED }),
    ...jobOptions,
    out: text('FILE', 'also writes the answer as JSON'),
  },
  async run({ arguments: [path], options, say }) {
    const { a, b, ...read } = await readExperiment(path);
    const seed = options.seed ?? read.seed;
    const spec = { ...read, seed, a, b: areAlike(a, b) ? b : a, metrics: outcomesOf(read.scenario) };
    const aa = designsOf(options.design, { ...spec, b: a }, say);
    const seeds = asUsage(() => seedsFrom(seed, options.evenings));
    const jobs = seeds.map((own): EveningJob => ({ kind: 'evening', spec, seed: own, designs: [], aa }));
    return runJobs(jobs, options, say, async (results: EveningResult[]) => {
      const report = falseAlarmsOf(results);
      if (options.out !== undefined) await writeOutput(options.out, `${JSON.stringify(report)}\n`);
      return report;
    });
  },
  print: printFalseAlarms,
});

const marks = { within: ' ', above: '>', below: '<', 'no interval': ' ' } as const;

/** A row per design, a column per metric; then the reasons, and how many rates are right. */
function printFalseAlarms(report: FalseAlarmReport): string {
  const { rates, evenings, first_seed: first, judged, within, outside_by_chance: chance } = report;
  const metrics = [...new Set(rates.map((r) => r.metric))];
  const rows = [...new Set(rates.map((r) => r.design))].flatMap((design) =>
    (['end', 'any look'] as const).flatMap((interval) => {
      const own = rates.filter((r) => r.design === design && r.interval === interval);
      if (own.length === 0) return [];
      const cells = metrics.map((metric) => {
        const { rate, verdict } = own.find((r) => r.metric === metric)!;
        return rate === null ? '- ' : `${(100 * rate.share).toFixed(1)}${marks[verdict]}`;
      });
      return [[interval === 'end' ? design : `${design}, ${interval}`, ...cells]];
    }),
  );
  const without = new Map<string, string[]>();
  for (const { design, metric, reason, intervals } of rates)
    if (reason !== null && intervals < evenings / 2)
      without.set(`${design}: ${reason}`, [...(without.get(`${design}: ${reason}`) ?? []), metric]);
  const outside = rates.filter((r) => r.verdict === 'above' || r.verdict === 'below');
  return [
    `False alarms of 95 % intervals, % of evenings; A/A, ${evenings} evenings, seeds ${first} to ${first + evenings - 1}`,
    ...textTable([['design', ...metrics.map((m) => `${m} `)], ...rows]).map((line) => `  ${line}`),
    ...[...without].map(([reason, of]) => `No interval for ${of.join(', ')} by ${reason}`),
    ...outside.map(
      ({ design, metric, interval, claims, intervals, low, high, verdict }) =>
        `${verdict === 'above' ? '> above' : '< below'}: ${design}, ${metric}${interval === 'end' ? '' : ' at any look'}: ${claims} of ${intervals}, limits ${percent(low)} to ${percent(high)}`,
    ),
    `${within} of ${judged} within 5 % ± 3 Monte Carlo errors; chance alone leaves ${chance.toFixed(1)} outside`,
  ].join('\n');
}

const percent = (x: number | null) => `${(100 * (x ?? 0)).toFixed(1)} %`;
