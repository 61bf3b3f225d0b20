import { LARGEST_SEED } from '../../base/seeds.ts';
import { createCpuBackend } from '../../match/cpu-backend.ts';
import { meanInterval } from '../../metrics/inference/student.ts';
import { judgeChats, predictChats } from '../../model/train/fit-towers.ts';
import { embedTower } from '../../model/serve/tower.ts';
import type { TowerModel } from '../../model/layout/save-towers.ts';
import { scenario as complete } from '../../scenario/parse.ts';
import { createMarket } from '../../sim/market.ts';
import { defineCommand, type Say } from '../cli/command.ts';
import { integer, integerList } from '../cli/options.ts';
import { printLines } from './print-lines.ts';
import { loadShippedTowers } from '../train/load-model.ts';
import { recordChats } from '../../model/train/record.ts';

const scorers = ['random', 'rules', 'towers', 'oracle'] as const;
type Scorer = (typeof scorers)[number];

/** A tenth of the default evening, so that a tick takes milliseconds on one core. */
const population = { people: 6000, online: 900, arrivalsPerMinute: 100 };
/** Chats that begin earlier are not counted, because the market is still filling. */
const WARM_UP_SECONDS = 60;
const LAST_TICKS = 200;

interface Difference {
  readonly better: Scorer;
  readonly worse: Scorer;
  /** Mean over seeds in seconds, with its 95 % t interval. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export const command = defineCommand({
  arguments: [],
  about: `Reports the mean length of a chat in small evenings under random, rules, towers and oracle, the
differences between them paired by seed, and how well the predictions fit a world that was not
trained on.`,
  options: {
    seeds: integerList('S,S,...', 'seeds of the evenings', {
      least: 2,
      min: 0,
      max: LARGEST_SEED,
      fallback: [7, 8, 9, 10, 11],
    }),
    ticks: integer('T', 'ticks of an evening', { min: 200, max: 100_000, fallback: 900 }),
  },
  run: ({ options, say }) => evaluateTowers(options, say),
  print: printLines,
});

async function evaluateTowers({ seeds, ticks }: { seeds: readonly number[]; ticks: number }, say: Say) {
  const towers = await loadShippedTowers();
  const means: Record<Scorer, number[]> = { random: [], rules: [], towers: [], oracle: [] };
  for (const seed of seeds) {
    for (const scorer of scorers) means[scorer].push(await meanChat(scorer, seed, ticks, towers));
    say(
      `seed ${seed}: ${scorers.map((s) => `${s} ${means[s][means[s].length - 1].toFixed(2)} s`).join(', ')}`,
    );
  }
  const differences = scorers.slice(1).map((better, k) => paired(means, better, scorers[k]));
  const log = await recordChats({ seeds: [2001], ticks });
  const fresh = judgeChats(predictChats(towers, log), log);
  return {
    seeds,
    ticks,
    meanChatSeconds: means,
    differences,
    fresh,
    lines: [
      ...scorers.map(
        (s) => `${s.padEnd(8)}${(means[s].reduce((a, b) => a + b, 0) / seeds.length).toFixed(2)} s mean chat`,
      ),
      ...differences.map(
        (d) =>
          `${d.better} - ${d.worse}: ${d.mean.toFixed(2)} s (95 % ${d.low.toFixed(2)} to ${d.high.toFixed(2)})`,
      ),
      `fresh world: explains ${(100 * fresh.explained).toFixed(1)} % of ln seconds, AUROC ${fresh.auroc.toFixed(4)}`,
    ],
  };
}

/**
 * Mean length, in seconds, of the chats that begin within the evening. The market runs on until
 * they have ended.
 */
async function meanChat(scorer: Scorer, seed: number, ticks: number, towers: TowerModel): Promise<number> {
  const backend = createCpuBackend({ embed: embedTower });
  const policy = { scorer, matcher: scorer === 'random' ? 'random' : 'greedy' } as const;
  const market = createMarket({ scenario: complete({ seed, population, policy }), backend, towers });
  let sum = 0;
  let count = 0;
  let open = 0;
  let close = Infinity;
  const counts = (start: number): boolean => start >= WARM_UP_SECONDS && start < close;
  market.observe({
    ticked: (tick) => {
      if (counts(tick.time)) open += tick.pairs;
    },
    chatEnded: (chat) => {
      if (!counts(chat.start)) return;
      sum += chat.duration;
      count++;
      open--;
    },
  });
  for (let k = 0; k < ticks; k++) await market.tick();
  close = market.time;
  market.setPolicy({ ...market.policy, tickMs: 10_000 });
  for (let k = 0; k < LAST_TICKS && open > 0; k++) await market.tick();
  backend.dispose();
  return sum / count;
}

/** Differences on the same seeds (common random numbers), with Student's t interval. */
function paired(means: Record<Scorer, number[]>, better: Scorer, worse: Scorer): Difference {
  const d = means[better].map((x, k) => x - means[worse][k]);
  const mean = d.reduce((a, b) => a + b, 0) / d.length;
  const variance = d.reduce((s, x) => s + (x - mean) ** 2, 0) / (d.length - 1);
  return { better, worse, mean, ...meanInterval({ count: d.length, mean, variance }) };
}
