import { LabError } from '../../base/errors.ts';
import {
  effectFigures,
  effectSegments,
  marketEffect,
  publishedEffects,
  type Contender,
  type EffectRow,
} from '../../experiment/market-effect.ts';
import { judgeDefaults } from '../../model/train/judge-family.ts';
import { scorers } from '../../scenario/schema.ts';
import { loadShippedFamilies, loadShippedTowers } from '../train/load-model.ts';
import { numberOption, wholeOption, type Options } from '../options.ts';

const known: readonly string[] = [...scorers, 'factors'];

/** `lab evaluate market`: the online effect of the scorers in the same evenings. */
export async function evaluateMarket(
  options: Options,
  say: (text: string) => void,
): Promise<Record<string, unknown>> {
  const contenders = (options.models ?? 'wide-deep;factors;wide-deep-s;cupid')
    .split(';')
    .map((name) => name.trim());
  const baseline = options.baseline ?? 'wide-deep';
  if (!contenders.includes(baseline)) contenders.unshift(baseline);
  for (const name of contenders)
    if (!known.includes(name))
      throw new LabError(`there is no scorer "${name}"; there are ${known.join(', ')}`);
  const first = wholeOption(options, 'seed', 7001, 0, 1e9);
  const evenings = wholeOption(options, 'evenings', 16, 2, 200);
  const settings = {
    ticks: wholeOption(options, 'ticks', 300, 100, 100_000),
    longSeconds: numberOption(options, 'long', judgeDefaults.longSeconds, 1, 7200),
    shortSeconds: numberOption(options, 'short', 5, 0.5, 7200),
    coldBelow: numberOption(options, 'cold-below', judgeDefaults.coldBelow, 0, 1e6),
    sessionDelay: numberOption(options, 'delay', 2, 0, 600),
    scale: numberOption(options, 'scale', 6, 0.1, 100),
    // What a scorer is worth depends on how many there are to choose from: longer ticks make the pools of a market four times as large.
    tickMs: numberOption(options, 'tick', 2000, 50, 10_000),
  };
  const seeds = Array.from({ length: evenings }, (_, k) => first + k);
  const { scale, sessionDelay, tickMs, ...rest } = settings;
  const running = marketEffect({
    ...rest,
    contenders: contenders as Contender[],
    baseline: baseline as Contender,
    seeds,
    scenario: {
      // The training evenings, larger, so that there is somebody to choose from.
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
