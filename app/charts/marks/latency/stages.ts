import { numbers, texts, type Table } from '../../../../src/base/table.ts';
import { count } from '../../../state/format.ts';
import { millis } from '../../format.ts';
import { emptyScene, sceneOf, type Label, type Mark, type Painter, type Rule } from '../../layout.ts';
import { binsOf, drawRidge, percentileLegend, percentiles } from './ridge.ts';
import {
  extent,
  valuesWithBeside,
  logPosition,
  logTicks,
  plain,
  stepDown,
  stepUp,
  textWidth,
  widest,
  X_AXIS,
  bottomAxis,
} from '../../scales.ts';

/** Distribution of real time per stage with four percentiles, the budget and the tick length. */
export const latencyStages: Painter = (ctx, tables, { width, height }, theme) => {
  const table = tables.get('latency');
  if (table === undefined || table.rows === 0)
    return emptyScene('Real time per stage of a tick', 'No tick has been measured yet.');
  const stages = texts(table, 'stage');
  const counts = numbers(table, 'count');
  const values = percentiles.map((p) => numbers(table, `${p.column}_ms`));
  const longest = numbers(table, 'max_ms');
  const limits = limitsOf(table);
  const caption = latencyCaption(table);

  const times = percentiles.map((p) => `${p.column}_ms`);
  const domain = timeDomain(valuesWithBeside(tables, 'latency', times), limits.tick);
  const rows = table.rows;
  const minHeight = rows * 15 + X_AXIS + 14;
  const bottom = Math.max(height, minHeight) - X_AXIS;
  const step = (bottom - 14) / rows;
  const left = Math.ceil(widest(ctx, theme, [...stages], 650)) + 14;
  const right = width - Math.max(10, textWidth(ctx, theme, plain(domain[1])) / 2 + 2);
  const position = logPosition(domain, [left, right]);

  const histogram = tables.get('latency-histogram');
  const marks: Mark[] = [];
  const labels: Label[] = [];
  for (let r = 0; r < rows; r++) {
    const y = 14 + step * (r + 1) - Math.min(7, step * 0.28);
    const bins =
      histogram === undefined || histogram.rows === 0
        ? null
        : binsOf(
            stages[r],
            texts(histogram, 'stage'),
            numbers(histogram, 'from_ms'),
            numbers(histogram, 'to_ms'),
            numbers(histogram, 'count'),
          );
    const at = values.map((v) => v[r]);
    drawRidge(ctx, { bins, marks: at, y, rise: Math.min(54, step * 0.72) }, position, [left, right], theme);
    labels.push({
      x: left - 12,
      y: y - 3,
      text: stages[r],
      anchor: 'end',
      tone: stages[r] === 'tick' ? 'fg' : 'muted',
      strong: stages[r] === 'tick',
    });
    percentiles.forEach((p, i) => {
      const px = position(at[i]);
      if (Number.isFinite(px))
        marks.push({
          key: `${stages[r]} ${p.text}`,
          ...{ x: px, y, rx: 5, ry: 5, series: r },
          tip: () => ({
            head: `${stages[r]}: ${p.text}`,
            rows: [
              ...percentiles.map((other, k) => [other.text, millis(values[k][r])] as const),
              ['longest', millis(longest[r])],
              ['measured', `${count(counts[r])} times`],
            ],
          }),
        });
    });
  }

  const [budgetX, tickX] = [position(limits.budget), position(limits.tick)];
  const tickText = `tick ${plain(limits.tick)} ms`;
  const half = textWidth(ctx, theme, tickText) / 2;
  const rules: Rule[] = [
    { x1: budgetX, y1: 12, x2: budgetX, y2: bottom, tone: 'reversed', dash: [3, 3] },
    { x1: tickX, y1: 12, x2: tickX, y2: bottom, tone: 'muted', dash: [3, 3] },
  ];
  // The tick's text is above its line, and the budget's left of its own, in front of the other.
  const tickAt = Math.min(width - half, Math.max(tickX, budgetX + half + 6));
  const budgetEnd = Math.min(budgetX - 4, tickAt - half - 6);
  labels.push(
    { x: budgetEnd, y: 6, text: `budget ${plain(limits.budget)} ms`, anchor: 'end', tone: 'reversed' },
    { x: tickAt, y: 6, text: tickText, anchor: 'middle', tone: 'muted' },
  );

  return sceneOf(
    {
      caption,
      axes: [
        bottomAxis(position, logTicks(domain, right - left), plain, bottom, 14, [
          'ms',
          left - 20,
          bottom + 11,
          'end',
        ]),
      ],
      rules,
      labels,
      legend: percentileLegend(theme, table, counts, 'ticks'),
      minHeight,
    },
    marks,
  );
};

/** Budget and tick length in ms: the facts `budget_ms` and `tick_ms`, by default 100 and 500. */
export function limitsOf(table: Table): { budget: number; tick: number } {
  const fact = (name: string, otherwise: number) => {
    const value = table.facts[name];
    return typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : otherwise;
  };
  return { budget: fact('budget_ms', 100), tick: fact('tick_ms', 500) };
}

/** From a 1-2-5 step below the smallest time to one above the largest, at least the tick length. */
export function timeDomain(values: readonly Float64Array[], tick: number): [number, number] {
  const positive = values.map((v) => v.filter((x) => x > 0));
  const [low, high] = extent(...positive) ?? [1, tick];
  return [stepDown(Math.max(1e-3, Math.min(low / 2.5, 30))), Math.max(tick * 1.25, stepUp(high * 1.05))];
}

/** The adapter and the clock of the measurement. */
export function latencyCaption(table: Table): string {
  const stages = texts(table, 'stage');
  const clocks = texts(table, 'clock');
  const groups = new Map<string, string[]>();
  for (let r = 0; r < table.rows; r++) {
    if (clocks[r] === '') continue;
    groups.set(clocks[r], [...(groups.get(clocks[r]) ?? []), stages[r]]);
  }
  const parts = [...groups].map(([name, of]) =>
    groups.size === 1 ? `${name} clock` : `${of.join(', ')}: ${name} clock`,
  );
  const adapter = table.facts['adapter'];
  const on = typeof adapter === 'string' && adapter !== '' ? [`on ${adapter}`] : [];
  return `Real time ${[...on, ...parts].join('; ')}`;
}
