import { extname } from 'node:path';
import { suggestion } from '../../base/nearest.ts';
import { shown } from '../../base/errors.ts';
import type { EveningJob } from '../../experiment/run/evening.ts';
import { designNames, type MixedDesign } from '../../experiment/run/names.ts';
import { mixedDesigns, whyImpossible } from '../../experiment/mixed/possible-designs.ts';
import { reportOf, type ExperimentReport } from '../../experiment/run/report.ts';
import { rowsToCsv, type EveningResult } from '../../experiment/run/rows.ts';
import type { ExperimentSpec } from '../../experiment/run/spec.ts';
import { defineCommand, type Say } from '../cli/command.ts';
import { writeOutput } from '../cli/files.ts';
import { flag, integer, text, UsageError } from '../cli/options.ts';
import { jobOptions, runJobs } from '../jobs/run-jobs.ts';
import { printReport } from './print-report.ts';
import { readExperiment } from './read-experiment.ts';

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
    seed: integer('S', "first seed; default: the file's", { min: 0, max: 0xffffffff }),
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
    const jobs = Array.from({ length: evenings }, (_, k): EveningJob => {
      return { kind: 'evening', spec, seed: spec.seed + k, designs, aa };
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

/** The mixed designs that an option names, or all possible ones. @throws UsageError. */
function designsOf(given: string | undefined, spec: ExperimentSpec, say: Say): MixedDesign[] {
  const words = given === undefined ? mixedDesigns : given.split(',').map((word) => word.trim());
  const designs = new Set<MixedDesign>();
  const leftOut = new Map<string, MixedDesign[]>();
  for (const word of words) {
    if (word === 'paired') continue;
    const design = mixedDesigns.find((name) => name === word);
    if (design === undefined)
      throw new UsageError(
        `there is no design ${shown(word)}${suggestion(word, designNames) || `; there are ${designNames.join(', ')}`}`,
        '--design',
      );
    const reason = whyImpossible(design, spec);
    if (reason === null) designs.add(design);
    else if (given !== undefined) throw new UsageError(`${design} is impossible here: ${reason}`, '--design');
    else leftOut.set(reason, [...(leftOut.get(reason) ?? []), design]);
  }
  for (const [reason, names] of leftOut) say(`${names.join(', ')} are left out: ${reason}`);
  return [...designs];
}

function formatOf(out: string): 'csv' | 'json' {
  const ending = extname(out).toLowerCase();
  if (ending === '.csv') return 'csv';
  if (ending === '.json') return 'json';
  throw new UsageError(`must end in .csv or .json; it is ${shown(out)}`, '--out');
}
