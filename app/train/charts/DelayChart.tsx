import { scaleLinear } from 'd3';
import type { Table } from '../../../src/base/table.ts';
import type { JudgedModel } from '../../../src/model/study/compare-models.ts';
import { publishedDelays, publishedRow } from '../state/published.ts';
import { segments } from '../state/segments.ts';
import { Axes, Figure } from './Figure.tsx';
import { Mark, SeriesLegend, useLooks } from './series.tsx';

/** AUROC by segment at a delay; NaN where there are no such chats. */
export interface DelayRow {
  readonly delay: number;
  readonly auroc: readonly number[];
  readonly mse: readonly number[];
}

export function delaysOf({ delays = [] }: JudgedModel): DelayRow[] {
  return delays.map(({ delay, figures }) => {
    const of = (metric: 'auroc' | 'mse') =>
      segments.map((segment) => figures.find((f) => f.segment === segment)?.[metric].estimate ?? NaN);
    return { delay, auroc: of('auroc'), mse: of('mse') };
  });
}

export const publishedDelayRows: readonly DelayRow[] = publishedDelays.map((delay) => {
  const { mse, auroc } = publishedRow('cupid', delay);
  return { delay, mse: segments.map((s) => mse[s]), auroc: segments.map((s) => auroc[s]) };
});

interface Props {
  readonly title: string;
  readonly rows: readonly DelayRow[];
  /** AUROC of Wide&Deep on all chats. */
  readonly base: number | undefined;
  readonly name: string;
}

const HEIGHT = 260;
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 14, 22, 38];

/** AUROC by delay, a line per segment; Wide&Deep as a rule. */
export function DelayChart({ title, rows, base, name }: Props) {
  const look = useLooks();
  const values = [...rows.flatMap((r) => r.auroc), base ?? NaN].filter(Number.isFinite);
  return (
    <Figure
      title={title}
      caption="AUROC by how late the session vectors are, by segment. Delays are evenly spaced, not to scale."
      label={`AUROC on all chats: ${rows.map((r) => `${r.delay} s late ${r.auroc[0].toFixed(4)}`).join(', ')}.`}
      table={delayTable(name, rows)}
      height={HEIGHT}
      legend={<SeriesLegend names={segments} lines />}
    >
      {(width) => {
        const x = scaleLinear([0, Math.max(1, rows.length - 1)], [LEFT + 14, width - RIGHT - 14]);
        const y = scaleLinear([Math.min(...values), Math.max(...values)], [HEIGHT - BOTTOM, TOP]).nice(5);
        return (
          <>
            <Axes
              left={LEFT}
              right={width - RIGHT}
              top={TOP}
              bottom={HEIGHT - BOTTOM}
              x={rows.map((r, k) => ({ at: x(k), text: `${r.delay} s` }))}
              y={y.ticks(5).map((t) => ({ at: y(t), text: t.toFixed(2) }))}
              xTitle="late by"
              yTitle="AUROC"
            />
            {base !== undefined && (
              <g className="seam">
                <line x1={LEFT} x2={width - RIGHT} y1={y(base)} y2={y(base)} />
                <text x={width - RIGHT} y={y(base) - 5} textAnchor="end">
                  Wide&amp;Deep, entire
                </text>
              </g>
            )}
            {segments.map((segment, s) => {
              const points = rows.flatMap((r, k) =>
                Number.isFinite(r.auroc[s]) ? [[x(k), y(r.auroc[s])]] : [],
              );
              return (
                <g key={segment}>
                  <path
                    d={points.map(([px, py], k) => `${k === 0 ? 'M' : 'L'}${px},${py}`).join('')}
                    fill="none"
                    stroke={look(s).color}
                    strokeWidth="1.6"
                    strokeDasharray={look(s).dash}
                  />
                  {points.map(([px, py]) => (
                    <Mark key={px} look={look(s)} x={px} y={py} size={3.8} />
                  ))}
                </g>
              );
            })}
          </>
        );
      }}
    </Figure>
  );
}

function delayTable(name: string, rows: readonly DelayRow[]): Table {
  return {
    name,
    title: 'AUROC and squared error by delay of the session vectors',
    rows: rows.length,
    columns: [
      { name: 'delay', label: 'Delay', unit: 's', values: Float64Array.from(rows, (r) => r.delay) },
      ...segments.flatMap((segment, s) => [
        {
          name: `auroc_${segment.replace('-', '_')}`,
          label: `AUROC ${segment}`,
          unit: '1',
          values: Float64Array.from(rows, (r) => r.auroc[s]),
        },
        {
          name: `mse_${segment.replace('-', '_')}`,
          label: `Squared error ${segment}`,
          unit: 'ln(s)^2',
          values: Float64Array.from(rows, (r) => r.mse[s]),
        },
      ]),
    ],
    facts: {},
  };
}
