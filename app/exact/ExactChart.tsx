import { percent } from '../state/format.ts';
import { trueGapText } from './ExactTable.tsx';
import type { JudgedRow } from './table.ts';
import { methodName } from './table.ts';

/**
 * Per method: a dot at its total, a line up to its certified bound, in percent of the optimum, and
 * its true gap. The table has the same numbers, so a screen reader sees one image.
 */
export function ExactChart({ rows }: { readonly rows: readonly JudgedRow[] }) {
  const { from, to, step } = range(rows);
  const x = (share: number) => `${(((share - from) / (to - from)) * 100).toFixed(3)}%`;
  const ticks = Array.from({ length: Math.round((to - from) / step) + 1 }, (_, k) => from + k * step);
  const label = rows.map((r) => `${methodName[r.method]} ${percent(r.share)}`).join(', ');
  return (
    <div className="exact-chart" role="img" aria-label={`Share of the optimum: ${label}.`}>
      {rows.map((row) => (
        <div className="exact-lane" key={row.method}>
          <span>{methodName[row.method]}</span>
          <svg width="100%" height="22" overflow="visible" data-exact={row.method === 'exact' || undefined}>
            <line className="exact-rule" x1="0" x2="100%" y1="11" y2="11" />
            <line className="exact-optimum" x1={x(1)} x2={x(1)} y1="0" y2="22" />
            <line className="exact-reach" x1={x(row.share)} x2={x(row.bound)} y1="11" y2="11" />
            <line className="exact-bound" x1={x(row.bound)} x2={x(row.bound)} y1="6" y2="16" />
            <circle cx={x(row.share)} cy="11" r="5" />
          </svg>
          <span className="exact-gap">
            {row.method === 'exact' ? 'optimum' : `gap ${trueGapText(row.trueGap)}`}
          </span>
        </div>
      ))}
      <div className="exact-lane">
        <span />
        <svg width="100%" height="18" overflow="visible">
          {ticks.map((at) => (
            <text
              key={at}
              x={x(at)}
              y="13"
              textAnchor="middle"
              data-minor={Math.round((1 - at) / step) % 2 !== 0 || undefined}
            >
              {`${Number((at * 100).toFixed(1))}%`}
            </text>
          ))}
        </svg>
        <span />
      </div>
    </div>
  );
}

/**
 * An axis of about five round percentages that contains all dots and bounds. Bounds beyond twice
 * the optimum are cut off.
 */
function range(rows: readonly JudgedRow[]): { from: number; to: number; step: number } {
  const min = Math.max(0, Math.min(1, ...rows.map((r) => r.share)));
  const max = Math.min(2, Math.max(1, ...rows.map((r) => r.bound)));
  const rough = Math.max(max - min, 0.001) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough;
  const first = Math.floor(min / step + 1e-9);
  const last = Math.max(Math.ceil(max / step - 1e-9), first + 1);
  return { from: first * step, to: last * step, step };
}
