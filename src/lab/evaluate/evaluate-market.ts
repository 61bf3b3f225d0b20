import {
  effectFigures,
  effectSegments,
  marketEffect,
  publishedEffects,
  type EffectRow,
} from '../../experiment/market-effect.ts';
import { judgeDefaults } from '../../model/train/judge-family.ts';
import { scorers } from '../../scenario/schema.ts';
import { loadShippedFamilies, loadShippedTowers } from '../train/load-model.ts';
import { defineCommand, type Given, type Say } from '../cli/command.ts';
import { choice, choices, integer, number } from '../cli/options.ts';
import { printLines } from './print-lines.ts';

const known = [...scorers, 'factors'] as const;

const options = {
  models: choices('A;B', 'scorers to compare', known, ['wide-deep', 'factors', 'wide-deep-s', 'cupid']),
  baseline: choice(known, 'scorer that the others are compared with', 'wide-deep'),
  evenings: integer('N', 'evenings', { min: 2, max: 200, fallback: 16 }),
  seed: integer('S', 'seed of the first evening', { min: 0, max: 1e9, fallback: 7001 }),
  ticks: integer('T', 'ticks of an evening', { min: 100, max: 100_000, fallback: 300 }),
  // The benefit of a scorer grows with the pool: this tick makes pools four times as large.
  tick: number('MS', 'length of a tick in milliseconds', { min: 50, max: 10_000, fallback: 2000 }),
  delay: number('S', 'seconds until a match is in the session vector', { min: 0, max: 600, fallback: 2 }),
  scale: number('F', 'multiplies the people of a training evening', { min: 0.1, max: 100, fallback: 6 }),
  long: number('S', 'a chat that lasts longer is long', {
    min: 1,
    max: 7200,
    fallback: judgeDefaults.longSeconds,
  }),
  short: number('S', 'a chat that ends sooner is short', { min: 0.5, max: 7200, fallback: 5 }),
  'cold-below': number('N', 'people with fewer past matches are cold', {
    min: 0,
    max: 1e6,
    fallback: judgeDefaults.coldBelow,
  }),
};

export const command = defineCommand({
  arguments: [],
  about: `Every scorer lives through the same evenings (common random numbers). Reports the mean length of a
chat and the share of long and of short ones, for all, warm and cold people, as the change against
the baseline with intervals over evenings, beside the published values.

"factors" is trained on a random evening of the same people.`,
  options,
  run: ({ options, say }) => evaluateMarket(options, say),
  print: printLines,
});

async function evaluateMarket(given: Given<typeof options>['options'], say: Say) {
  const { baseline, evenings, seed: first } = given;
  const contenders = given.models.includes(baseline) ? given.models : [baseline, ...given.models];
  const settings = {
    ticks: given.ticks,
    longSeconds: given.long,
    shortSeconds: given.short,
    coldBelow: given['cold-below'],
    sessionDelay: given.delay,
    scale: given.scale,
    tickMs: given.tick,
  };
  const seeds = Array.from({ length: evenings }, (_, k) => first + k);
  const { scale, sessionDelay, tickMs, ...rest } = settings;
  const running = marketEffect({
    ...rest,
    contenders,
    baseline,
    seeds,
    scenario: {
      // Larger training evenings, so that there are more partners to choose from.
      population: {
        people: Math.round(8000 * scale),
        online: Math.round(1000 * scale),
        arrivalsPerMinute: 80 * scale,
        newcomers: 0.5,
      },
      policy: { sessionDelay, tickMs },
    },
    families: await loadShippedFamilies(contenders),
    ...(contenders.includes('towers') && { towers: await loadShippedTowers() }),
  });
  let rows: EffectRow[];
  for (;;) {
    const { done, value } = await running.next();
    if (done) {
      rows = value;
      break;
    }
    say(`seed ${value.seed}, ${value.contender} (${value.done + 1} of ${value.of})`);
  }
  return {
    seeds,
    baseline,
    ...settings,
    rows,
    published: publishedEffects,
    lines: print(rows, baseline, settings),
  };
}

function print(
  rows: readonly EffectRow[],
  baseline: string,
  { longSeconds, shortSeconds }: { longSeconds: number; shortSeconds: number },
): string[] {
  const lines = [
    `against ${baseline}: change in percent, 95 % interval over evenings; long > ${longSeconds} s, short < ${shortSeconds} s`,
  ];
  for (const segment of effectSegments) {
    lines.push(segment);
    for (const r of rows.filter((x) => x.segment === segment)) {
      const level = `${r.duration.toFixed(2)} s, long ${(100 * r.long).toFixed(2)} %, short ${(100 * r.short).toFixed(2)} %, ${r.sides} sides`;
      const { effect } = r;
      lines.push(`  ${r.contender.padEnd(13)}${level}`);
      if (effect !== undefined)
        lines.push(
          `  ${''.padEnd(13)}${effectFigures
            .map(
              (f) => `${f} ${signed(effect[f].mean)} (${signed(effect[f].low)} to ${signed(effect[f].high)})`,
            )
            .join(', ')}`,
        );
    }
    const p = publishedEffects[segment];
    lines.push(
      `  published, CUPID against Wide&Deep: ${effectFigures.map((f) => `${f} ${signed(p[f])}`).join(', ')}`,
    );
  }
  return lines;
}

const signed = (x: number): string => `${x < 0 ? '' : '+'}${x.toFixed(1)} %`;
