import { scaleLinear } from 'd3';
import type { Table } from '../../../src/base/table.ts';
import type { JudgedModel } from '../../../src/model/study/compare-models.ts';
import { nameText } from '../state/knobs.ts';
import { Axes, Figure } from './Figure.tsx';
import { Mark, SeriesLegend, useLooks } from './series.tsx';

const HEIGHT = 260;
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 10, 22, 38];
const seconds = [1, 3, 10, 30, 100, 300, 1000];

/** Real lengths as bars, predicted ones as lines. */
export function SpreadChart({ judged }: { readonly judged: readonly JudgedModel[] }) {
  const look = useLooks();
  const { edges, real } = judged[0].lengths;
  const chats = real.reduce((a, b) => a + b, 0);
  const most = Math.max(...judged.flatMap((j) => [...j.lengths.predicted]), ...real) / chats;
  return (
    <Figure
      title="Predicted against real"
      caption="Share of the later chats by length: bars are real, lines predicted. Models without the exponential transform may predict less than nothing; that counts as the shortest."
      label={`Lengths of ${chats} chats, real and as predicted by ${judged.map((j) => nameText(j.model)).join(', ')}.`}
      table={spreadTable(judged)}
      height={HEIGHT}
      legend={<SeriesLegend names={judged.map((j) => nameText(j.model))} lines />}
    >
      {(width) => {
        const x = scaleLinear([edges[0], edges[edges.length - 1]], [LEFT, width - RIGHT]);
        const y = scaleLinear([0, most], [HEIGHT - BOTTOM, TOP]).nice(4);
        return (
          <>
            <Axes
              left={LEFT}
              right={width - RIGHT}
              top={TOP}
              bottom={HEIGHT - BOTTOM}
              x={seconds.map((s) => ({ at: x(Math.log(s)), text: String(s) }))}
              y={y.ticks(4).map((t) => ({ at: y(t), text: `${Math.round(100 * t)} %` }))}
              xTitle="seconds (logarithmic)"
              yTitle="share of chats"
            />
            {Array.from(real, (count, k) => (
              <rect
                key={k}
                className="real"
                x={x(edges[k]) + 0.5}
                width={Math.max(0, x(edges[k + 1]) - x(edges[k]) - 1)}
                y={y(count / chats)}
                height={y(0) - y(count / chats)}
              />
            ))}
            {judged.map(({ model, lengths }, k) => {
              const points = Array.from(lengths.predicted, (count, i) => [
                x((edges[i] + edges[i + 1]) / 2),
                y(count / chats),
              ]);
              const peak = points.reduce((a, b) => (b[1] < a[1] ? b : a));
              return (
                <g key={model}>
                  <path
                    d={points.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${px},${py}`).join('')}
                    fill="none"
                    stroke={look(k).color}
                    strokeWidth="1.6"
                    strokeDasharray={look(k).dash}
                  />
                  <Mark look={look(k)} x={peak[0]} y={peak[1]} size={4} />
                </g>
              );
            })}
          </>
        );
      }}
    </Figure>
  );
}

function spreadTable(judged: readonly JudgedModel[]): Table {
  const { edges, real } = judged[0].lengths;
  return {
    name: 'lengths',
    title: 'Chats by length, real and predicted',
    rows: real.length,
    columns: [
      {
        name: 'from',
        label: 'From',
        unit: 's',
        values: Float64Array.from(real, (_, k) => Math.exp(edges[k])),
      },
      {
        name: 'to',
        label: 'To',
        unit: 's',
        values: Float64Array.from(real, (_, k) => Math.exp(edges[k + 1])),
      },
      { name: 'real', label: 'Real', unit: 'chats', values: Float64Array.from(real) },
      ...judged.map(({ model, lengths }, k) => ({
        name: `predicted_${k + 1}`,
        label: `Predicted by ${nameText(model)}`,
        unit: 'chats',
        values: Float64Array.from(lengths.predicted),
      })),
    ],
    facts: {},
  };
}
