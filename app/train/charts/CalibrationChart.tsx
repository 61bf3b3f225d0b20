import { scaleLinear } from 'd3';
import type { Table } from '../../../src/base/table.ts';
import type { JudgedModel } from '../../../src/model/study/compare-models.ts';
import { nameText } from '../state/knobs.ts';
import { Axes, Figure } from './Figure.tsx';
import { Mark, SeriesLegend, useLooks } from './series.tsx';

const HEIGHT = 260;
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 10, 22, 38];
const seconds = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/** Deciles of prediction against what came of them; on the diagonal a model means what it says. */
export function CalibrationChart({ judged }: { readonly judged: readonly JudgedModel[] }) {
  const look = useLooks();
  const bins = judged.flatMap((j) => j.bins);
  const values = bins.flatMap((b) => [b.predicted, b.real]);
  const range: [number, number] = [Math.min(...values) - 0.1, Math.max(...values) + 0.1];
  return (
    <Figure
      title="Calibration"
      caption="Deciles of prediction: typical (geometric mean) length predicted and real, with 95 % intervals. On the diagonal a model means what it says."
      label={judged
        .map(
          ({ model, bins: own }) =>
            `${nameText(model)}: ${own.map((b) => `${Math.exp(b.predicted).toFixed(0)} s predicted, ${Math.exp(b.real).toFixed(0)} s real`).join('; ')}`,
        )
        .join('. ')}
      table={calibrationTable(judged)}
      height={HEIGHT}
      legend={<SeriesLegend names={judged.map((j) => nameText(j.model))} />}
    >
      {(width) => {
        const x = scaleLinear(range, [LEFT, width - RIGHT]);
        const y = scaleLinear(range, [HEIGHT - BOTTOM, TOP]);
        const shown = seconds.filter((s) => Math.log(s) >= range[0] && Math.log(s) <= range[1]);
        return (
          <>
            <Axes
              left={LEFT}
              right={width - RIGHT}
              top={TOP}
              bottom={HEIGHT - BOTTOM}
              x={shown.map((s) => ({ at: x(Math.log(s)), text: `${s}` }))}
              y={shown.map((s) => ({ at: y(Math.log(s)), text: `${s}` }))}
              xTitle="predicted, s (logarithmic)"
              yTitle="real, s (logarithmic)"
            />
            <g className="seam">
              <line x1={x(range[0])} y1={y(range[0])} x2={x(range[1])} y2={y(range[1])} />
            </g>
            {judged.map(({ model, bins: own }, k) => (
              <g key={model}>
                {own.map((b) => (
                  <g key={b.predicted}>
                    {Number.isFinite(b.low) && (
                      <line
                        x1={x(b.predicted)}
                        x2={x(b.predicted)}
                        y1={Math.min(HEIGHT - BOTTOM, y(b.low))}
                        y2={Math.max(TOP, y(b.high))}
                        stroke={look(k).color}
                        strokeWidth="1.4"
                      />
                    )}
                    <Mark look={look(k)} x={x(b.predicted)} y={y(b.real)} size={3.8} />
                  </g>
                ))}
              </g>
            ))}
          </>
        );
      }}
    </Figure>
  );
}

function calibrationTable(judged: readonly JudgedModel[]): Table {
  const rows = judged.flatMap(({ model, bins }) => bins.map((bin) => ({ label: nameText(model), bin })));
  const column = (name: string, label: string, read: (bin: (typeof rows)[number]['bin']) => number) => ({
    name,
    label,
    unit: 's',
    values: Float64Array.from(rows, (r) => Math.exp(read(r.bin))),
  });
  return {
    name: 'calibration-models',
    title: 'Predicted and real length by decile of prediction',
    rows: rows.length,
    columns: [
      { name: 'model', label: 'Model', unit: '', values: rows.map((r) => r.label) },
      column('predicted', 'Predicted', (b) => b.predicted),
      column('real', 'Real', (b) => b.real),
      column('low', 'Low', (b) => b.low),
      column('high', 'High', (b) => b.high),
      { name: 'chats', label: 'Chats', unit: 'chats', values: Float64Array.from(rows, (r) => r.bin.count) },
    ],
    facts: {},
  };
}
