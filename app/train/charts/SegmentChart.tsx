import { scaleLinear } from 'd3';
import type { Table } from '../../../src/base/table.ts';
import { segments } from '../state/segments.ts';
import { Axes, Figure } from './Figure.tsx';
import { Mark, SeriesLegend, useLooks } from './series.tsx';

interface Value {
  readonly estimate: number;
  readonly low?: number;
  readonly high?: number;
}

export interface SegmentSeries {
  readonly name: string;
  /** Which look it has, where the same model stands in another chart too. */
  readonly look?: number;
  /** By segment, in their order; undefined where there are no such chats. */
  readonly values: readonly ({ readonly auroc: Value; readonly mse: Value } | undefined)[];
}

interface Props {
  readonly title: string;
  readonly metric: 'auroc' | 'mse';
  readonly series: readonly SegmentSeries[];
  readonly name: string;
}

const HEIGHT = 280;
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 8, 22, 26];

/** A mark per model and segment, with its interval. */
export function SegmentChart({ title, metric, series, name }: Props) {
  const looks = useLooks();
  const looksOf = series.map((s, k) => s.look ?? k);
  const look = (k: number) => looks(looksOf[k]);
  const all = series.flatMap((s) => s.values.flatMap((v) => (v === undefined ? [] : [v[metric]])));
  const low = Math.min(...all.map((v) => v.low ?? v.estimate).filter(Number.isFinite));
  const high = Math.max(...all.map((v) => v.high ?? v.estimate).filter(Number.isFinite));
  const what = metric === 'auroc' ? 'AUROC (higher is better)' : 'squared error of ln s (lower is better)';
  return (
    <Figure
      title={title}
      caption={metric === 'auroc' ? '"The chat is long", by segment.' : 'Of log duration, by segment.'}
      label={`${what}. ${series.map((s) => `${s.name}: ${segments.flatMap((g, k) => (s.values[k] === undefined ? [] : [`${g} ${s.values[k][metric].estimate.toFixed(3)}`])).join(', ')}`).join('; ')}.`}
      table={segmentTable(name, series)}
      height={HEIGHT}
      legend={<SeriesLegend names={series.map((s) => s.name)} looks={looksOf} />}
    >
      {(width) => {
        const y = scaleLinear([low, high], [HEIGHT - BOTTOM, TOP]).nice(5);
        const band = (width - LEFT - RIGHT) / segments.length;
        const place = (segment: number, k: number) =>
          LEFT +
          band * (segment + 0.5) +
          (k - (series.length - 1) / 2) * Math.min(18, (0.8 * band) / series.length);
        return (
          <>
            <Axes
              left={LEFT}
              right={width - RIGHT}
              top={TOP}
              bottom={HEIGHT - BOTTOM}
              x={segments.map((text, k) => ({ at: LEFT + band * (k + 0.5), text }))}
              y={y.ticks(5).map((t) => ({ at: y(t), text: t.toFixed(2) }))}
              yTitle={what}
            />
            {series.map((s, k) =>
              s.values.map((v, segment) => {
                const value = v?.[metric];
                if (value === undefined || !Number.isFinite(value.estimate)) return null;
                const x = place(segment, k);
                return (
                  <g key={`${s.name}-${segments[segment]}`}>
                    {value.low !== undefined && value.high !== undefined && (
                      <line
                        x1={x}
                        x2={x}
                        y1={y(value.low)}
                        y2={y(value.high)}
                        stroke={look(k).color}
                        strokeWidth="1.6"
                      />
                    )}
                    <Mark look={look(k)} x={x} y={y(value.estimate)} />
                  </g>
                );
              }),
            )}
          </>
        );
      }}
    </Figure>
  );
}

function segmentTable(name: string, series: readonly SegmentSeries[]): Table {
  const rows = series.flatMap((s) =>
    s.values.map((value, k) => ({ model: s.name, segment: segments[k], value })),
  );
  const column = (label: string, unit: string, read: (row: (typeof rows)[number]) => number | undefined) => ({
    name: label.replaceAll(' ', '_'),
    label,
    unit,
    values: Float64Array.from(rows, (row) => read(row) ?? NaN),
  });
  return {
    name,
    title: 'AUROC and squared error by model and segment',
    rows: rows.length,
    columns: [
      { name: 'model', label: 'Model', unit: '', values: rows.map((r) => r.model) },
      { name: 'segment', label: 'Segment', unit: '', values: rows.map((r) => r.segment) },
      column('auroc', '1', (r) => r.value?.auroc.estimate),
      column('auroc low', '1', (r) => r.value?.auroc.low),
      column('auroc high', '1', (r) => r.value?.auroc.high),
      column('mse', 'ln(s)^2', (r) => r.value?.mse.estimate),
      column('mse low', 'ln(s)^2', (r) => r.value?.mse.low),
      column('mse high', 'ln(s)^2', (r) => r.value?.mse.high),
    ],
    facts: {},
  };
}
