import { extname } from 'node:path';
import { shown } from '../../base/errors.ts';
import { LARGEST_SEED, seedsFrom } from '../../base/seeds.ts';
import type { EveningJob } from '../../experiment/run/evening.ts';
import { mixedDesigns } from '../../experiment/mixed/possible-designs.ts';
import { reportOf, type ExperimentReport } from '../../experiment/run/report.ts';
import { rowsToCsv, type EveningResult } from '../../experiment/run/rows.ts';
import { defineCommand } from '../cli/command.ts';
import { writeOutput } from '../cli/files.ts';
import { flag, integer, text, UsageError } from '../cli/options.ts';
import { jobOptions, runJobs } from '../jobs/run-jobs.ts';
import { asUsage } from '../run/open-scenario.ts';
import { printReport } from './print-report.ts';
import { designsOf, readExperiment } from './read-experiment.ts';

export const command = defineCommand({
  arguments: ['FILE.json'],
  about: `FILE.json holds a market, two policies and the metrics, or "-" for standard input:

  {"scenario": {"population": {"people": 3000, "online": 500}}, "a": {"scorer": "oracle"},
   "b": {"scorer": "oracle", "bonus": 1000}, "ticks": 240, "seed": 1, "metrics": ["matched"]}

Every evening is lived through by everybody under A and by everybody under B, on the same draws:
that is the truth. Each design then lives through the same evening with both policies in one market,
and its estimate is held to the truth. The matches are computed on the CPU, so that every machine
gives the same numbers.`,
  options: {
    design: text(
      'NAME,...',
      `designs besides the truth, of ${mixedDesigns.join(', ')}, or "paired" for the truth alone; default: all that can split what differs between A and B`,
    ),
    evenings: integer('N', 'evenings; evening k, from 0, has the first seed plus k', {
      min: 1,
      max: 1_000_000,
      fallback: 20,
    }),
    seed: integer('S', "first seed; default: the file's", { min: 0, max: LARGEST_SEED }),
    aa: flag('also analyses every design with A in both arms: the share of evenings that claim an effect'),
    ...jobOptions,
    out: text('FILE', 'also writes the rows (FILE.csv) or the whole answer (FILE.json)'),
  },
  async run({ arguments: [path], options, say }) {
    const read = await readExperiment(path);
    const spec = { ...read, seed: options.seed ?? read.seed };
    const { aa, evenings, out } = options;
    const format = out === undefined ? undefined : formatOf(out);
    const designs = designsOf(options.design, spec, say);
    const seeds = asUsage(() => seedsFrom(spec.seed, evenings));
    const jobs = seeds.map((seed): EveningJob => {
      return { kind: 'evening', spec, seed, designs, aa: aa ? designs : [] };
    });
    return runJobs(jobs, options, say, async (results: EveningResult[]) => {
      const report = reportOf(results);
      if (out !== undefined)
        await writeOutput(out, format === 'csv' ? rowsToCsv(report.rows) : `${JSON.stringify(report)}\n`);
      return report;
    });
  },
  print: (report: ExperimentReport) => printReport(report),
});

function formatOf(out: string): 'csv' | 'json' {
  const ending = extname(out).toLowerCase();
  if (ending === '.csv') return 'csv';
  if (ending === '.json') return 'json';
  throw new UsageError(`must end in .csv or .json; it is ${shown(out)}`, '--out');
}
