import { reportOf, type ExperimentReport } from '../../experiment/run/report.ts';
import type { EveningJob } from '../../experiment/run/evening.ts';
import type { EveningResult } from '../../experiment/run/rows.ts';
import { designNames, type DesignName } from '../../experiment/run/names.ts';
import { defineCommand } from '../cli/command.ts';
import { integer, text, UsageError } from '../cli/options.ts';
import { runnerOptions, withRunner } from '../jobs/open-runner.ts';
import { sayProgress } from '../jobs/progress.ts';
import { printReport } from './print-report.ts';
import { readExperiment } from './read-experiment.ts';

export const command = defineCommand({
  arguments: ['FILE.json'],
  about: `FILE.json holds a market, two policies and the metrics, or "-" for standard input:

  {"scenario": {"population": {"people": 3000, "online": 500}}, "a": {"scorer": "random"},
   "b": {"scorer": "rules"}, "ticks": 240, "seed": 50000, "metrics": ["chat", "matched"]}

Every evening is lived through by everybody under A and by everybody under B, on the same draws:
that is the truth. Each design then lives through the same evening and is held to it.`,
  options: {
    design: text('NAME,...', `designs besides the truth, of ${designNames.join(', ')}`),
    evenings: integer('N', 'evenings; evening k has the first seed plus k', {
      min: 1,
      max: 1_000_000,
      fallback: 20,
    }),
    seed: integer('S', "first seed; default: the file's", { min: 0, max: 0xffffffff }),
    ...runnerOptions,
  },
  async run({ arguments: [path], options, say }) {
    const read = await readExperiment(path);
    const spec = { ...read, seed: options.seed ?? read.seed };
    const designs = designsOf(options.design);
    const jobs = Array.from({ length: options.evenings }, (_, k): EveningJob => ({
      ...{ kind: 'evening', spec, seed: spec.seed + k, designs },
    }));
    return withRunner(options, say, async (runner, signal) => {
      const evenings: EveningResult[] = [];
      const onDone = sayProgress(say, 'evenings');
      for await (const evening of runner.run<EveningResult>(jobs, { signal, onDone })) evenings.push(evening);
      return reportOf(evenings);
    });
  },
  print: (report: ExperimentReport) => printReport(report),
});

/** The designs of an option; the paired markets are always among them. @throws UsageError. */
function designsOf(given: string | undefined): DesignName[] {
  const words = (given ?? '').split(',').filter((word) => word !== '');
  for (const word of words)
    if (word !== 'paired') throw new UsageError(`there is no design "${word}"; there is paired`, '--design');
  return ['paired'];
}
