import type { Report } from './main.ts';
import { figure } from './print.ts';
import { stages } from './ticks.ts';

const WIDTH = 860;
const LEFT = 210;
const RIGHT = 90;
const ROW = 26;
const hues = ['#7f8ea3', '#4c9be8', '#2fb38a', '#e0a13a', '#b07cc6', '#8a8f98'];
/** Marks that tell neighbours apart without colour. */
const signs = ['u', 'e', 's', 'm', 'r', '+'];

/** Where a tick goes, by backend and size, as an SVG that reads on light and dark grounds. Bars are shares of the tick; its length is beside it. */
export function chart({ machine, ticks, scoring }: Report): string {
  const parts: string[] = [];
  const text = (x: number, y: number, content: string, more = '') =>
    parts.push(`<text x="${x}" y="${y}" ${more}>${escape(content)}</text>`);
  let y = 30;
  text(20, y, 'Where does a tick go?', 'class="title"');
  y += 20;
  text(20, y, `share of each stage; medians on ${machine.cpu}, ${machine.threads} threads`, 'opacity=".75"');
  y += 14;
  for (const row of ticks) {
    text(20, y + 17, `${row.backend.split(' ')[0].toUpperCase()}, ${figure(row.waiting)} waiting`);
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
    text(WIDTH - RIGHT + 8, y + 15, `${figure(row.tickMs)} ms`);
    y += ROW;
  }
  let x = LEFT;
  stages.forEach((stage, k) => {
    parts.push(`<rect x="${x}" y="${y + 4}" width="10" height="10" fill="${hues[k]}"/>`);
    text(x + 14, y + 13, `${signs[k]} ${stage}`, 'class="key"');
    x += 92;
  });
  y += 44;
  if (scoring.length > 0) {
    text(20, y, 'How fast is every pair scored?', 'class="title"');
    y += 20;
    text(
      20,
      y,
      `GFLOP/s of the fused scan (dots, filters, 16 best) on ${machine.adapter}; share of the measured peak`,
      'opacity=".75"',
    );
    y += 14;
    const most = Math.max(...scoring.map((row) => row.gflops));
    for (const row of scoring) {
      text(20, y + 17, `${figure(row.n)} people, d = ${row.dim}`);
      const width = ((WIDTH - LEFT - 250) * row.gflops) / most;
      parts.push(
        `<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 6}" fill="${hues[2]}"/>`,
      );
      text(
        LEFT + width + 8,
        y + 15,
        `${figure(row.gflops)} GFLOP/s, ${Math.round(100 * row.shareOfFloor)} %, ${figure(row.ms)} ms`,
      );
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

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
