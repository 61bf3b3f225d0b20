import { reportOf, type ExperimentReport } from '../../experiment/run/report.ts';
import { runEvening } from '../../experiment/run/evening.ts';
import type { EveningResult } from '../../experiment/run/rows.ts';
import { designNames, type DesignName } from '../../experiment/run/names.ts';
import type { ExperimentSpec } from '../../experiment/run/spec.ts';
import { defineCommand } from '../cli/command.ts';
import { integer, text, UsageError } from '../cli/options.ts';
import { openNodeBackend } from '../open-backend.ts';
import { loadShippedFamilies, loadShippedTowers } from '../train/load-model.ts';
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
  },
  async run({ arguments: [path], options, say }) {
    const read = await readExperiment(path);
    const spec = { ...read, seed: options.seed ?? read.seed };
    const designs = designsOf(options.design);
    const tools = await toolsFor(spec, say);
    const evenings: EveningResult[] = [];
    for (let k = 0; k < options.evenings; k++) {
      evenings.push(await runEvening({ kind: 'evening', spec, seed: spec.seed + k, designs }, tools));
      say(`${k + 1} of ${options.evenings} evenings`);
    }
    return reportOf(evenings);
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

async function toolsFor({ a, b }: ExperimentSpec, say: (line: string) => void) {
  const scorers = [a.scorer, b.scorer];
  return {
    backend: await openNodeBackend('cpu', say),
    families: await loadShippedFamilies(scorers),
    ...(scorers.includes('towers') && { towers: await loadShippedTowers() }),
  };
}
