import { scaleBand, scaleLinear } from 'd3';
import { numbers, texts, type Table } from '../../../../src/base/table.ts';
import { faded, hatch } from '../canvas.ts';
import { count } from '../../../state/format.ts';
import { figure, priceText } from '../../format.ts';
import { emptyScene, sceneOf, type Label, type LegendEntry, type Mark, type Painter } from '../../layout.ts';
import { countryName, unitOf } from '../../names.ts';
import { ramp } from '../../palette.ts';
import { extent, textWidth, widest, withBeside } from '../../scales.ts';

/** Pressure from which on all cells look alike. */
const TOP = 10;
/** The same shade for the same pressure at every tick; half of the range is below 0.8. */
const shade = (pressure: number) => Math.min(1, (pressure / (1 + pressure)) * (1 + 1 / TOP));

/** Names of rows that are closer than this would touch: then every other row has one. */
const ROW = 12;

const caption = 'Demand per person who waits (row asks for column)';

/** Heat map of pressure by country, and the mean dual price of each country beside its row. */
export const demandMatrix: Painter = (ctx, tables, { width, height }, theme) => {
  const pressure = tables.get('pressure');
  if (pressure === undefined || pressure.rows === 0)
    return emptyScene(caption, 'Nobody waits yet. The first people are on their way.');
  const from = texts(pressure, 'from');
  const to = texts(pressure, 'to');
  const value = numbers(pressure, 'pressure');
  const demand = numbers(pressure, 'demand');
  const supply = numbers(pressure, 'supply');
  const codes = [...new Set([...from, ...to])];

  const { prices, unit } = pricesByCountry(tables.get('segment-price'));
  const hasPrices = codes.some((code) => Number.isFinite(prices.get(code)));
  const priceTexts = codes.map((code) => priceText(prices.get(code) ?? NaN, unit));
  const priceRoom = Math.ceil(widest(ctx, theme, priceTexts)) + 8;
  const priceTitle = 'price of one more';
  const priceWidth = hasPrices
    ? Math.max(textWidth(ctx, theme, priceTitle) + 2, priceRoom + Math.min(160, width * 0.12))
    : 0;
  const left = Math.ceil(widest(ctx, theme, codes)) + 10;
  const right = width - (hasPrices ? priceWidth + 14 : 0);
  const minHeight = 17 + codes.length * 10.5;
  const bottom = Math.max(height, minHeight) - 2;
  const x = scaleBand(codes, [left, right]).paddingInner(0.06);
  const y = scaleBand(codes, [17, bottom]).paddingInner(0.08);

  const marks: Mark[] = [];
  for (let r = 0; r < pressure.rows; r++) {
    const cx = x(to[r]) ?? 0;
    const cy = y(from[r]) ?? 0;
    const [w, h] = [x.bandwidth(), y.bandwidth()];
    ctx.beginPath();
    ctx.roundRect(cx, cy, w, h, Math.min(2.5, h / 4));
    if (Number.isFinite(value[r])) {
      ctx.fillStyle = ramp(theme.dark, shade(value[r]));
      ctx.fill();
    } else {
      hatch(ctx, cx, cy, w, h, theme.rule);
    }
    marks.push({
      key: `${from[r]}>${to[r]}`,
      x: cx + w / 2,
      y: cy + h / 2,
      rx: w / 2,
      ry: h / 2,
      series: codes.indexOf(from[r]),
      tip: () => ({
        head: `${countryName(from[r])} \u2192 ${countryName(to[r])}`,
        rows: [
          ['pressure', figure(value[r])],
          ['demand', count(demand[r])],
          ['supply', count(supply[r])],
        ],
      }),
    });
  }

  const labels: Label[] = [];
  const isNamed = (row: number) => y.step() >= ROW || row % 2 === 0;
  for (const [i, code] of codes.entries()) {
    const row = (y(code) ?? 0) + y.bandwidth() / 2;
    if (isNamed(i)) labels.push({ x: left - 7, y: row, text: code, anchor: 'end', tone: 'muted' });
    labels.push({ x: (x(code) ?? 0) + x.bandwidth() / 2, y: 8, text: code, anchor: 'middle', tone: 'muted' });
  }
  if (hasPrices) {
    const start = width - priceWidth;
    const both = withBeside(tables, 'segment-price')
      .map(pricesByCountry)
      .filter((other) => other.unit === unit)
      .map((other) => [...other.prices.values()]);
    const longest = Math.max(extent(...both)?.[1] ?? 1, 1e-6);
    const bar = scaleLinear([0, longest], [0, priceWidth - priceRoom]).clamp(true);
    const thick = Math.min(7, y.bandwidth() * 0.45);
    labels.push({ x: start, y: 8, text: priceTitle, anchor: 'start', tone: 'muted' });
    codes.forEach((code, i) => {
      const price = prices.get(code) ?? NaN;
      const row = (y(code) ?? 0) + y.bandwidth() / 2;
      const length = Math.max(0, bar(Number.isFinite(price) ? price : 0));
      ctx.fillStyle = faded(theme.accent, 0.85);
      ctx.beginPath();
      ctx.roundRect(start, row - thick / 2, Math.max(length, 1), thick, Math.min(thick / 2, 2));
      ctx.fill();
      if (isNamed(i))
        labels.push({ x: start + length + 6, y: row, text: priceTexts[i], anchor: 'start', tone: 'muted' });
      marks.push({
        key: `price ${code}`,
        x: start + Math.max(length, 1) / 2,
        y: row,
        rx: Math.max(length, 4) / 2,
        ry: thick / 2,
        series: codes.indexOf(code),
        tip: () => ({
          head: countryName(code),
          rows: [['mean price: what one more would add', priceTexts[i]]],
        }),
      });
    });
  }

  const legend: LegendEntry[] = [
    {
      kind: 'ramp',
      text: 'per person',
      colors: [0, 0.25, 0.5, 0.75, 1].map((t) => ramp(theme.dark, t)),
      low: '0',
      high: `${TOP} and more`,
    },
  ];
  if (!value.every(Number.isFinite))
    legend.push({ kind: 'area', text: 'nobody there', color: theme.muted, hatched: true });
  return sceneOf({ caption, labels, legend, minHeight }, marks);
};

function pricesByCountry(table: Table | undefined): { prices: Map<string, number>; unit: string } {
  const prices = new Map<string, number>();
  if (table === undefined || table.rows === 0) return { prices, unit: '' };
  const dimension = texts(table, 'dimension');
  const segment = texts(table, 'segment');
  const price = numbers(table, 'mean_price');
  for (let r = 0; r < table.rows; r++) if (dimension[r] === 'country') prices.set(segment[r], price[r]);
  return { prices, unit: unitOf(table, 'mean_price') };
}
