import { loadFormulas } from '../scenario/formula/language.ts';
import { defineGroup } from './cli/command.ts';
import { execute } from './cli/execute.ts';
import { writeStream } from './cli/files.ts';

/** To add a command: write its file and add its line here. */
const lab = defineGroup({
  run: {
    summary: 'simulates an evening: totals, waits, durations, latency, supply and demand, digest',
    load: () => import('./run/run.ts'),
  },
  match: {
    summary: 'pairs a cost matrix, a graph or a set of embeddings, with a bound on the optimum',
    load: () => import('./match/match.ts'),
  },
  slices: {
    summary: "tests whether a difference holds in every slice of a CSV (Simpson's paradox)",
    load: () => import('./slices.ts'),
  },
  adjust: {
    summary: 'the effect of a treatment by the causal roles of columns, or by a causal diagram',
    load: () => import('./causal/adjust.ts'),
  },
  aha: {
    summary: 'which actions tell who is retained, and which of them cause it (the Aha moment)',
    load: () => import('./causal/aha.ts'),
  },
  compute: {
    summary: 'computes a published formula of experiments on your own numbers',
    load: () => import('./compute.ts'),
  },
  formula: {
    summary: "what a policy's own formula can be made of, and checks one",
    load: () => import('./formula.ts'),
  },
  experiment: {
    summary: 'compares two policies by every experiment design, with the true effect beside it',
    load: () => import('./experiment/experiment.ts'),
  },
  sweep: {
    summary: 'varies knobs over many evenings and writes a table of outcomes',
    load: () => import('./sweep/sweep.ts'),
  },
  worker: {
    summary: 'takes jobs of sweeps and experiments from a queue on Redis',
    load: () => import('./sweep/worker.ts'),
  },
  import: {
    summary: 'reads people and meetings from two CSV or Parquet files and fits a world to them',
    load: () => import('./import.ts'),
  },
  train: { summary: 'trains a scorer and writes its weights', load: () => import('./train/train.ts') },
  evaluate: {
    summary: 'judges scorers: shipped weights, the model family, speed dating',
    load: () => import('./evaluate/evaluate.ts'),
  },
});

// Each write reports its own failure; without a listener Node would also end the process.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

await loadFormulas();
process.exitCode = await execute(lab, process.argv.slice(2), {
  write: (text) => writeStream(process.stdout, text),
  say: (line) => process.stderr.write(`${line}\n`),
});
// Dawn keeps the event loop alive for as long as a device exists.
process.exit();
