import type { Report } from './main.ts';
import { figure } from './print.ts';
import { stages } from './ticks.ts';

const WIDTH = 860;
const LEFT = 224;
const RIGHT = 90;
const ROW = 26;
/** Room for what is said after a bar. */
const NOTE = 330;
const hues = ['#7f8ea3', '#4c9be8', '#2fb38a', '#e0a13a', '#b07cc6', '#8a8f98'];
/** Marks that tell neighbours apart without colour. */
const signs = ['u', 'e', 's', 'm', 'r', '+'];

/** Where a tick goes, by backend and size, as an SVG that reads on light and dark grounds. Bars are shares of the tick; its length is beside it. */
export function chart({ machine, ticks, scoring, product }: Report): string {
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
    text(20, y + 14, `${sentence(on)}, ${figure(row.waiting)} waiting`);
    let x = LEFT;
    stages.forEach((stage, k) => {
      const total = stages.reduce((sum, s) => sum + Math.max(0, row.share[s]), 0);
      const width = ((WIDTH - LEFT - RIGHT) * Math.max(0, row.share[stage])) / total;
      parts.push(
        `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 6}" fill="${hues[k]}"/>`,
      );
      if (width > 14) text(x + width / 2, y + 14, signs[k], 'class="sign"');
      x += width;
    });
    text(WIDTH - RIGHT + 8, y + 14, `${figure(row.tickMs)} ms`);
    y += ROW;
  }
  let x = LEFT;
  stages.forEach((stage, k) => {
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
      `multiply-adds per second: two dots a pair, filters, the 16 best of everybody; ${machine.adapter}`,
      'opacity=".75"',
    );
    y += 14;
    const rates = [
      {
        who: 'plain matrix product',
        rate: product.multiplyAdds,
        note: ', nothing kept',
        hue: hues[0],
      },
      ...scoring.map((row) => ({
        who: `${figure(row.n)} people`,
        rate: (row.gflops / 2) * 1e9,
        note: `, ${Math.round(100 * row.shareOfProduct)} % of the product; ${figure(row.ms)} ms in all`,
        hue: hues[2],
      })),
    ];
    const most = Math.max(...rates.map(({ rate }) => rate));
    for (const { who, rate, note, hue } of rates) {
      const width = (WIDTH - LEFT - NOTE) * (rate / most);
      text(20, y + 14, who);
      parts.push(
        `<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 6}" rx="2" fill="${hue}"/>`,
      );
      text(LEFT + width + 8, y + 14, `${figure(rate / 1e9)} G/s${note}`);
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

/** A software adapter is called one. */
function software(adapter: string): string {
  return /swiftshader|llvmpipe|warp/i.test(adapter) ? 'software ' : '';
}

function sentence(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
