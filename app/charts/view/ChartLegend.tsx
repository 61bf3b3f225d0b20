import type { LegendEntry } from '../layout.ts';
import { shapePaths, type Shape } from '../palette.ts';

/** The legend. Each entry shows its shape or dash beside its colour. */
export function ChartLegend({ entries }: { readonly entries: readonly LegendEntry[] }) {
  if (entries.length === 0) return null;
  return (
    <ul className="chart-legend" aria-label="Legend">
      {entries.map((entry) => (
        <li key={`${entry.kind} ${entry.text}`}>
          {entry.kind === 'ramp' ? (
            <>
              <span>{entry.low}</span>
              <i
                className="chart-ramp"
                style={{ background: `linear-gradient(90deg, ${entry.colors.join(', ')})` }}
              />
              <span>
                {entry.high} {entry.text}
              </span>
            </>
          ) : (
            <>
              <Swatch entry={entry} />
              <span>{entry.text}</span>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function Swatch({ entry }: { readonly entry: Exclude<LegendEntry, { kind: 'ramp' }> }) {
  if (entry.kind === 'mark')
    return (
      <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
        <ShapePath shape={entry.shape} r={4.2} color={entry.color} hollow={entry.hollow === true} />
      </svg>
    );
  if (entry.kind === 'line')
    return (
      <svg width="22" height="12" viewBox="0 -6 22 12" aria-hidden="true">
        <line
          x1="0"
          x2="22"
          y1="0"
          y2="0"
          stroke={entry.color}
          strokeWidth="1.6"
          strokeDasharray={entry.dash.join(' ')}
        />
        {entry.shape !== undefined && (
          <g transform="translate(11 0)">
            <ShapePath shape={entry.shape} r={3.6} color={entry.color} hollow={false} />
          </g>
        )}
      </svg>
    );
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      {entry.hatched === true ? (
        <path d="M0,6L6,0M0,12L12,0M6,12L12,6" stroke={entry.color} fill="none" />
      ) : (
        <rect width="12" height="12" rx="2" fill={entry.color} />
      )}
    </svg>
  );
}

function ShapePath({ shape, r, color, hollow }: { shape: Shape; r: number; color: string; hollow: boolean }) {
  return (
    <path
      d={shapePaths[shape]}
      transform={`scale(${r})`}
      fillRule="evenodd"
      {...(hollow ? { fill: 'none', stroke: color, strokeWidth: 1.6 / r } : { fill: color })}
    />
  );
}
