import type { Product } from './product.ts';
import type { scoringPart } from './scoring.ts';
import { cellText } from './table.ts';
import { tickStages, type TickRow } from './ticks.ts';

const WIDTH = 860;
const LEFT = 224;
const RIGHT = 90;
const ROW = 26;
/** Space for the text after a bar. */
const NOTE = 330;
const hues = ['#7f8ea3', '#4c9be8', '#2fb38a', '#e0a13a', '#b07cc6', '#8a8f98'];
/** Letters that tell neighbours apart without colour. */
const signs = ['u', 'e', 's', 'm', 'r', '+'];

interface ChartInput {
  readonly machine: { readonly cpu: string; readonly threads: number; readonly adapter: string };
  readonly product: Product | null;
  readonly ticks: readonly TickRow[];
  readonly scoring: typeof scoringPart.rows;
}

/**
 * An SVG for light and dark grounds: the share of each stage in a tick, and the speed of scoring.
 */
export function benchChart({ machine, ticks, scoring, product }: ChartInput): string {
  const parts: string[] = [];
  const text = (x: number, y: number, content: string, more = '') =>
    parts.push(`<text x="${x}" y="${y}" ${more}>${escape(content)}</text>`);
  let y = 30;
  text(20, y, 'Where does a tick go?', 'class="title"');
  y += 20;
  text(
    20,
    y,
    `share of each stage, medians; ${machine.cpu}, ${machine.threads} threads; GPU: ${machine.adapter}`,
    'opacity=".75"',
  );
  y += 14;
  for (const row of ticks) {
    const on = row.backend.startsWith('gpu') ? `${software(machine.adapter)}GPU` : 'CPU';
    text(20, y + 14, `${sentence(on)}, ${cellText(row.waiting)} waiting`);
    let x = LEFT;
    tickStages.forEach((stage, k) => {
      const total = tickStages.reduce((sum, s) => sum + Math.max(0, row.share[s]), 0);
      const width = ((WIDTH - LEFT - RIGHT) * Math.max(0, row.share[stage])) / total;
      parts.push(
        `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 6}" fill="${hues[k]}"/>`,
      );
      if (width > 14) text(x + width / 2, y + 14, signs[k], 'class="sign"');
      x += width;
    });
    text(WIDTH - RIGHT + 8, y + 14, `${cellText(row.tickMs)} ms`);
    y += ROW;
  }
  let x = LEFT;
  tickStages.forEach((stage, k) => {
    parts.push(`<rect x="${x}" y="${y + 4}" width="10" height="10" fill="${hues[k]}"/>`);
    text(x + 14, y + 13, `${signs[k]} ${stage}`, 'class="key"');
    x += 92;
  });
  y += 52;
  if (scoring.length > 0 && product !== null) {
    text(20, y, 'How fast is every pair scored?', 'class="title"');
    y += 20;
    text(
      20,
      y,
      `multiply-adds per second: two dot products per pair, filters, the 16 best candidates of everybody; ${machine.adapter}`,
      'opacity=".75"',
    );
    y += 14;
    const rates = [
      {
        label: 'plain matrix product',
        rate: product.multiplyAdds,
        note: ', results only stored',
        hue: hues[0],
      },
      ...scoring.map((row) => ({
        label: `${cellText(row.n)} people`,
        rate: (row.gflops / 2) * 1e9,
        note: `, ${Math.round(100 * row.shareOfProduct)} % of the product; ${cellText(row.ms)} ms`,
        hue: hues[2],
      })),
    ];
    const max = Math.max(...rates.map(({ rate }) => rate));
    for (const { label, rate, note, hue } of rates) {
      const width = (WIDTH - LEFT - NOTE) * (rate / max);
      text(20, y + 14, label);
      parts.push(
        `<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 6}" rx="2" fill="${hue}"/>`,
      );
      text(LEFT + width + 8, y + 14, `${cellText(rate / 1e9)} G/s${note}`);
      y += ROW;
    }
  }
  y += 12;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-label="Time of a tick by stage, and speed of scoring">
<style>text{font:13px system-ui,sans-serif;fill:#30363d}.title{font-size:17px;font-weight:600}.key{font-size:11px}@media(prefers-color-scheme:dark){text{fill:#d7dde5}}.sign{fill:#10151c;font-weight:600;text-anchor:middle}</style>
${parts.join('\n')}
</svg>
`;
}

/** Prefix that marks a software adapter. */
function software(adapter: string): string {
  return /swiftshader|llvmpipe|warp/i.test(adapter) ? 'software ' : '';
}

function sentence(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
