import { parseArgs } from 'node:util';
import { LabError } from '../../base/errors.ts';
import type { Command } from '../command.ts';
import type { Options } from '../options.ts';

const usage = `lab evaluate WHAT [options]

  towers [--seeds 7,8,9] [--ticks 900]
      The shipped weights: mean length of a chat in small evenings under random, rules, towers and oracle, with the differences
      between them paired by seed, and how well the predictions meet a world that was never trained on.
  family [--models 'a;b'] [--worlds 6] [--seed 3001] [--ticks 2400] [--share .75] [--cold-below 5] [--long 30] [--replicates 200]
         [--retrain [--epochs 2] [--history 16]]
      Judges the shipped weights of the model family on the later chats of their evenings: error of ln seconds, AUROC of "longer than --long
      seconds", calibration, NDCG, by warm and cold and by task, with intervals; gains of one model over another on the same chats; what
      stale session vectors cost (0, 2, 4, 8, 16 s); transformer passes and time against training in one phase; the published table.
      Another --seed (or --worlds, --ticks, --share) judges on other evenings, without matrix factorisation, which knows only its own people;
      --retrain trains anew on them.
      Models: factors; wide-deep; wide-deep-s; cupid; cupid, no second phase; cupid, no exponential transform; cupid, one task.
      Default: all. ("cupid, no session" is wide-deep.)
  market [--models 'a;b'] [--baseline wide-deep] [--evenings 16] [--seed 7001] [--ticks 300] [--tick 2000] [--delay 2] [--scale 6]
         [--long 30] [--short 5] [--cold-below 5]
      The online effect: every scorer lives through the same evenings (common random numbers); mean length of a chat, share of long
      and of short ones, for all, warm and cold, as change against the baseline with intervals over evenings, beside the published.
      Models: wide-deep, wide-deep-s, cupid, factors (trained on a random evening of the same people), towers, rules, random, oracle.
  latency [--backend cpu|gpu|auto] [--clock wall|cpu] [--people 1000] [--ticks 200] [--lengths 8,16,32,64,128] [--size 32] [--heads 2] [--layers 1]
      Time of a tick by length of everybody's history: feature vectors, session vectors, the whole tick synchronous and asynchronous; p50, p90,
      p99, p99.9 on this adapter, in milliseconds, beside the published. --clock cpu: what the process computed, for a busy machine.
  speed-dating USERS.csv DATES.csv
      Columbia speed dating: AUROC of one side's decision and of both, five folds by pair, against the additive baseline; and on waves
      that were never seen. The baseline gets its best penalty by inner folds; intervals draw whole waves.

--json prints one JSON object.`;

export const command: Command = {
  name: 'evaluate',
  summary: 'judges scorers: shipped weights, the model family, speed dating',
  usage,
  async run(args) {
    const { what, files, options } = readArguments(args);
    const say = (text: string) => process.stderr.write(`${text}\n`);
    if (what === 'towers') return (await import('./evaluate-towers.ts')).evaluateTowers(options, say);
    if (what === 'market') return (await import('./evaluate-market.ts')).evaluateMarket(options, say);
    if (what === 'latency') return (await import('./evaluate-latency.ts')).evaluateLatency(options, say);
    if (what === 'family') return (await import('./evaluate-family.ts')).evaluateFamily(options, say);
    return (await import('./evaluate-speed-dating.ts')).evaluateSpeedDating(files, say);
  },
  print(result) {
    return (result.lines as string[]).join('\n');
  },
};

const option = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const optionNames = {
  towers: ['seeds', 'ticks'],
  family: [
    ...['models', 'worlds', 'seed', 'ticks', 'share', 'cold-below', 'long', 'replicates'],
    ...['retrain', 'epochs', 'history'],
  ],
  market: [
    ...['models', 'baseline', 'evenings', 'seed', 'ticks', 'tick', 'delay', 'scale'],
    ...['long', 'short', 'cold-below'],
  ],
  latency: ['backend', 'clock', 'people', 'ticks', 'lengths', 'size', 'heads', 'layers'],
  'speed-dating': [],
} as const;
type What = keyof typeof optionNames;

function readArguments(args: readonly string[]): { what: What; files: string[]; options: Options } {
  const [what, ...rest] = args;
  if (what === undefined || !(what in optionNames))
    throw new LabError(
      `lab evaluate knows ${Object.keys(optionNames).join(', ')}; it was asked for ${what ?? 'nothing'}`,
    );
  const names: readonly string[] = optionNames[what as What];
  let parsed;
  try {
    parsed = parseArgs({
      args: rest,
      allowPositionals: true,
      options: Object.fromEntries(names.map((name) => [name, name === 'retrain' ? flag : option])),
    });
  } catch (error) {
    throw new LabError(`${(error as Error).message.split('\n')[0]} (see lab evaluate --help)`);
  }
  const wanted = what === 'speed-dating' ? 2 : 0;
  if (parsed.positionals.length !== wanted)
    throw new LabError(
      `${wanted} files were expected; there are ${parsed.positionals.length} (see lab evaluate --help)`,
    );
  return { what: what as What, files: parsed.positionals, options: asText(parsed.values) };
}

/** A flag that is given is the word "true". */
const asText = (values: Record<string, string | boolean | undefined>): Options =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === undefined ? value : String(value)]),
  );
