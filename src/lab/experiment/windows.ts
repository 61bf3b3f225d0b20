import { LARGEST_SEED } from '../../base/seeds.ts';
import type { OutcomeName } from '../../experiment/run/names.ts';
import {
  numbersIn,
  planWindows,
  windowReport,
  type WindowReport,
  type WindowResult,
} from '../../experiment/windows/window-study.ts';
import { defineCommand } from '../cli/command.ts';
import { writeOutput } from '../cli/files.ts';
import { integer, requiredText, text } from '../cli/options.ts';
import { textTable } from '../cli/text-table.ts';
import { jobOptions, runJobs } from '../jobs/run-jobs.ts';
import { asUsage } from '../run/open-scenario.ts';
import { readExperiment } from './read-experiment.ts';

export const command = defineCommand({
  arguments: ['FILE.json'],
  about: `FILE.json is an experiment as "lab experiment run" takes it; its window and burn-in are replaced. Each
evening is lived through under A, under B, and once as a switchback for every length of the window.
Every burn-in is read from the same switchback.

  lab experiment windows experiment.json --windows 10,20,40 --burn-ins 0,0.25,0.5 --evenings 20`,
  options: {
    windows: requiredText('S,...', 'lengths of a window, simulated seconds'),
    'burn-ins': text('SHARE,...', 'burn-ins as shares of the window, 0 to below 1; default 0,0.25,0.5,0.75'),
    evenings: integer('N', 'evenings; evening k, from 0, has the first seed plus k', {
      min: 1,
      max: 1_000_000,
      fallback: 20,
    }),
    seed: integer('S', "first seed; default: the file's", { min: 0, max: LARGEST_SEED }),
    ...jobOptions,
    out: text('FILE', 'also writes the answer as JSON'),
  },
  async run({ arguments: [path], options, say }) {
    const read = await readExperiment(path);
    const jobs = asUsage(() =>
      planWindows(
        { ...read, seed: options.seed ?? read.seed },
        {
          windows: numbersIn(options.windows, '--windows'),
          burnIns: numbersIn(options['burn-ins'] ?? '0,0.25,0.5,0.75', '--burn-ins'),
        },
        options.evenings,
      ),
    );
    return runJobs(jobs, options, say, async (results: WindowResult[]) => {
      const report = windowReport(results);
      if (options.out !== undefined) await writeOutput(options.out, `${JSON.stringify(report)}\n`);
      return report;
    });
  },
  print: ({ evenings, truth, settings }: WindowReport) =>
    (Object.keys(truth) as OutcomeName[])
      .map((metric) => {
        const rows = settings.flatMap(({ window, burn_in, designs }) =>
          Object.entries(designs).map(([design, all]) => {
            const f = all[metric];
            const figures = [f?.estimate, f?.bias, f?.bias_error, f?.sd, f?.reported_error];
            return [design, `${window} s`, `${burn_in} s`, ...figures.map(figure)];
          }),
        );
        const title = `${metric}: true effect ${figure(truth[metric]?.effect)}, mean of ${evenings} evenings`;
        return [title, ...textTable([head, ...rows]).map((line) => `  ${line}`)].join('\n');
      })
      .join('\n\n'),
});

const head = ['design', 'window', 'burn-in', 'estimate', 'bias', 'error', 'sd', 'reported'];
const figure = (x: number | null | undefined) =>
  typeof x === 'number' ? String(Number(x.toPrecision(3))) : '-';
