import type { Axis, Layout, Theme } from '../layout.ts';

/** Axes, rules and texts below the marks. Screen readers get the marks and the table instead. */
export function Layers({ layout, theme }: { readonly layout: Layout; readonly theme: Theme }) {
  return (
    <svg className="chart-layers" aria-hidden="true">
      {layout.axes.map((axis, i) => (
        <AxisLayer key={i} axis={axis} theme={theme} />
      ))}
      {layout.rules.map((r, i) => (
        <line
          key={i}
          x1={r.x1}
          y1={r.y1}
          x2={r.x2}
          y2={r.y2}
          className="chart-line"
          stroke={theme[r.tone]}
          strokeDasharray={r.dash.join(' ')}
        />
      ))}
      {layout.labels.map((l, i) => (
        <text
          key={i}
          x={l.x}
          y={l.y}
          dy=".35em"
          textAnchor={l.anchor}
          fill={l.color ?? theme[l.tone]}
          className={l.strong === true ? 'chart-strong' : undefined}
        >
          {l.text}
        </text>
      ))}
    </svg>
  );
}

function AxisLayer({ axis, theme }: { readonly axis: Axis; readonly theme: Theme }) {
  const [from, to] = axis.grid;
  const across = axis.along === 'x';
  return (
    <g className="chart-axis">
      {axis.ticks.map(({ at, text }) => (
        <g key={`${at} ${text}`}>
          {from !== to && (
            <line
              className="chart-line"
              stroke={theme.rule}
              {...(across ? { x1: at, x2: at, y1: from, y2: to } : { y1: at, y2: at, x1: from, x2: to })}
            />
          )}
          {across ? (
            <text x={at} y={axis.at + 11} dy=".35em" textAnchor="middle" fill={theme.muted}>
              {text}
            </text>
          ) : (
            <text x={axis.at} y={at} dy=".35em" textAnchor="end" fill={theme.muted}>
              {text}
            </text>
          )}
        </g>
      ))}
      {axis.title !== '' && (
        <text
          x={axis.titleAt[0]}
          y={axis.titleAt[1]}
          dy=".35em"
          textAnchor={axis.titleAt[2]}
          fill={theme.muted}
        >
          {axis.title}
        </text>
      )}
    </g>
  );
}
